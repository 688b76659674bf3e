"""Records ranked by a question in people's own words.

Every thing that is asked for has a weight: how seldom its words are. A record is as good as the
part of that weight that its title answers, with something for words that follow each other as they
were asked, for a title that says little else, and for the record's own standing. Below a part there
is nothing: it is better to say so than to show what was not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import nlargest

from sen.kernel.search.data import Ranked, Ranking
from sen.kernel.search.rules import reading, syllables
from sen.kernel.search.rules.asked import (
    PHRASE,
    Asked,
    Question,
    Term,
    Way,
    heard_part,
    nearness,
    part_of,
    term_places,
)
from sen.kernel.search.rules.reading import Concept, Word
from sen.kernel.search.rules.said import Echo
from sen.kernel.search.rules.shelf import BESIDE, Shelf

ENOUGH = 0.8
"""The part of a question that a record must answer where single words are all that fits."""
ENOUGH_IN_A_ROW = 0.55
"""The same where telling words follow each other in the title as they were asked."""
ENOUGH_EXPLAINED = 0.38
"""The same where a line of the dictionary leads to the record."""
ENOUGH_NAMED = {1: 0.3, 2: 0.22, 3: 0.1}
"""The same where a line of the dictionary names the record, by how many words its phrase has."""
_TELLING = 5.0
"""The weight of neighbours that tell enough."""
ENOUGH_SAID = 0.3
"""The part of a question times the part of a phrase where one as people say it leads there."""
ENOUGH_EVIDENCE = 1.75
"""What speaks for a record at least, whatever leads there; see `Index.ask`.

That is the part of all that is said which the record answers, once more the part that its title or
the dictionary answers, something for a phrase as people say it, and the more the longer a question
is: whoever tells much tells much beside the matter, while two words must both be meant. A phrase
as people say it, said whole and alone, is twice itself.
"""
_ELSEWHERE = 16.0
"""The weight of words that say that something else is meant; only what says more outweighs it."""
_KEYED = 7.0
"""The weight of a line of the dictionary that names its records."""
_UNKNOWN = 4.0
"""The weight of a word that no record has."""
_LIKELY = 0.5
_HEAVIEST = 11.0
"""The most that one line of the dictionary weighs."""
_CLOSER_LOOK = 70
_COVER, _ROW, _TITLE = 0.62, 0.14, 0.18
_NAMED = 0.06
"""What speaks for a record that the dictionary names."""
_WHOLE = 0.9
"""What a phrase said whole is worth beside a title said whole."""
_NARROWER = 0.04
"""What a title loses for a narrowing that was not asked for."""
_KEY = re.compile(r"(?<![0-9.,])(?:[0-9][.,][0-9]{3,}|[0-9]{7})(?![0-9])")
_SPACED_KEY = re.compile(r"(?<![0-9])[0-9](?:[\s.,·_-]*[0-9]){6}(?![0-9])")
"""A whole key as it is typed or copied: with blanks, with dots where there are none."""
_HEARD = 0.8
"""How near two words are that stand in one phrase as people say it."""
_WORTH = 0.6
"""A record is shown while its score is at least this part of the best one's; the first always."""
_ALWAYS = 3


class Index(Shelf):
    """Records ranked by questions; made as `Shelf` says, once an edition, never changed."""

    def ask(
        self,
        question: str,
        *,
        limit: int = 20,
        only: frozenset[str] | None = None,
        evidence: float = ENOUGH_EVIDENCE,
        is_typing: bool = False,
        is_exact: bool = False,
    ) -> Ranking:
        """Return the records that fit a question, the best first.

        only: keys of the records that are looked at; all where it is None. evidence: what must
        speak for a record; less where records say few words and what is asked has an answer anyway.
        is_typing: the last word may be begun only. is_exact: words are taken as they were typed.
        """
        named = self._named(question)
        if named:
            return Ranking(found=tuple(named[:limit]))
        if is_exact:
            words = reading.read_as_typed(question)
        else:
            words = reading.read(question, self._known, is_typing=is_typing)
        concepts = self._phrases.concepts(words)
        shown = [word.shown or word.typed for word in words]
        is_marked = reading.is_marked(words)
        outside = next((one.wording for one in concepts if one.is_outside), None)
        known: dict[str, Term] = {}
        asked = [
            self._asked(one, known, is_marked=is_marked) for one in concepts if not one.is_empty
        ]
        found = tuple(self._best(asked, limit=limit, only=only, evidence=evidence))
        return Ranking(
            found=found,
            outside=outside.phrase if outside and not found else "",
            read_as=" ".join(shown) if any(word.shown for word in words) else "",
            wordings=tuple(
                dict.fromkeys(
                    one.wording.phrase for one in concepts if one.wording and not one.is_empty
                )
            ),
            skipped=tuple(
                " ".join(word.shown or word.typed for word in one.words)
                for one in concepts
                if one.is_empty
            ),
        )

    def suggest(self, typed: str, *, limit: int = 8) -> list[Ranked]:
        """Return what somebody may mean who is still typing, the best first.

        What fits the words so far, then the records of phrases that begin with what is typed.
        """
        found = list(self.ask(typed, limit=limit, is_typing=True).found)
        there = {one.key for one in found}
        begun = self._beginnings.of(" ".join(syllables.split(typed)))
        nearest = sorted(begun, key=lambda at: (begun[at] - 100 * self._standing[at], at))
        found += [
            Ranked(key=self._keys[at], score=0.0, places=frozenset())
            for at in nearest
            if self._keys[at] not in there
        ]
        return found[:limit]

    def _named(self, question: str) -> list[Ranked]:
        """Return the records whose key is written in the question, or begins with what is."""
        for typed in _SPACED_KEY.findall(question):
            found = self._by_digits.get("".join(filter(str.isdigit, typed)))
            if found:
                return [Ranked(key=found, score=1.0, places=frozenset())]
        for typed in _KEY.findall(question):
            digits = typed.replace(".", "").replace(",", "")
            keys = [key for key in self._keys if key.replace(".", "").startswith(digits)]
            if keys:
                return [Ranked(key=key, score=1.0, places=frozenset()) for key in keys]
        return []

    def _asked(self, concept: Concept, known: dict[str, Term], *, is_marked: bool) -> Asked:
        """Return a thing asked for. known: words of titles that the question has met so far."""
        own = Way.of(self._term(word, is_marked=is_marked) for word in concept.words)
        if concept.wording is None:
            weight = own.weight if any(own.terms[0].forms) or own.terms[0].forms else _UNKNOWN
            return Asked(own, (own,), {}, weight, is_word=True)
        if concept.is_outside:
            return Asked(own, (), {}, _ELSEWHERE, is_word=False)
        ways = [
            Way.of(self._known_term(word, known) for word in syllables.split(means))
            for means in concept.wording.means
        ]
        if all(term.forms for term in own.terms):
            ways.append(own)
        records = {
            self._number[key]: 1.0 - 0.03 * place
            for place, key in enumerate(concept.wording.records)
            if key in self._number
        }
        lightest = min((way.weight for way in ways if way is not own), default=0.0)
        weight = min(_HEAVIEST, max(lightest, _KEYED if records else 0.0))
        return Asked(own, tuple(ways), records, weight, is_word=False)

    def _term(self, word: Word, *, is_marked: bool) -> Term:
        forms: dict[int, float] = {}
        for option, sure in word.options:
            for form, number in self._by_fold.get(syllables.fold(option), ()):
                like = sure * syllables.likeness(
                    option, form, is_marked=is_marked and not word.is_odd
                )
                if is_marked and word.is_plain and form != option:
                    like *= _LIKELY
                if like > forms.get(number, 0.0):
                    forms[number] = like
        return self._weighed(forms)

    def _known_term(self, word: str, known: dict[str, Term]) -> Term:
        term = known.get(word)
        if term is None:
            number = self._forms.get(syllables.form(word))
            term = known[word] = self._weighed({number: 1.0} if number is not None else {})
        return term

    def _weighed(self, forms: Mapping[int, float]) -> Term:
        likely = tuple(form for form, like in forms.items() if like > _LIKELY)
        return Term(forms, self._weight(likely) or _UNKNOWN, likely, self._where(forms))

    def _best(
        self,
        asked: Sequence[Asked],
        *,
        limit: int,
        only: frozenset[str] | None,
        evidence: float,
    ) -> list[Ranked]:
        question = Question.of(asked, evidence)
        if not question.weight:
            return []
        rough: dict[int, float] = {}
        for one in asked:
            parts, weight = self._rough(one), one.weight
            if not rough:
                rough = {at: part * weight for at, part in parts.items()}
                continue
            sofar = rough.get
            for at, part in parts.items():
                rough[at] = sofar(at, 0.0) + part * weight
        echoes = self._spoken.match(term.forms for one in asked for term in one.own.terms)
        for at, echo in echoes.items():
            rough[at] = rough.get(at, 0.0) + echo.weight * echo.whole
        if only is not None:
            rough = {at: part for at, part in rough.items() if self._keys[at] in only}
        least = ENOUGH_NAMED[3] * question.total
        standing = self._standing
        candidates = nlargest(
            _CLOSER_LOOK,
            [(part + standing[at], at) for at, part in rough.items() if part >= least],
        )
        ranked = [
            self._closer(at, question, echoes.get(at))
            for part_of, at in candidates
            if question.may_be(rough[at], echoes.get(at))
        ]
        found = sorted(
            (one for one in ranked if one is not None), key=lambda one: (-one.score, one.key)
        )
        if not found:
            return []
        worth = found[0].score * _WORTH
        return [
            one for place, one in enumerate(found[:limit]) if one.score >= worth or place < _ALWAYS
        ]

    def _rough(self, one: Asked) -> dict[int, float]:
        """Return for each record which part of a thing it answers, its words in any order."""
        best: dict[int, float] = dict(one.records)
        for way in one.ways:
            whole = way.weight
            if not whole:
                continue
            parts: dict[int, float] = {}
            for term in way.terms:
                weight = term.weight
                if not parts:
                    parts = {at: like * weight for at, like in term.where.items()}
                    continue
                sofar = parts.get
                for at, like in term.where.items():
                    parts[at] = sofar(at, 0.0) + like * weight
            if not best:
                best = {at: part / whole for at, part in parts.items()}
                continue
            known = best.get
            for at, part in parts.items():
                share = part / whole
                if share > known(at, 0.0):
                    best[at] = share
        return best

    def _where(self, forms: Mapping[int, float]) -> dict[int, float]:
        """Return the records that have a word with how far; titles count before what is beside."""
        rising = sorted(forms.items(), key=lambda one: one[1])
        beside = self._beside
        found = [(beside[one], like * BESIDE) for one, like in rising if one in beside]
        found += [(self._postings[one], like) for one, like in rising]
        where: dict[int, float] = {}
        for there, like in found:  # the likelier ones come later and stay
            known = dict.fromkeys(there, like)
            if where:
                where.update(known)
            else:
                where = known
        return where

    def _closer(self, at: int, question: Question, echo: Echo | None) -> Ranked | None:
        places: dict[int, list[int]] = {}
        likely = question.likely
        for place, number in enumerate(self._titles[at]):
            if number in likely:
                places.setdefault(number, []).append(place)
        cover = written = row = explained = joined = 0.0
        meant: set[int] = set()
        heard = frozenset(self._spoken.forms(echo.phrase)) if echo else frozenset[int]()
        around = self._spoken.of(at) if echo else frozenset[int]()
        told, enough = 0.0, ENOUGH_EXPLAINED
        before: _Stands | None = None
        for one in question.asked:
            here = None
            if one.is_word:
                [term] = one.own.terms
                part = term.where.get(at, 0.0) * term.weight / one.own.weight
                stands = term_places(term, places) if part else ()
                hit: Iterable[int] = stands
                here = (term, stands)
                written += part * one.weight
            else:
                part, hit = part_of(at, one, places)
                written += part * one.weight
                explained += part * one.weight
            if echo and part < 1.0 and one.ways:
                part = max(part, heard_part(one.own, heard, around))
            cover += part * one.weight
            meant.update(hit)
            if one.records.get(at):
                told = max(told, one.records[at])
                enough = min(enough, ENOUGH_NAMED[min(3, len(one.own.terms))])
            if here is not None and before is not None:
                pair = before[0].weight + here[0].weight
                near = _together(before, here, heard)
                row += pair * near
                joined += pair if near == 1.0 else 0.0
            before = here
        whole = echo.whole if echo else 0.0
        evidence = max(
            (cover + written) / question.weight + PHRASE * whole + question.length,
            2.0 * min(whole, cover / question.weight),
        )
        cover = min(1.0, cover / question.total)
        if evidence < question.evidence or not (
            cover >= ENOUGH
            or explained / question.total >= enough
            or (echo and cover * whole >= ENOUGH_SAID and echo.weight >= _TELLING)
            or (cover >= ENOUGH_IN_A_ROW and joined >= _TELLING)
        ):
            return None
        in_row = row / question.rows if question.rows else cover
        said = max(self._said(at, meant), 0.7 * told, _WHOLE * whole)
        score = _COVER * cover + _ROW * in_row + _TITLE * said + self._standing[at]
        score += _NAMED * told
        score -= _NARROWER * min(3, self._narrower(at, meant))
        return Ranked(key=self._keys[at], score=score, places=frozenset(meant))


_Stands = tuple[Term, Sequence[int]]
"""A word of a question with where it stands in a title."""


def _together(before: _Stands, here: _Stands, heard: AbstractSet[int]) -> float:
    """Return how near two words are in a title; not far where both stand in a phrase as heard."""
    near = nearness(before[1], here[1])
    if near >= _HEARD or heard.isdisjoint(before[0].likely) or heard.isdisjoint(here[0].likely):
        return near
    return _HEARD

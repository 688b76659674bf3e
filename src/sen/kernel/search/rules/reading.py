"""What was typed, read as what is meant: keys left over, slips, words run together, wordings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sen.base import vietnamese
from sen.kernel.search.data import Wording
from sen.kernel.search.rules import syllables

MOST_WORDS = 24
"""Words of a question that are looked at."""
_LIKE = 0.7
"""How like a phrase a word with marks must be."""
_SHORTEST_SLIP = 3
_MOST_JOINED = 4
_LONG = 5
"""Letters from which on a known word may be a slip of another."""

_ODD = 0.5
"""How sure a word is that nobody writes with these marks, where another fits between the others."""
_MOST_BEGUN = 8
"""Words that one which is still typed may become."""
_BEGUN = 0.9
"""How sure such a word is."""
_FAR_MORE = 10
"""How many times as often a word is said that a short known one may be a slip of."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question. options: forms that it may be, the likeliest first, with how far."""

    typed: str
    options: tuple[tuple[str, float], ...]
    shown: str = ""
    """How it is read where that is not as it was typed."""
    is_plain: bool = False
    """Whether it was typed without marks and is a word so: "cho", but not "giay"."""
    is_odd: bool = False
    """Whether no text has it with just these marks: "dăng"; then its marks say nothing."""

    @property
    def fold(self) -> str:
        """The fold of the likeliest form."""
        return syllables.fold(self.options[0][0])


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for: a word by itself, or words that a line of the dictionary explains."""

    words: tuple[Word, ...]
    wording: Wording | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing of what is looked for."""
        line = self.wording
        return line is not None and not (line.means or line.records or line.is_outside)

    @property
    def is_outside(self) -> bool:
        """Whether it asks for what is not kept here at all."""
        return self.wording is not None and self.wording.is_outside


@dataclass(slots=True)
class Vocabulary:
    """The words that are known: folds with their commonest form, and which follow each other."""

    counts: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, dict[str, int]] = field(default_factory=dict)
    spelt: dict[str, str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    form_pairs: set[tuple[str, str]] = field(default_factory=set)
    _slips: dict[str, list[str]] = field(default_factory=dict)
    _heard: dict[str, list[str]] = field(default_factory=dict)
    _in_order: list[str] = field(default_factory=list)

    def add(self, words: Sequence[str], *, weight: int = 1) -> None:
        """Learn the words of one text, in order."""
        before, before_form = "", ""
        for word in words:
            form = syllables.form(word)
            folded = syllables.fold(form)
            if folded not in self.counts:
                self._learn(folded)
            self.counts[folded] = self.counts.get(folded, 0) + weight
            shapes = self.shapes.setdefault(folded, {})
            shapes[form] = shapes.get(form, 0) + weight
            self.spelt.setdefault(form, word)
            if before:
                self.pairs.add((before, folded))
                self.form_pairs.add((before_form, form))
            before, before_form = folded, form

    def _learn(self, folded: str) -> None:
        if folded.isdigit():
            return
        for slip in syllables.slips(folded):
            self._slips.setdefault(slip, []).append(folded)
        self._heard.setdefault(syllables.by_ear(folded), []).append(folded)

    def commonest(self, folded: str) -> str:
        """Return the form that a fold mostly has."""
        shapes = self.shapes[folded]
        return max(shapes, key=lambda form: shapes[form])

    def beginning(self, folded: str) -> Iterator[str]:
        """Yield the known folds that begin so."""
        if len(self._in_order) != len(self.counts):
            self._in_order = sorted(self.counts)
        at = bisect_left(self._in_order, folded)
        while at < len(self._in_order) and self._in_order[at].startswith(folded):
            yield self._in_order[at]
            at += 1

    def alike(self, folded: str) -> set[str]:
        """Return known folds that are one letter away or sound the same."""
        found = set(self._heard.get(syllables.by_ear(folded), ()))
        for slip in syllables.slips(folded):
            found.update(
                other
                for other in self._slips.get(slip, ())
                if other != folded and syllables.is_one_slip(folded, other)
            )
        found.discard(folded)
        return found

    def heard_alike(self, folded: str) -> list[str]:
        """Return known folds that sound the same."""
        found = self._heard.get(syllables.by_ear(folded), ())
        return [one for one in found if one != folded]

    def follows(self, before: str, after: str) -> bool:
        """Whether one fold is known to follow another."""
        return (before, after) in self.pairs

    def form_follows(self, before: str, after: str) -> bool:
        """Whether one form is known to follow another, with just these marks."""
        return (before, after) in self.form_pairs


def read_as_typed(text: str) -> list[Word]:
    """Return the words of a question just as they were typed, nothing mended."""
    typed = syllables.split(text)[:MOST_WORDS]
    return [Word(word, ((syllables.form(word), 1.0),)) for word in typed]


def read(text: str, known: Vocabulary, *, is_typing: bool = False) -> list[Word]:
    """Return the words of a question as they are meant. is_typing: the last may be begun only."""
    typed = [part for word in syllables.split(text)[:MOST_WORDS] for part in _parted(word, known)]
    forms = [syllables.form(word) for word in typed]
    words: list[Word] = []
    for at, word in enumerate(typed):
        before = words[-1].options[0][0] if words else ""
        after = forms[at + 1] if at + 1 < len(forms) else ""
        words.append(_word(word, before, after, known))
    if words and is_typing and not text[-1].isspace():
        before = words[-2].options[0][0] if len(words) > 1 else ""
        words[-1] = _begun(words[-1], before, known)
    return words


def _begun(word: Word, before: str, known: Vocabulary) -> Word:
    """Return a word that is still typed as those it may become, best what follows the one before.

    A word that is whole already stays what it is before all others.
    """
    form = syllables.form(word.typed)
    folds = {syllables.fold(form), vietnamese.fold(word.typed)}
    is_whole = syllables.fold(form) in known.counts
    bare, tone = form.rstrip(syllables.TONES), syllables.tone(form)
    ranked = sorted(
        (
            (known.follows(syllables.fold(before), other), count, shape)
            for fold in folds
            for other in known.beginning(fold)
            for shape, count in known.shapes[other].items()
            if other.isalpha()
            and (
                not syllables.has_marks(form)
                or (shape.startswith(bare) and tone in {"", syllables.tone(shape)})
            )
        ),
        reverse=True,
    )
    options = dict.fromkeys((shape for _fits, _count, shape in ranked[:_MOST_BEGUN]), _BEGUN)
    if not options:
        return word
    first = dict(word.options) if is_whole else {}
    return Word(word.typed, tuple((first | options | first).items()))


def is_marked(words: Iterable[Word]) -> bool:
    """Whether a question was typed with marks at all."""
    return any(syllables.has_marks(syllables.form(word.typed)) for word in words)


def _parted(word: str, known: Vocabulary) -> list[str]:
    """Return a word, or the known words that it was run together from: khaisinh is khai sinh."""
    folded = syllables.fold(syllables.form(word))
    if folded in known.counts or not word.isalpha() or syllables.from_keys(word):
        return [word]
    best: list[str] = []
    partial: list[list[str]] = [[]]
    for _step in range(_MOST_JOINED):
        longer = []
        for parts in partial:
            begin = sum(len(part) for part in parts)
            for end in range(begin + 2, min(len(word), begin + 6) + 1):
                part = syllables.fold(syllables.form(word[begin:end]))
                if part not in known.counts or not syllables.is_spoken(part):
                    continue
                last = syllables.fold(syllables.form(parts[-1])) if parts else ""
                if last and not known.follows(last, part):
                    continue
                longer.append([*parts, word[begin:end]])
        whole = [parts for parts in longer if len(parts) > 1 and sum(map(len, parts)) == len(word)]
        if whole:
            best = whole[0]
            break
        partial = longer
    return best or [word]


def _word(typed: str, before: str, after: str, known: Vocabulary) -> Word:
    """Return a word as it is meant; before, after: the forms beside it."""
    form = syllables.form(typed)
    folded = syllables.fold(form)
    if typed.isdigit():
        return Word(typed, ((form, 1.0),))
    if folded in known.counts:
        is_there = form in known.shapes[folded]
        heard = _as_heard(form, before, after, known)
        is_slip = heard and not is_there and not _fits(known.shapes[folded], before, after, known)
        return Word(
            typed,
            (*heard, (form, _ODD)) if is_slip else ((form, 1.0), *heard),
            is_plain=form == folded and is_there,
            is_odd=not is_there,
        )
    meant = [
        found
        for found in syllables.from_keys(typed)
        if syllables.fold(syllables.form(found)) in known.counts
    ]
    if meant:
        return Word(typed, ((syllables.form(meant[0]), 1.0),), shown=meant[0])
    return _mended(typed, before, after, known)


def _as_heard(form: str, before: str, after: str, known: Vocabulary) -> list[tuple[str, float]]:
    """Return what a known word may have been meant to be: "tạm chú" is heard as "tạm trú".

    Only where the word stands between strangers, and another that sounds the same or is one slip
    away does not. Words typed with marks are looked at with their marks.
    """
    folded = syllables.fold(form)
    is_marked = any(map(syllables.has_marks, (form, after or before)))
    follows = known.form_follows if is_marked else known.follows
    beside = (before, after) if is_marked else (syllables.fold(before), syllables.fold(after))
    if follows(beside[0], form) or follows(form, beside[1]):
        return []
    is_long = is_marked and len(folded) >= _LONG
    others = known.alike(folded) if is_long else set(known.heard_alike(folded))
    shapes = [
        (other, shape)
        for other in others
        for shape in (known.shapes[other] if is_marked else (other,))
    ]
    if is_marked and _SHORTEST_SLIP <= len(folded) < _LONG:
        shapes += _commoner(form, known)
    found = [
        (known.counts[other], shape)
        for other, shape in dict.fromkeys(shapes)
        if follows(beside[0], shape) or follows(shape, beside[1])
    ]
    found.sort(reverse=True)
    return [(shape if is_marked else known.commonest(shape), 0.8) for _count, shape in found[:2]]


def _fits(shapes: Iterable[str], before: str, after: str, known: Vocabulary) -> bool:
    return any(
        known.form_follows(before, shape) or known.form_follows(shape, after) for shape in shapes
    )


def _commoner(form: str, known: Vocabulary) -> list[tuple[str, str]]:
    """Return known words one letter away, of the same tone, that are said far more often.

    So “lao” for “lau”; each as its fold and its form.
    """
    folded = syllables.fold(form)
    least = _FAR_MORE * max(1, known.shapes[folded].get(form, 0))
    return [
        (other, shape)
        for other in known.alike(folded)
        if known.counts[other] >= least
        for shape, count in known.shapes[other].items()
        if count >= least and syllables.tone(shape) == syllables.tone(form)
    ]


def _mended(typed: str, before: str, after: str, known: Vocabulary) -> Word:
    """Return an unknown word as the known one it is a slip of, if there is one."""
    form = syllables.form(typed)
    folded = syllables.fold(form)
    if len(folded) < _SHORTEST_SLIP:
        return Word(typed, ((form, 1.0),))
    heard = syllables.by_ear(folded)
    is_meant = syllables.is_spoken(folded) and syllables.has_marks(form)
    beside = syllables.fold(before), syllables.fold(after)
    ranked = []
    for other in known.alike(folded):
        fits = known.follows(beside[0], other) + known.follows(other, beside[1])
        sounds = syllables.by_ear(other) == heard
        if not (fits or sounds) or (is_meant and not (fits and sounds)):
            continue
        ranked.append((fits * 2 + sounds, known.counts[other], other))
    if not ranked:
        return Word(typed, ((form, 1.0),))
    ranked.sort(reverse=True)
    chosen = [known.commonest(other) for _fits, _count, other in ranked[:2]]
    options = tuple((one, weight) for one, weight in zip(chosen, (0.9, 0.6), strict=False))
    return Word(typed, options, shown=known.spelt[chosen[0]])


class Phrases:
    """The lines of the dictionary, found in a question by their words."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._by_first: dict[str, list[tuple[_Said, Wording]]] = {}
        for wording in wordings:
            forms = [syllables.form(word) for word in syllables.split(wording.phrase)]
            if forms:
                said = (tuple(forms), tuple(syllables.fold(form) for form in forms))
                self._by_first.setdefault(said[1][0], []).append((said, wording))
        for lines in self._by_first.values():
            lines.sort(key=lambda line: -len(line[0][0]))

    def concepts(self, words: Sequence[Word]) -> list[Concept]:
        """Return what is asked for: the longest line of the dictionary at each place, else words.

        A phrase typed without marks fits every line that it may be, the one that tells most first.
        """
        with_marks = is_marked(words)
        meant = [_Meant.of(word, with_marks=with_marks) for word in words]
        found, at = [], 0
        while at < len(words):
            taken, wording = self._longest(meant[at:])
            found.append(Concept(tuple(words[at : at + taken]), wording))
            at += taken
        return found

    def _longest(self, words: Sequence[_Meant]) -> tuple[int, Wording | None]:
        best: tuple[tuple[int, float, bool], Wording] | None = None
        for folded in words[0].by_fold:
            for said, wording in self._by_first.get(folded, ()):
                length = len(said[0])
                if best is not None and length < best[0][0]:
                    break
                like = _likeness(said, words)
                if not like:
                    continue
                tells = bool(wording.means or wording.records or wording.is_outside)
                if best is None or (length, like, tells) > best[0]:
                    best = ((length, like, tells), wording)
        return (best[0][0], best[1]) if best is not None else (1, None)


_Said = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of a phrase in order: their forms, their folds."""


@dataclass(frozen=True, slots=True)
class _Meant:
    """A word of a question as phrases are compared with it: what it may be, by fold.

    is_marked: whether its marks say something. is_bare: whether it is none that has marks.
    """

    by_fold: Mapping[str, Sequence[tuple[str, float]]]
    is_marked: bool
    is_bare: bool

    @classmethod
    def of(cls, word: Word, *, with_marks: bool) -> _Meant:
        by_fold: dict[str, list[tuple[str, float]]] = {}
        for option, sure in word.options:
            by_fold.setdefault(syllables.fold(option), []).append((option, sure))
        return cls(by_fold, with_marks and not word.is_odd, with_marks and word.is_plain)


def _likeness(said: _Said, words: Sequence[_Meant]) -> float:
    """Return how like the first words of a question are to a phrase, 0 where they are not it.

    A phrase of one word is that word or none.
    """
    forms, folds = said
    if len(forms) > len(words):
        return 0.0
    total = 0.0
    for form, folded, word in zip(forms, folds, words, strict=False):
        options = word.by_fold.get(folded)
        if options is None or (word.is_bare and form != folded):
            return 0.0
        like = max(
            sure * syllables.likeness(option, form, is_marked=word.is_marked)
            for option, sure in options
        )
        if like < _LIKE - 0.1:
            return 0.0
        total += like
    if len(forms) == 1 and total < 1.0:
        return 0.0
    return total / len(forms)

"""What a question asks for, thing by thing, and which part of a thing a title answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from sen.kernel.search.rules.said import APART, Echo

_MUCH = 25.0
"""What a question weighs that says enough; what is said beyond counts by a part, _MORE."""
_MORE = 0.35
PHRASE = 0.4
"""What a phrase of a record that was said whole adds to what speaks for the record."""
_LONG = 8
"""Words of a long question; as many speak for a record as the whole of what is asked."""
_SLACK = 1e-6
"""What sums in another order may differ by."""
_AS_GOOD = 0.1
"""Ways of saying a thing are as good as each other within this part; all their words are meant."""
_NEAR = {1: 1.0, 2: 0.7, 3: 0.5}


@dataclass(frozen=True, slots=True)
class Term:
    """A word that may stand in titles: forms by number with how far they are it; its weight.

    likely: the forms that it probably is. where: the records that have it, with how far.
    """

    forms: Mapping[int, float]
    weight: float
    likely: tuple[int, ...]
    where: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Way:
    """One way of saying a thing: terms in order, what they weigh together, what their pairs do."""

    terms: tuple[Term, ...]
    weight: float
    pairs: float

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Way:
        listed = tuple(terms)
        pairs = sum(one.weight + after.weight for one, after in pairwise(listed))
        return cls(listed, sum(term.weight for term in listed), pairs)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked for; own: as it was said; is_word: a word by itself, with neighbours.

    ways: how titles may say it; none for what is not kept here, which nothing answers.
    """

    own: Way
    ways: tuple[Way, ...]
    records: Mapping[int, float]
    weight: float
    is_word: bool


@dataclass(frozen=True, slots=True)
class Question:
    """All that is asked for. weight: of everything; total: with what is said beyond much in part.

    length: in long questions, how long it is. evidence: what must speak for a record. rows: what
    words weigh that follow each other, pair by pair. likely: every form that is probably meant.
    """

    asked: Sequence[Asked]
    weight: float
    total: float
    length: float
    evidence: float
    rows: float
    likely: frozenset[int]

    @classmethod
    def of(cls, asked: Sequence[Asked], evidence: float) -> Question:
        weight = sum(one.weight for one in asked)
        total = min(weight, _MUCH) + _MORE * max(0.0, weight - _MUCH)
        words = sum(len(one.own.terms) for one in asked if one.ways)
        rows = sum(
            one.own.terms[0].weight + after.own.terms[0].weight
            for one, after in pairwise(asked)
            if one.is_word and after.is_word
        )
        terms = (term for one in asked for way in (one.own, *one.ways) for term in way.terms)
        likely = frozenset(form for term in terms for form in term.likely)
        return cls(asked, weight, total, words / _LONG, evidence, rows, likely)

    def may_be(self, part: float, echo: Echo | None) -> bool:
        """Whether enough may speak for a record of which only a rough part is known.

        A closer look finds no more in its title than that, and its phrases answer all at best.
        """
        if echo is None:
            most = 2.0 * part / self.weight + self.length
        else:
            written = (part - echo.weight * echo.whole) / self.weight
            most = max(1.0 + written + PHRASE * echo.whole + self.length, 2.0 * echo.whole)
        return most > self.evidence - _SLACK


def part_of(at: int, one: Asked, places: Mapping[int, list[int]]) -> tuple[float, set[int]]:
    """Return which part of a thing a record answers, and by which words of its title."""
    best, hit = one.records.get(at, 0.0), set[int]()
    for way in one.ways:
        likes = [term.where.get(at, 0.0) for term in way.terms]
        if not any(likes):
            continue
        part = near = 0.0
        for term, like in zip(way.terms, likes, strict=True):
            part += like * term.weight
        share = part / way.weight
        if share < best - _AS_GOOD:  # nor will it be by how near its words are
            continue
        own: set[int] = set()
        before: tuple[float, Sequence[int]] | None = None
        for term, like in zip(way.terms, likes, strict=True):
            where = term_places(term, places) if like else ()
            own.update(where)
            if before is not None:
                near += (before[0] + term.weight) * nearness(before[1], where)
            before = (term.weight, where)
        if way.pairs:
            share *= 0.55 + 0.45 * near / way.pairs
        if share >= best - _AS_GOOD:
            best, hit = max(best, share), hit | own if share < best else own
    return best, hit


def heard_part(own: Way, heard: AbstractSet[int], around: AbstractSet[int]) -> float:
    """Return which part of what was said stands in phrases of a record: the best one, others."""
    part = 0.0
    for term in own.terms:
        best = 0.0
        for form, like in term.forms.items():
            if form in heard:
                best = max(best, like)
            elif form in around:
                best = max(best, like * APART)
        part += best * term.weight
    return part / own.weight if own.weight else 0.0


def term_places(term: Term, places: Mapping[int, list[int]]) -> Sequence[int]:
    """Return where a term stands in a title, as far as it is likely to be what was meant."""
    found: Sequence[int] = ()
    for number in term.likely:
        there = places.get(number)
        if there:
            found = [*found, *there] if found else there
    return found


def nearness(before: Iterable[int], after: Sequence[int]) -> float:
    """Return how near one of the places comes after one of the others, 1 for the next word."""
    nearest = 0.0
    if after:
        for sooner in before:
            for later in after:
                near = _NEAR.get(later - sooner, 0.0)
                nearest = max(nearest, near)
    return nearest

"""How people say a record: whole phrases beside its title, matched one by one.

A phrase is further text of its record. One that a question answers nearly whole tells much; words
that stand in different phrases of a record tell less. Kept flat, as there are many.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

APART = 0.45
"""How much a word tells that stands in another phrase of a record than the best one."""
RAREST = 6.0
"""The most that one word weighs."""
_LEAST = 4.0
"""What the words of a question that stand in a phrase weigh at least for it to be looked at."""

_WHOLE = 0.9
"""Or which part of the phrase they are."""


@dataclass(frozen=True, slots=True)
class Echo:
    """The phrase of a record that is most like a question. whole: which part of it was said."""

    phrase: int
    whole: float
    weight: float


class Said:
    """The phrases of all records. counts: in how many records' phrases each form stands."""

    def __init__(self) -> None:
        self._forms = array("H")
        self._begins = array("I", (0,))
        self._records = array("H")
        self._weights = array("f")
        self._whole = array("f")
        self._there: dict[int, array[int]] = {}
        self._of: dict[int, list[int]] = {}
        self.counts: dict[int, int] = {}

    def add(self, at: int, forms: Sequence[int]) -> None:
        """Learn one phrase of a record."""
        phrase = len(self._records)
        self._forms.extend(forms)
        self._begins.append(len(self._forms))
        self._records.append(at)
        known = self._of.setdefault(at, [])
        before = self.of(at)
        known.append(phrase)
        for form in set(forms):
            self._there.setdefault(form, array("I")).append(phrase)
            if form not in before:
                self.counts[form] = self.counts.get(form, 0) + 1

    def weigh(self, weight: Callable[[int], float], skipped: AbstractSet[int | None]) -> None:
        """Give every form its weight, once all phrases are known; skipped: those without one."""
        most = max(self._there, default=-1) + 1
        self._weights = array("f", bytes(4 * most))
        for form in self._there:
            self._weights[form] = 0.0 if form in skipped else weight(form)
        self._whole = array(
            "f",
            (
                sum(self._weights[form] for form in set(self.forms(one)))
                for one in range(len(self._records))
            ),
        )

    def forms(self, phrase: int) -> array[int]:
        """Return the words of a phrase in order."""
        return self._forms[self._begins[phrase] : self._begins[phrase + 1]]

    def of(self, at: int) -> set[int]:
        """Return the words of all phrases of a record."""
        return {form for phrase in self._of.get(at, ()) for form in self.forms(phrase)}

    def match(self, asked: Iterable[Mapping[int, float]]) -> dict[int, Echo]:
        """Return for each record its phrase that is most like a question.

        asked: for each word of the question the forms that it may be, with how far.
        """
        sums: dict[int, float] = {}
        for forms in asked:
            if not sums:
                sums = self._there_at(forms)
                continue
            known = sums.get
            for phrase, part in self._there_at(forms).items():
                sums[phrase] = known(phrase, 0.0) + part
        best: dict[int, Echo] = {}
        wholes, records = self._whole, self._records
        for phrase, part in sums.items():
            whole = part / wholes[phrase]
            if part < _LEAST and whole < _WHOLE:
                continue
            whole = min(1.0, whole)
            at = records[phrase]
            held = best.get(at)
            if held is None or part * whole > held.weight * held.whole:
                best[at] = Echo(phrase, whole, part)
        return best

    def _there_at(self, forms: Mapping[int, float]) -> dict[int, float]:
        """Return the phrases in which a word stands with what it weighs there, at its likeliest."""
        weights = self._weights
        told = sorted(
            (like * weights[form], form)
            for form, like in forms.items()
            if form in self._there and weights[form]
        )
        parts: dict[int, float] = {}
        for part, form in told:  # what weighs more comes later and stays
            parts.update(dict.fromkeys(self._there[form], part))
        return parts

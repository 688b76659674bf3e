"""Titles and the dictionary as they are kept in memory: which words stand where, how seldom."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence

from sen.kernel.search.data import Document, Wording
from sen.kernel.search.rules import syllables
from sen.kernel.search.rules.beginnings import Beginnings
from sen.kernel.search.rules.reading import Phrases, Vocabulary
from sen.kernel.search.rules.said import RAREST, Said

BESIDE = 0.45
"""How much a word beside a title tells, such as of its field."""


class Shelf:
    """Records in memory, ready to be asked for; made once an edition, never changed.

    said: phrases as people say the records named, further text of these. narrowing: phrases that
    make a title a narrower matter than it is without them, such as “cấp lại”; a title that has one
    which was not asked for comes later.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        wordings: Iterable[Wording] = (),
        *,
        said: Iterable[Wording] = (),
        narrowing: Iterable[str] = (),
    ) -> None:
        self._keys = [one.key for one in documents]
        self._number = {key: at for at, key in enumerate(self._keys)}
        self._by_digits = {"".join(filter(str.isdigit, key)): key for key in self._keys}
        self._standing = array("f", (one.standing for one in documents))
        self._forms: dict[str, int] = {}
        self._by_fold: dict[str, list[tuple[str, int]]] = {}
        self._titles: list[array[int]] = []
        self._asides: list[tuple[int, int]] = []
        self._postings: list[array[int]] = []
        self._beside: dict[int, array[int]] = {}
        self._known = Vocabulary()
        self._spoken = Said()
        lines = tuple(wordings)
        self._add_documents(documents)
        count = len(self._keys)
        self._weights = array(
            "f", (math.log(1 + count / (len(there) + 0.5)) for there in self._postings)
        )
        self._learn(lines)
        spoken = tuple(said)
        self._add_said(spoken, lines)
        self._beginnings = Beginnings((*lines, *spoken), self._number)
        self._phrases = Phrases(lines)
        self._narrow = self._find_narrowing(narrowing)

    def __len__(self) -> int:
        return len(self._keys)

    # -- Building

    def _add_documents(self, documents: Sequence[Document]) -> None:
        for at, one in enumerate(documents):
            words = syllables.split(one.title)
            self._known.add(words)
            numbers = array("H", (self._form_number(syllables.form(word)) for word in words))
            self._titles.append(numbers)
            self._asides.append(_aside(one.title))
            for number in set(numbers):
                self._postings[number].append(at)
            beside = syllables.split(one.beside)
            self._known.add(beside)
            for number in {self._form_number(syllables.form(word)) for word in beside}:
                if number not in numbers:
                    self._beside.setdefault(number, array("H")).append(at)

    def _form_number(self, form: str) -> int:
        number = self._forms.get(form)
        if number is None:
            number = self._forms[form] = len(self._forms)
            self._by_fold.setdefault(syllables.fold(form), []).append((form, number))
            self._postings.append(array("H"))
        return number

    def _learn(self, lines: Iterable[Wording]) -> None:
        for line in lines:
            self._known.add(syllables.split(line.phrase))

    def _add_said(self, said: Iterable[Wording], lines: Iterable[Wording]) -> None:
        for one in said:
            words = syllables.split(one.phrase)
            self._known.add(words)
            numbers = [self._form_number(syllables.form(word)) for word in words]
            for key in one.records:
                if key in self._number:
                    self._spoken.add(self._number[key], numbers)
        empty = (
            syllables.split(line.phrase)
            for line in lines
            if not (line.means or line.records or line.is_outside)
        )
        skipped = {self._forms.get(syllables.form(words[0])) for words in empty if len(words) == 1}
        self._spoken.weigh(lambda form: self._weight((form,)), skipped)

    def _weight(self, forms: Iterable[int]) -> float:
        """Return what a word weighs that may be any of some forms, 0 where none is anywhere."""
        there = sum(
            len(self._postings[form])
            + BESIDE * len(self._beside.get(form, ()))
            + BESIDE * self._spoken.counts.get(form, 0)
            for form in forms
        )
        return min(RAREST, math.log(1 + len(self._keys) / (there + 0.5))) if there else 0.0

    def _find_narrowing(self, phrases: Iterable[str]) -> list[tuple[tuple[int, int], ...]]:
        wanted: dict[int, list[tuple[int, ...]]] = {}
        for phrase in phrases:
            forms = [syllables.form(word) for word in syllables.split(phrase)]
            if forms and all(form in self._forms for form in forms):
                numbers = tuple(self._forms[form] for form in forms)
                wanted.setdefault(numbers[0], []).append(numbers)
        return [tuple(_occurrences(title, wanted)) for title in self._titles]

    def _said(self, at: int, meant: set[int]) -> float:
        """Return which part of a title was meant; what stands in brackets counts little."""
        begin, end = self._asides[at]
        whole = part = 0.0
        for place, number in enumerate(self._titles[at]):
            weight = self._weights[number]
            if begin <= place < end:
                weight *= 0.25
            whole += weight
            if place in meant:
                part += weight
        return part / whole if whole else 0.0

    def _narrower(self, at: int, meant: set[int]) -> int:
        return sum(
            1 for begin, end in self._narrow[at] if not meant.intersection(range(begin, end))
        )


def _aside(title: str) -> tuple[int, int]:
    """Return from which word to which the first brackets of a title reach."""
    begin = title.find("(")
    if begin < 0:
        return (0, 0)
    end = title.find(")", begin)
    first = len(syllables.split(title[:begin]))
    inside = title[begin:] if end < 0 else title[begin:end]
    return (first, first + len(syllables.split(inside)))


def _occurrences(
    title: Sequence[int], wanted: Mapping[int, Sequence[tuple[int, ...]]]
) -> Iterable[tuple[int, int]]:
    for place, number in enumerate(title):
        for phrase in wanted.get(number, ()):
            if tuple(title[place : place + len(phrase)]) == phrase:
                yield (place, place + len(phrase))
                break

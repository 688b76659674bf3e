"""Phrases by how they begin: what somebody who still types may be about to say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from sen.base import vietnamese
from sen.kernel.search.data import Wording

_MOST = 400
"""Phrases that are looked at; a beginning that more of them share says nothing yet."""


class Beginnings:
    """Phrases that name records, in order of their letters without marks."""

    def __init__(self, wordings: Iterable[Wording], numbers: Mapping[str, int]) -> None:
        rows = sorted(
            (vietnamese.fold(one.phrase), one.phrase, found)
            for one in wordings
            if (found := tuple(numbers[key] for key in one.records if key in numbers))
        )
        self._folds = [row[0] for row in rows]
        self._rows: Sequence[tuple[str, str, tuple[int, ...]]] = rows

    def of(self, typed: str) -> dict[int, int]:
        """Return the records of phrases that begin so, with how many letters are missing at least.

        Whoever types marks means these marks, as far as a phrase has them.
        """
        folded = vietnamese.fold(typed)
        begin = bisect_left(self._folds, folded)
        end = bisect_left(self._folds, folded + "\uffff", begin)
        if not folded or end - begin > _MOST:
            return {}
        rows = self._rows[begin:end]
        if folded != typed:
            rows = [row for row in rows if row[1].startswith(typed)] or rows
        found: dict[int, int] = {}
        for fold, _phrase, records in rows:
            missing = len(fold) - len(folded)
            for at in records:
                found[at] = min(missing, found.get(at, missing))
        return found

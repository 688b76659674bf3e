"""Values of the search: who contributes what, and what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSource:
    """A kind of record that can be found: a slot of the manifest.

    kind: "public_services.dossier". url_name: the page of one record, by its code. permission: the
    right that opens a record to the units it is indexed for; None: any right there.
    """

    kind: str
    title: StrOrPromise
    url_name: str
    permission: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found. cursor: where the next page begins, after this one."""

    kind: str
    record: UUID
    code: str
    title: str
    url_name: str
    at: dt.datetime
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What people say, and what they mean by it: a phrase of the dictionary of the search.

    phrase: their words. means: how titles say it. records: keys of the records that they mean.
    Neither: words that tell nothing of what is looked for, such as “cho tôi hỏi”. is_outside:
    whoever says so most likely looks for what is not kept here at all, such as “giá vàng”.
    """

    phrase: str
    means: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    is_outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A record as the ranking sees it: its key and title, words beside the title, and its standing.

    standing: what speaks for it before anything is asked, about -0.1 to 0.1.
    """

    key: str
    title: str
    beside: str = ""
    standing: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A record that fits a question. score: 0 to about 1. places: title words that were meant."""

    key: str
    score: float
    places: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The answer to a question in people's own words.

    read_as: the words as they were read, where that is not as they were typed, else empty.
    outside: where nothing was found, what says that the question is about something else.
    wordings: the lines of the dictionary that were used; skipped: words that told nothing.
    """

    found: tuple[Ranked, ...] = ()
    read_as: str = ""
    outside: str = ""
    wordings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the dictionary: phrases that mean the same, and under which heading it stands."""

    phrases: tuple[str, ...]
    means: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    is_outside: bool = False
    topic: str = ""

    def wordings(self) -> list[Wording]:
        """Return the line as the search reads it, a wording for each phrase."""
        return [
            Wording(
                phrase=phrase, means=self.means, records=self.records, is_outside=self.is_outside
            )
            for phrase in self.phrases
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A search that reads the dictionary, for its editors to try: a slot of the manifest.

    code: "public_services.procedures". ask: what a question finds, with lines that take the place
    of those that have their phrases. titles: of records by their keys, those that are there.
    """

    code: str
    title: StrOrPromise
    ask: Callable[[str, Sequence[Line]], Ranking]
    titles: Callable[[Sequence[str]], Mapping[str, str]]

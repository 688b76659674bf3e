"""Values of keeping: the rule of a kind of record, what a run of it did, a backup that was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long a kind of record is kept: a slot of the manifest.

    kind: the record's kind, "public_services.dossier". days: how many; a function of the day where
    the number is a value that the law or the province may change; None for ever. counted_from: what
    they are counted from, in words. source: the rule that fixes them.
    count: how many records are due to go at a moment. erase: erases them and returns how many; it
    opens its own transactions and may be run twice. Both None where nothing is ever erased, or
    where whole months of a table go at once.
    """

    kind: str
    title: StrOrPromise
    days: int | Callable[[dt.date], int] | None
    counted_from: StrOrPromise
    source: StrOrPromise
    count: Callable[[dt.datetime], int] | None = None
    erase: Callable[[dt.datetime], int] | None = None

    def days_on(self, on: dt.date) -> int | None:
        """Return how many days the rule of that day keeps a record, None for ever."""
        return self.days(on) if callable(self.days) else self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one rule came to. erased: how many, or in a trial how many are due. failure: why not."""

    kind: str
    erased: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that was written and read back.

    name: of its folder among the backups. place: where they are kept. size: bytes in all, those of
    files that an earlier backup had written included. took_s: seconds.
    """

    name: str
    place: str
    size: int
    rows: int
    files: int
    took_s: float

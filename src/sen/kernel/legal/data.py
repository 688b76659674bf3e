"""Values of the law's registry: the editions, a correction, who has used a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EditionName = Literal["values", "grants", "units", "menu", "calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """The numbers of what changes seldom and is read always; a new number means: read again."""

    values: int
    grants: int
    units: int
    menu: int
    calendar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which a value of a key holds: from the first to the day before `end`."""

    key: str
    first: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueUse:
    """What a system has computed with values of the law, so that a correction can say how much.

    code: stable, "public_services.dossiers". title: what these are. count: returns how many records
    were computed with the value of a span; it is asked by whoever corrects, and sees them all.
    """

    code: str
    title: StrOrPromise
    count: Callable[[Span], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What should have been written down, and why it was not. source: text, article, clause."""

    value: object
    source: str
    status: str
    reason: str
    note: str = ""

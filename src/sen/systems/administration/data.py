"""Values of the administration: what an act takes and what a page is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOfficial:
    """An official to be given an account: who it is, and the position held from a day on."""

    username: str
    full_name: str
    national_number: str
    birth_date: dt.date | None = None
    position: UUID
    valid_from: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token to be made: what it is for, what it may do, for how many days."""

    name: str
    scopes: Sequence[str]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewValue:
    """What the law sets for a key from a day on. value: JSON. source: text, article, clause."""

    key: str
    value: object
    valid_from: dt.date
    source: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One thing looked at: which system asked for it, and what was found."""

    system: str
    title: str
    is_well: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of something there are."""

    label: str
    number: int

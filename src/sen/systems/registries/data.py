"""Values of a lookup: what is asked of a registry and what comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sen.systems.registries.choices import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Where a registry is and as whom the province is known there."""

    url: str
    account: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: about one person, for one procedure.

    request: our own number of the question. procedure: the code of what it is for. until: when
    nobody waits any longer, on the clock of `time.monotonic`.
    """

    request: str
    procedure: str
    national_number: str
    full_name: str
    birth_date: dt.date | None
    at: dt.datetime
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a registry told. about: the number of the person its answer is about, empty for none.

    facts: by the names forms ask for.
    """

    about: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class LookupFailed(Exception):
    """A registry gave no answer that can be used."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lookups are looked for: of which days, registry, procedure, outcome; empty for all.

    before: the last id of the page before.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    registry: str = ""
    outcome: str = ""
    procedure: str = ""
    before: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupLine:
    """A lookup in words: which registry, for what, when, what came back, no value.

    key: the registry's, as papers name it. is_failed: no answer that could be used came. unit: the
    name of where the official stands who asked, empty where people asked about themselves.
    """

    key: str
    registry: str
    procedure: str
    at: dt.datetime
    outcome: str
    failure: str
    fields: tuple[str, ...]
    is_found: bool
    is_failed: bool
    draft: UUID
    unit: str = ""

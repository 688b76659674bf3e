"""Values of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sen.kernel.organisations.choices import AreaKind, Level, UnitKind

Localised = Mapping[str, str]
"""Text that is data: `{"vi": …, "en": …}`, Vietnamese required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """What has to be known to add a unit; the fields mean what they mean in `Unit`."""

    code: str
    kind: UnitKind
    level: Level
    name: Localised
    short_name: Localised
    is_code_official: bool = False
    statistics_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProvince:
    """What has to be known to begin a province.

    area: its statistics code. code: its electronic agency code, official or chosen here.
    """

    area: str
    code: str
    is_code_official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualUnit:
    """A unit that a province usually has, with the code it would get here."""

    code: str
    name: Localised
    is_there: bool


@dataclass(frozen=True, slots=True)
class NewPosition:
    """What has to be known to add a position; the fields mean what they mean in `Position`."""

    code: str
    title: Localised
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit to be added with its positions and the branches below it."""

    unit: NewUnit
    positions: tuple[NewPosition, ...] = ()
    parts: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    """One line of a list of areas; `parent` is the code of its province, empty for a province.

    aliases: how else the name is written.
    """

    code: str
    name: Localised
    kind: AreaKind
    parent: str = ""
    valid_from: dt.date
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The days from the first to the last, both included; no last day means without end."""

    first: dt.date
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the closure: `ancestor` stands `depth` steps above `descendant` for a span."""

    ancestor: UUID
    descendant: UUID
    depth: int
    span: Span


@dataclass(frozen=True, slots=True)
class DatedName:
    """What a unit is called for a span."""

    span: Span
    name: Localised
    short_name: Localised


@dataclass(frozen=True, slots=True)
class Part:
    """A unit below another, as a merger matches it: by kind and short name."""

    id: UUID
    kind: str
    short_name: str


@dataclass(frozen=True, slots=True)
class OpenWork:
    """How much open work of one sort lies in the units that will close."""

    code: str
    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """What a merger does or would do.

    closed: each unit that ends, with the unit that takes over from it. moved: each part that goes
    on, with the unit under which it will stand. positions: each position that ends, with the one
    of the same code in the successor, None where there is none. open_work: what lies open in the
    units that end, by sort.
    """

    new: UUID
    on: dt.date
    decision: str
    closed: tuple[tuple[UUID, UUID], ...]
    moved: tuple[tuple[UUID, UUID], ...]
    positions: tuple[tuple[UUID, UUID | None], ...]
    open_work: tuple[OpenWork, ...]


@dataclass(frozen=True, slots=True)
class MergeConcern:
    """What a package above counts for the dry run of a merger.

    count: how many open records lie in these units.
    """

    code: str
    title: str
    count: Callable[[Sequence[UUID]], int]

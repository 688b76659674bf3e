"""Values of the board: a place in the tree, its figures, who holds its work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit as the board shows it.

    area: the statistics code of what it governs, empty for others. members: the units whose work
    is its own: itself, its parts, and whoever it took over from.
    """

    unit: UUID
    code: str
    area: str
    members: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an actor looks after: places, each a line of the board.

    seen: every unit whose work counts for one of them.
    """

    places: Sequence[Place]
    seen: Mapping[UUID, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A period: its first and last day."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The figures of one place or of all: what is open now, what came and went in the period.

    late, today, week, waiting, paused, open: as `public_services.Standing`. settled_late: of what
    was settled. share: on-time per cent with one decimal, rounded down, None without anything
    settled. late_since: the day of what is late for the longest.
    """

    late: int = 0
    today: int = 0
    week: int = 0
    waiting: int = 0
    paused: int = 0
    open: int = 0
    received: int = 0
    settled: int = 0
    settled_late: int = 0
    share: float | None = None
    late_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A place with its name and figures."""

    place: Place
    name: str
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What came and went in a month; first: its first day."""

    first: dt.date
    received: int
    settled: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Where work lies: the step, the place, the position, the person if it is given to one."""

    step: str
    place: str
    position: str
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much open work of a place lies with one holder."""

    unit: UUID
    holder: Holder
    late: int
    week: int
    open: int
    late_since: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that the first look shows; lines: the worst first."""

    days: Days
    total: Sum
    lines: Sequence[Line]
    months: Sequence[Month]
    worst: Sequence[tuple[Line, Load | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A hexagon of the cartogram: its column, its row from the north."""

    column: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A shape as an SVG path; label: where its number stands, None without room for one."""

    line: str
    label: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Shapes by code on a field. source: who drew them."""

    width: int
    height: int
    paths: Mapping[str, Path]
    source: str = ""

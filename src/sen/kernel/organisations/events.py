"""What organisations tell the others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events import public as events


@dataclass(frozen=True, kw_only=True)
class UnitAdded(events.Event):
    """A unit came into being."""

    name: ClassVar[str] = "organisations.unit.added"
    version: ClassVar[int] = 1

    unit: UUID
    code: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class UnitRenamed(events.Event):
    """A unit gets another name on a day."""

    name: ClassVar[str] = "organisations.unit.renamed"
    version: ClassVar[int] = 1

    unit: UUID
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class UnitMoved(events.Event):
    """A unit stands under another parent from a day on."""

    name: ClassVar[str] = "organisations.unit.moved"
    version: ClassVar[int] = 1

    unit: UUID
    parent: UUID
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class UnitsMerged(events.Event):
    """Units have ended in others; delivered on the day of the merger, not before.

    old, new: of equal length; the unit at one place of `old` ends in the unit at the same place
    of `new`. old_positions, new_positions: likewise the positions that have a counterpart.
    Whoever keeps open work in an old unit moves it to the new one.
    """

    name: ClassVar[str] = "organisations.units.merged"
    version: ClassVar[int] = 1

    old: tuple[UUID, ...]
    new: tuple[UUID, ...]
    old_positions: tuple[UUID, ...]
    new_positions: tuple[UUID, ...]
    on: dt.date
    decision: str

"""Event of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events import public as events


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(events.Event):
    """A day, an ordinary week or a year of the calendar changed.

    edition: the first edition with the change. unit: whose calendar; None is the whole province.
    Dates already promised stay; whoever shows expected dates computes them anew.
    """

    name: ClassVar[str] = "calendar.changed"
    version: ClassVar[int] = 1

    edition: int
    unit: UUID | None = None

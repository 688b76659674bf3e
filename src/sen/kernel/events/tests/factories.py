"""Events for tests."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sen.kernel.events.public import Event


class Colour(enum.StrEnum):
    """A choice."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something happened."""

    name: ClassVar[str] = "tests.happened"

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rich(Event):
    """An event with every kind of field."""

    name: ClassVar[str] = "tests.rich"
    version: ClassVar[int] = 2

    text: str
    count: int
    share: float
    is_final: bool
    unit: UUID
    on: dt.date
    at: dt.datetime
    colour: Colour
    parties: tuple[UUID, ...]
    days: tuple[dt.date, ...] = ()
    reason: str | None = None
    until: dt.date | None = None

    @classmethod
    def upgrade(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:
        """Version 1 called the text `title`."""
        return {"text": payload.pop("title"), **payload} if version == 1 else payload

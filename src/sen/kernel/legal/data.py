"""Values of the law's registry: the editions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EditionName = Literal["values", "grants", "units", "menu", "calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """The numbers of what changes seldom and is read always; a new number means: read again."""

    values: int
    grants: int
    units: int
    menu: int
    calendar: int

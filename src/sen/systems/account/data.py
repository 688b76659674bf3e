"""Values of the account pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DEMO_PASSWORD = "sen-demo-2026"  # noqa: S105 - of invented people, seeded in a demo only
"""The password of every seeded official; a demo shows it to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCitizen:
    """An invented citizen, as the stand-in of the national identity knows them by `hint`."""

    hint: str
    full_name: str
    national_number: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlace:
    """A position that an invented official holds: unit and position by their codes."""

    unit: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOfficial:
    """An invented official."""

    username: str
    full_name: str
    national_number: str
    places: Sequence[DemoPlace]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEntry:
    """One line of the demo page: who, as what, and what the button sends.

    citizen: the hint for the national identity, empty for an official.
    """

    full_name: str
    what: str
    username: str = ""
    citizen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGroup:
    """The invented people of one unit, or the citizens."""

    title: str
    entries: Sequence[DemoEntry]

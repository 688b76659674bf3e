"""What access tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events import public as events


@dataclass(frozen=True, kw_only=True)
class GrantMade(events.Event):
    """A position was given a role."""

    name: ClassVar[str] = "access.grant.made"
    version: ClassVar[int] = 1

    grant: UUID
    position: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class GrantRevoked(events.Event):
    """A role was taken back from a position."""

    name: ClassVar[str] = "access.grant.revoked"
    version: ClassVar[int] = 1

    grant: UUID
    position: UUID
    role: str

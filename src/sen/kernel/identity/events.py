"""What identity tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events.public import Event
from sen.kernel.identity.choices import FactorChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorChanged(Event):
    """What an account signs in with changed; its owner has to hear of it."""

    name: ClassVar[str] = "identity.second_factor.changed"

    account: UUID
    change: FactorChange

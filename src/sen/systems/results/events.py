"""What happens to kept results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events.public import Event


@dataclass(frozen=True, kw_only=True)
class ResultKept(Event):
    """A result was kept and can be verified and used again."""

    name: ClassVar[str] = "results.result.kept"
    result: UUID
    result_type: str
    unit: UUID


@dataclass(frozen=True, kw_only=True)
class ResultRevoked(Event):
    """A result no longer stands."""

    name: ClassVar[str] = "results.result.revoked"
    result: UUID
    result_type: str
    unit: UUID

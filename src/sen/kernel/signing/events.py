"""What signing tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events.public import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCompleted(Event):
    """A request for signatures came to its end: signed, or failed with a reason.

    purpose: the caller's own word for what the signatures were for. subject_kind, record: the
    record that the request named. files: the signed files in the
    order of the request's documents, empty after a failure. failure: the reason for people.
    """

    name: ClassVar[str] = "signing.completed"

    request: UUID
    purpose: str
    subject_kind: str
    record: UUID
    files: tuple[UUID, ...] = ()
    failure: str = ""

    @property
    def is_signed(self) -> bool:
        """Whether the files are there."""
        return not self.failure

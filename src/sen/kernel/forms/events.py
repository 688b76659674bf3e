"""Event of the forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sen.kernel.events import public as events


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPublished(events.Event):
    """A version of a form came out; drafts of earlier ones meet it when they are filed."""

    name: ClassVar[str] = "forms.form.published"
    version: ClassVar[int] = 1

    form_version: UUID
    code: str
    number: int

"""Procedures that are not filed here: described ones, and mere entries of the list of codes."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.models import Procedure, ProcedureVersion


def listed(code: str) -> Procedure | None:
    """Return a procedure known from the list of all codes only, None for any other."""
    published = ProcedureVersion.objects.filter(
        procedure=OuterRef("pk"), status=ProcedureStatus.PUBLISHED
    )
    return Procedure.objects.filter(~Exists(published), code=code, is_active=True).first()

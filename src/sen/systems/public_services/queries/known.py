"""Procedures that are not filed here: described ones, and mere entries of the list of codes."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from sen.base.vietnamese import fold
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion


def find(query: str, *, limit: int = 30) -> list[Procedure]:
    """Return the procedures that are not filed here and hold every word, with or without marks.

    Described ones come first, then by code. At most two statements, one while the words are
    remembered.
    """
    words = fold(query).split()
    if not words:
        return []
    found = [code for haystack, code in _haystacks() if all(word in haystack for word in words)][
        :limit
    ]
    rows = {row.code: row for row in Procedure.objects.filter(code__in=found)} if found else {}
    return [rows[code] for code in found if code in rows]


def _haystacks() -> list[tuple[str, str]]:
    """Return the folded code and name of each, the described first; remembered with the values."""
    return legal.cached("values", ("public_services.known",), _read)


def _read() -> list[tuple[str, str]]:
    published = ProcedureVersion.objects.filter(
        procedure=OuterRef("pk"), status=ProcedureStatus.PUBLISHED
    )
    filed = Case.objects.filter(
        version__procedure=OuterRef("pk"), version__status=ProcedureStatus.PUBLISHED
    )
    rows = (
        Procedure.objects.filter(~Exists(filed), is_active=True)
        .annotate(is_described=Exists(published))
        .order_by("-is_described", "code")
        .values_list("code", "name__vi")
    )
    return [(fold(f"{code} {name}"), code) for code, name in rows]


def listed(code: str) -> Procedure | None:
    """Return a procedure known from the list of all codes only, None for any other."""
    published = ProcedureVersion.objects.filter(
        procedure=OuterRef("pk"), status=ProcedureStatus.PUBLISHED
    )
    return Procedure.objects.filter(~Exists(published), code=code, is_active=True).first()

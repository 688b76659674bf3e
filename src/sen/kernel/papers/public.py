"""The door of papers: render, number, take codes apart, QR codes."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from sen.kernel.papers import services
from sen.kernel.papers.adapters import qr
from sen.kernel.papers.choices import FieldKind
from sen.kernel.papers.data import DossierCode, PaperTemplate, Rendered, SchemaField
from sen.kernel.papers.models import Register
from sen.kernel.papers.registry import edition, register_templates, schema, templates
from sen.kernel.papers.rules import (
    format_code,
    notation,
    parse_code,
    pattern_problems,
    written_day,
    written_number,
)
from sen.kernel.papers.services import Numbering, render, take_number

__all__ = [
    "DossierCode", "FieldKind", "Numbering", "PaperTemplate", "Register", "Rendered", "SchemaField",
    "edition", "format_code", "next_code", "notation", "parse_code", "pattern_problems", "qr_svg",
    "register_templates", "render", "schema", "take_number", "templates", "written_day",
    "written_number",
]  # fmt: skip

DOSSIER_CODE = "public_services.dossier_code"
"""The legal value that holds the pattern of dossier codes."""


def next_code(
    *, unit: UUID, unit_code: str, field_code: str, on: dt.date, pattern_key: str = DOSSIER_CODE
) -> str:
    """Return the next dossier code of an agency on a day (see `services.next_code`)."""
    return services.next_code(
        unit=unit, unit_code=unit_code, field_code=field_code, on=on, pattern_key=pattern_key
    )


def qr_svg(text: str) -> SafeString:
    """Return a QR code as SVG for a page; it takes the size of what it stands in."""
    return mark_safe(qr.svg(text))  # noqa: S308 - digits and path commands made by segno

"""Values of papers: templates and their schemas, rendered papers, dossier codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise

from sen.kernel.papers.choices import FieldKind

TEMPLATE_ROOT = Path(__file__).parents[2]
"""The folder `src/sen`, below which templates lie and from which they import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTemplate:
    """One edition of an official paper that a system brings along.

    code: "public_services.mau_01". source: the Typst file below `src/sen`, with its schema beside
    it under the same name and `.json`. version counts the editions of a code; on a day the newest
    edition that is valid is used. law: the paper of law that prescribes it.
    """

    code: str
    title: str | Promise
    source: str
    version: int = 1
    valid_from: dt.date
    valid_to: dt.date | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One thing that a paper says: its key, what people call it, of which kind, needed or not.

    columns: of the rows of a table.
    """

    key: str
    title: str
    kind: FieldKind
    is_required: bool = False
    columns: tuple[SchemaField, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered paper: PDF/A-2b bytes, their SHA-256, and the edition that made them.

    has_fields: whether places for digits, signature and seal were prepared in it.
    """

    pdf: bytes
    sha256: str
    code: str
    template_version: int
    has_fields: bool


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier code ("mã số hồ sơ") taken apart.

    agency: what stands before the date, as written. on: the day in it. owner: letters of the
    owning system before the number, mostly none. ordinal: the number in that agency's day.
    """

    agency: str
    on: dt.date
    ordinal: int
    owner: str = ""

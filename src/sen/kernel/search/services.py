"""Writing what can be found; part of a system's verb, which has checked the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from sen.base.identifiers import new_id
from sen.kernel.search import registry, rules
from sen.kernel.search.models import SearchEntry

_UPSERT = """
INSERT INTO search_searchentry (id, kind, record, code, title, folded, exact, units, persons, at)
VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s::tsvector, %s, %s, %s)
ON CONFLICT (kind, record) DO UPDATE SET code = excluded.code, title = excluded.title,
    folded = excluded.folded, exact = excluded.exact, units = excluded.units,
    persons = excluded.persons, at = excluded.at"""


def index(
    *,
    kind: str,
    record: UUID,
    code: str,
    title: str,
    units: Iterable[UUID],
    at: dt.datetime,
    body: str = "",
    persons: Iterable[UUID] = (),
) -> None:
    """Let a record be found by its code, title and body, in place of what stood there. 1 SQL.

    units: may see it, with the right of its source. persons: may see it as their own. body: only
    words that whoever may see the record may also know.
    """
    registry.source(kind)
    weighted = [(code, "A"), (title, "B"), (body, "D")]
    values: list[Any] = [
        new_id(),
        kind,
        record,
        code,
        title,
        rules.vector(weighted, is_folded=True),
        rules.vector(weighted, is_folded=False),
        list(units),
        list(persons),
        at,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, values)


def remove(*, kind: str, record: UUID) -> None:
    """Let a record no longer be found. 1 SQL."""
    SearchEntry.objects.filter(kind=kind, record=record).delete()

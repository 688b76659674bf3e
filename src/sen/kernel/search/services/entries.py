"""Writing what can be found; part of a system's verb, which has checked the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sen.base.identifiers import new_id
from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.search import registry
from sen.kernel.search.models import SearchEntry
from sen.kernel.search.rules import words

_NEW = """
SELECT %s::uuid AS id, %s AS kind, %s::uuid AS record, %s AS code, %s AS title,
    %s::tsvector AS folded, %s::tsvector AS exact, %s::uuid[] AS units, %s::uuid[] AS persons,
    %s::timestamptz AS at"""
_CHANGE = """
UPDATE search_searchentry entry SET code = new.code, title = new.title, folded = new.folded,
    exact = new.exact, units = new.units, persons = new.persons, at = new.at
FROM {new} AS new WHERE entry.kind = new.kind AND entry.record = new.record RETURNING entry.id"""
_ADD = """
INSERT INTO search_searchentry (id, kind, record, code, title, folded, exact, units, persons, at)
SELECT * FROM {new} WHERE NOT EXISTS (SELECT FROM {changed})"""
"""Not ON CONFLICT, which asks that the writer sees the row: whoever files need not find it."""


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
    """Let a record be found by its code, title and body, in place of what stood there.

    In an entered transaction that holds the record; what stands there is replaced by whoever sees
    it, such as the system.

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
        words.vector(weighted, is_folded=True),
        words.vector(weighted, is_folded=False),
        list(units),
        list(persons),
        at,
    ]
    database.write(
        Part(_NEW, values, "new"),
        Part(_CHANGE, (), "changed"),
        Part(_ADD),
        instead_of=("search.index", kind, record),
    )


def past(
    *,
    entry: UUID,
    kind: str,
    record: UUID,
    code: str,
    title: str,
    units: Iterable[UUID],
    at: dt.datetime,
    body: str = "",
) -> SearchEntry:
    """Return the row that `index` would have written, to be loaded with its record.

    `said` of it are the texts by which it is found, for whoever makes more rows like it.
    """
    weighted = [(code, "A"), (title, "B"), (body, "D")]
    row = SearchEntry(
        id=entry,
        kind=kind,
        record=record,
        code=code,
        title=title,
        folded=words.vector(weighted, is_folded=True),
        exact=words.vector(weighted, is_folded=False),
        units=list(units),
        persons=[],
        at=at,
    )
    row.said = weighted
    return row


def remove(*, kind: str, record: UUID) -> None:
    """Let a record no longer be found, in a transaction entered by whoever sees it. 1 SQL."""
    SearchEntry.objects.filter(kind=kind, record=record).delete()

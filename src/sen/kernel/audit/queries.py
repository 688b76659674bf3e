"""The reads: a record's trail, entries by id, kept values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from sen.base import sealing
from sen.kernel.audit.data import Change, Entry, Subject
from sen.kernel.audit.models import Revision

COLUMNS = (
    "id, at, action, subject_kind, subject_id, subject_code, account, person, position, unit,"
    " acting_for, token, strength, channel, reason, fields"
)


def trail(subject: Subject, *, limit: int = 50, before: UUID | None = None) -> list[Entry]:
    """Return a record's lines, the latest first. before: only lines older than this entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_entry WHERE subject_id = %s AND subject_kind = %s"
            " AND (%s::uuid IS NULL OR id < %s) ORDER BY id DESC LIMIT %s",
            [subject.id, subject.kind, before, before, limit],
        )
        return [entry_of(row) for row in cursor.fetchall()]


def entries(ids: Sequence[UUID]) -> list[Entry]:
    """Return the entries of these ids that exist, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_entry WHERE id = ANY(%s) ORDER BY id", [list(ids)]
        )
        return [entry_of(row) for row in cursor.fetchall()]


def revisions(subject: Subject) -> list[tuple[UUID, Change]]:
    """Return the kept values of a subject with the entry of each, the oldest first."""
    sealer = sealing.sealer(settings.FIELD_KEY)
    found = []
    for row in Revision.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by(
        "id"
    ):
        old, new = json.loads(sealer.open(bytes(row.sealed), "audit_revision", str(row.id)))
        found.append((row.entry, Change(row.field, old, new)))
    return found


def entry_of(row: Sequence[Any]) -> Entry:
    """Return an entry from a row of COLUMNS."""
    return Entry(
        id=row[0], at=row[1], action=row[2], subject=Subject(row[3], row[4], row[5]),
        account=row[6], person=row[7], position=row[8], unit=row[9], acting_for=row[10],
        token=row[11], strength=row[12], channel=row[13], reason=row[14],
        fields=json.loads(row[15]),
    )  # fmt: skip

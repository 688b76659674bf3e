"""The reads: a record's trail, entries by id, kept values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from sen.base import sealing
from sen.base.identifiers import made_at, new_id
from sen.kernel.audit.data import Change, Entry, Seal, Subject
from sen.kernel.audit.models import Anchor, PendingEntry, Revision

COLUMNS = (
    "id, at, action, subject_kind, subject_id, subject_code, account, person, position, unit,"
    " acting_for, token, strength, channel, reason, fields"
)


SEAL = "number, entries, leaves, root, former, chain"
CLOCKS_APART_SECONDS = 300
"""How far the clocks of two machines may be apart."""


def trail(
    subject: Subject, *, limit: int = 50, before: UUID | None = None, without: str = ""
) -> list[Entry]:
    """Return a record's lines, the latest first. before: only lines older than this entry.

    without: an action whose lines are left out, such as the record's being read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_entry WHERE subject_id = %s AND subject_kind = %s"
            " AND (%s::uuid IS NULL OR id < %s) AND action <> %s ORDER BY id DESC LIMIT %s",
            [subject.id, subject.kind, before, before, without, limit],
        )
        return [entry_of(row) for row in cursor.fetchall()]


def find(
    *,
    since: dt.datetime,
    until: dt.datetime,
    code: str = "",
    account: UUID | None = None,
    limit: int = 50,
    before: UUID | None = None,
) -> list[Entry]:
    """Return the lines of some days, the latest first; of one record or one account if asked.

    code: the record's public code. before: only lines older than this entry. The ids carry the
    moment, so only the months asked for are read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_entry WHERE id >= %s AND id < %s"
            " AND (%s = '' OR subject_code = %s) AND (%s::uuid IS NULL OR account = %s)"
            " ORDER BY id DESC LIMIT %s",
            [
                *(_floor(since), min(_floor(until), before or _floor(until))),
                *(code, code, account, account, limit),
            ],
        )
        return [entry_of(row) for row in cursor.fetchall()]


def _floor(at: dt.datetime) -> UUID:
    """Return the lowest id that can have been made at a moment."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


def entries(ids: Sequence[UUID]) -> list[Entry]:
    """Return the entries of these ids that exist, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_entry WHERE id = ANY(%s) ORDER BY id", [list(ids)]
        )
        return [entry_of(row) for row in cursor.fetchall()]


def revisions(subject: Subject) -> list[tuple[UUID, Change]]:
    """Return the kept values of a subject with the entry of each, the oldest first.

    For a verb that acts as the system (`access.enter(SYSTEM)`): nobody else sees what is kept.
    """
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


def seals(*, after: int, limit: int) -> list[Seal]:
    """Return the seals that follow a number, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {SEAL} FROM audit_seal WHERE number > %s ORDER BY number LIMIT %s",
            [after, limit],
        )
        return [_seal_of(row) for row in cursor.fetchall()]


def last_seal() -> Seal | None:
    """Return the latest seal, None before the first."""
    return _one_seal("ORDER BY number DESC LIMIT 1")


def seal_numbered(number: int) -> Seal | None:
    """Return a seal by its number."""
    return _one_seal("WHERE number = %s", number)


def seal_with(entry: UUID) -> Seal | None:
    """Return the seal of an entry, None if it has none.

    The search begins at the moment at which the entry's id was made. Ids made while the clock was
    ahead, and after it went back, are of a later moment than their seal: then all are looked at.
    """
    return _one_seal(
        "WHERE sealed_at >= to_timestamp(%s) AND %s = ANY(entries) ORDER BY sealed_at LIMIT 1",
        (entry.int >> 80) / 1000 - CLOCKS_APART_SECONDS,
        entry,
    ) or _one_seal("WHERE %s = ANY(entries) ORDER BY number LIMIT 1", entry)


_DOUBTFUL = """
SELECT seal.number, sealed.id FROM audit_seal seal
CROSS JOIN LATERAL unnest(seal.entries, seal.leaves) AS sealed(id, leaf)
LEFT JOIN LATERAL (SELECT * FROM audit_entry WHERE id = sealed.id OFFSET 0) AS e ON true
LEFT JOIN LATERAL (
    SELECT string_agg('[' || to_json(key) || ',' || to_json(value) || ']', ',' ORDER BY key) AS list
    FROM jsonb_each_text(e.fields)) AS fields ON true
WHERE seal.number BETWEEN %s AND %s AND sealed.leaf IS DISTINCT FROM sha256(
    '\\x00'::bytea || convert_to(concat(
        '[1,"', e.id, '",', (extract(epoch FROM e.at) * 1000000)::bigint, ',',
        to_json(e.action), ',', to_json(e.subject_kind), ',"', e.subject_id, '",',
        to_json(e.subject_code), ',', coalesce(to_json(e.account)::text, 'null'), ',',
        coalesce(to_json(e.person)::text, 'null'), ',',
        coalesce(to_json(e.position)::text, 'null'), ',',
        coalesce(to_json(e.unit)::text, 'null'), ',',
        coalesce(to_json(e.acting_for)::text, 'null'), ',',
        coalesce(to_json(e.token)::text, 'null'), ',', e.strength, ',',
        to_json(e.channel), ',', to_json(e.reason), ',[', fields.list, ']]'), 'UTF8'))
"""
"""The bytes of `rules.canonical` put together by the database. OFFSET 0: each by its key, in its
own month, where the planner would read every month for each batch."""


def doubtful(first: int, last: int) -> dict[int, set[UUID]]:
    """Return entries of seals, by seal, that are gone or whose leaf the database finds otherwise.

    What stands here is looked at with `rules.canonical`, which alone says what a leaf is of.
    """
    found: dict[int, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTFUL, [first, last])
        for number, entry in cursor.fetchall():
            found.setdefault(number, set()).add(entry)
    return found


def strangers() -> list[UUID]:
    """Return the entries that stand in no seal and do not wait for one: nobody recorded them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_entry"
            " WHERE NOT EXISTS (SELECT FROM audit_pending WHERE id = audit_entry.id)"
            " AND NOT EXISTS (SELECT FROM (SELECT unnest(entries) AS id FROM audit_seal) AS sealed"
            " WHERE sealed.id = audit_entry.id) ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def lost_waiting() -> list[UUID]:
    """Return the ids that wait for a seal though their entry is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_pending"
            " WHERE NOT EXISTS (SELECT FROM audit_entry WHERE id = audit_pending.id) ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def count_unsealed(*, seconds: int = 60) -> int:
    """Return how many entries made longer ago than that wait for their seal."""
    before = UUID(int=((new_id().int >> 80) - seconds * 1000) << 80)
    return PendingEntry.objects.filter(id__lt=before).count()


def unsealed() -> tuple[int, dt.datetime | None]:
    """Return how many entries wait for their seal, and since when the first does. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), (array_agg(id ORDER BY id))[1] FROM audit_pending")
        count, first = cursor.fetchone()
    return int(count), made_at(first) if first else None


def anchors() -> list[Anchor]:
    """Return the anchors in the order of their seals."""
    return list(Anchor.objects.order_by("seal"))


def _one_seal(condition: str, *parameters: Any) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SEAL} FROM audit_seal {condition}", parameters)
        row = cursor.fetchone()
    return None if row is None else _seal_of(row)


def _seal_of(row: Sequence[Any]) -> Seal:
    return Seal(
        number=row[0],
        entries=tuple(row[1]),
        leaves=tuple(bytes(leaf) for leaf in row[2]),
        root=bytes(row[3]),
        former=bytes(row[4]),
        chain=bytes(row[5]),
    )

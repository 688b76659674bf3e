"""The verbs: record an act, keep and erase old values, seal what waits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from sen.base import clock, sealing
from sen.base.actor import Actor
from sen.base.identifiers import new_id
from sen.kernel.audit import queries, rules
from sen.kernel.audit.data import Change, Subject
from sen.kernel.audit.models import Revision

BATCH = 2000
_SEAL_LOCK = 7_236_911_403
_RECORD = (
    "WITH entry AS (INSERT INTO audit_entry (id, at, action, subject_kind, subject_id,"
    " subject_code, account, person, position, unit, acting_for, token, strength, channel,"
    " reason, fields) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " RETURNING id) INSERT INTO audit_pending (id) SELECT id FROM entry"
)


def record(
    actor: Actor,
    action: str,
    *,
    subject: Subject,
    at: dt.datetime,
    reason: str = "",
    fields: Mapping[str, object] | None = None,
) -> UUID:
    """Write one line of the trail within the caller's transaction; return its id. One statement.

    action: `package.verb`, such as "public_services.receive_dossier". reason: why, in words for
    people, no personal data. fields: what was set; only a keyed digest of each value is kept.
    """
    entry = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                entry, at, action, subject.kind, subject.id, subject.code, actor.account,
                actor.person, actor.position, actor.unit, actor.acting_for, actor.token,
                int(actor.strength), str(actor.channel), reason,
                json.dumps(digests(subject, fields or {})),
            ],
        )  # fmt: skip
    return entry


def digests(subject: Subject, fields: Mapping[str, object]) -> dict[str, str]:
    """Return the keyed digest of each value, for this subject and field only."""
    sealer = sealing.sealer(settings.FIELD_KEY)
    return {
        name: sealer.digest(
            json.dumps(value, default=str, ensure_ascii=False, sort_keys=True),
            "audit", subject.kind, str(subject.id), name,
        ).hex()
        for name, value in fields.items()
    }  # fmt: skip


def revise(subject: Subject, changes: Sequence[Change], entry: UUID) -> None:
    """Keep the values before and after an act, sealed, until they are erased. One statement."""
    sealer = sealing.sealer(settings.FIELD_KEY)
    rows = []
    for change in changes:
        row = new_id()
        plain = json.dumps([change.old, change.new], default=str, ensure_ascii=False).encode()
        rows.append(
            Revision(
                id=row,
                entry=entry,
                subject_kind=subject.kind,
                subject_id=subject.id,
                field=change.field,
                sealed=sealer.seal(plain, "audit_revision", str(row)),
            )
        )
    Revision.objects.bulk_create(rows)


def erase_revisions(subject: Subject) -> int:
    """Delete every kept value of a subject; the trail itself, which has none, stays."""
    return Revision.objects.filter(subject_kind=subject.kind, subject_id=subject.id).delete()[0]


def seal(*, limit: int = BATCH) -> int:
    """Seal the entries that wait, chained to the seal before; return how many.

    One sealer works at a time, on whichever machine. One statement when nothing waits, else five.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM audit_pending)")
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic():
        return _seal(limit)


def _seal(limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_pending WHERE id = ANY(ARRAY("
            " SELECT id FROM audit_pending WHERE (SELECT pg_try_advisory_xact_lock(%s))"
            " ORDER BY id LIMIT %s)) RETURNING id",
            [_SEAL_LOCK, limit],
        )
        waiting = sorted(row[0] for row in cursor.fetchall())
        if not waiting:
            return 0
        entries = queries.entries(waiting)
        leaves = [rules.leaf_hash(entry) for entry in entries]
        cursor.execute("SELECT number, chain FROM audit_seal ORDER BY number DESC LIMIT 1")
        last = cursor.fetchone()
        number, former = (last[0] + 1, bytes(last[1])) if last else (1, rules.GENESIS)
        root = rules.root_of(leaves)
        cursor.execute(
            "INSERT INTO audit_seal (number, entries, leaves, root, former, chain, sealed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                number, [entry.id for entry in entries], leaves, root, former,
                rules.chain_hash(number, former, root, len(leaves)), clock.now(),
            ],
        )  # fmt: skip
    return len(entries)

"""The verbs: record an act, keep and erase old values, seal what waits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from sen.base import locks, sealing
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import queries, rules
from sen.kernel.audit.adapters import anchor as adapters_anchor
from sen.kernel.audit.data import Change, Entry, InclusionProof, Seal, Subject, VerifyReport
from sen.kernel.audit.models import Anchor, AuditEntry, PendingEntry, Revision
from sen.kernel.database import public as database

BATCH = 2000
VERIFY_BATCH = 50
_RECORD_ONCE = (
    "WITH entry AS (INSERT INTO audit_entry (id, at, action, subject_kind, subject_id,"
    " subject_code, account, person, position, unit, acting_for, token, strength, channel,"
    " reason, fields) SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s"
    " WHERE NOT EXISTS (SELECT FROM audit_entry WHERE subject_id = %s AND id >= %s"
    " AND action = %s AND account IS NOT DISTINCT FROM %s AND at > %s)"
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
    """Write one line of the trail with the caller's transaction; return its id.

    action: `package.verb`, such as "public_services.receive_dossier". reason: why, in words for
    people, no personal data. fields: what was set; only a keyed digest of each value is kept.
    """
    entry = new_id()
    database.insert_row(
        "audit_entry",
        {
            "id": entry,
            "at": at,
            "action": action,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "subject_code": subject.code,
            "account": actor.account,
            "person": actor.person,
            "position": actor.position,
            "unit": actor.unit,
            "acting_for": actor.acting_for,
            "token": actor.token,
            "strength": int(actor.strength),
            "channel": str(actor.channel),
            "reason": reason,
            "fields": json.dumps(digests(subject, fields or {})),
        },
    )
    database.insert_row("audit_pending", {"id": entry})
    return entry


def past(
    actor: Actor,
    action: str,
    *,
    subject: Subject,
    at: dt.datetime,
    entry: UUID,
    reason: str = "",
    fields: Mapping[str, object] | None = None,
) -> tuple[AuditEntry, PendingEntry]:
    """Return the rows of a line of the past with this id, to be loaded with what it speaks of.

    It is sealed when it comes in: a seal says when a line was there, not when it should have been.
    """
    line = AuditEntry(
        id=entry,
        at=at,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_code=subject.code,
        account=actor.account,
        person=actor.person,
        position=actor.position,
        unit=actor.unit,
        acting_for=actor.acting_for,
        token=actor.token,
        strength=int(actor.strength),
        channel=str(actor.channel),
        reason=reason,
        fields=digests(subject, fields or {}),
    )
    return line, PendingEntry(id=entry)


def record_once(
    actor: Actor, action: str, *, subject: Subject, at: dt.datetime, within: dt.timedelta
) -> None:
    """Write a line unless the account did the same to the record a short while ago. One statement.

    For what people do many times over, such as opening a record. Two that come at the same moment
    may both be written.
    """
    entry = new_id()
    lowest = UUID(int=max(0, (entry.int >> 80) - int(within.total_seconds() * 1000)) << 80)
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD_ONCE,
            [
                entry, at, action, subject.kind, subject.id, subject.code, actor.account,
                actor.person, actor.position, actor.unit, actor.acting_for, actor.token,
                int(actor.strength), str(actor.channel), "", "{}",
                subject.id, lowest, action, actor.account, at - within,
            ],
        )  # fmt: skip


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
    """Delete every kept value of a subject; the trail itself, which has none, stays.

    For a verb that acts as the system (`access.enter(SYSTEM)`): nobody else sees what is kept.
    """
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
            [locks.SEALER, limit],
        )
        waiting = sorted(row[0] for row in cursor.fetchall())
        if not waiting:
            return 0
        entries = queries.entries(waiting)
        leaves = [rules.leaf_hash(rules.canonical(entry)) for entry in entries]
        last = queries.last_seal()
        number, former = (last.number + 1, last.chain) if last else (1, rules.GENESIS)
        root = rules.root_of(leaves)
        cursor.execute(
            "INSERT INTO audit_seal (number, entries, leaves, root, former, chain, sealed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, statement_timestamp())",
            [
                number, [entry.id for entry in entries], leaves, root, former,
                rules.chain_hash(number, former, root, len(leaves)),
            ],
        )  # fmt: skip
    return len(entries)


class PastSeals:
    """Seals lines of the past that come in many at once, in the transaction that loads them.

    No other sealer works until it ends. The lines need no row of their own among those that wait.
    """

    def __init__(self, cursor: CursorWrapper) -> None:
        """Take the place of the sealer, on the connection by which the lines come in."""
        self._cursor = cursor
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.SEALER])
        cursor.execute("SELECT number, chain FROM audit_seal ORDER BY number DESC LIMIT 1")
        number, chain = cursor.fetchone() or (0, rules.GENESIS)
        self._number, self._chain = int(number), bytes(chain)

    def add(self, entries: Sequence[str], leaves: Sequence[bytes]) -> None:
        """Seal lines by their ids and leaf hashes, at most BATCH of them under one root."""
        for start in range(0, len(entries), BATCH):
            part = leaves[start : start + BATCH]
            root, former = rules.root_of(part), self._chain
            self._number += 1
            self._chain = rules.chain_hash(self._number, former, root, len(part))
            self._cursor.execute(
                "INSERT INTO audit_seal (number, entries, leaves, root, former, chain, sealed_at)"
                " VALUES (%s, %s::uuid[], %s, %s, %s, %s, statement_timestamp())",
                [
                    self._number, list(entries[start : start + BATCH]), list(part), root, former,
                    self._chain,
                ],
            )  # fmt: skip


def line_of(row: AuditEntry) -> str:
    """Return the text of a line whose hash is its leaf, for lines that are made many at once."""
    return rules.canonical(
        Entry(
            id=row.id, at=row.at, action=row.action,
            subject=Subject(row.subject_kind, row.subject_id, row.subject_code),
            account=row.account, person=row.person, position=row.position, unit=row.unit,
            acting_for=row.acting_for, token=row.token, strength=row.strength,
            channel=row.channel, reason=row.reason, fields=row.fields,
        )
    ).decode()  # fmt: skip


def verify(*, first: int = 1, head: str = "", unsealed_seconds: int = 60) -> VerifyReport:
    """Check the trail: every seal from `first` on, its entries, its anchors, and strangers.

    Names each entry that was changed, added or removed by hand and each seal that was touched.
    head: "number:chain" noted at an earlier check, which must still stand in the trail; only that
    or an anchor tells of seals cut off at the end together with their entries.
    """
    problems: list[str] = []
    checked, count, last = _check_seals(first, problems)
    problems += [
        _("dòng %(id)s được thêm ngoài quy trình") % {"id": entry} for entry in queries.strangers()
    ]
    problems += [_("dòng %(id)s đã bị xóa") % {"id": entry} for entry in queries.lost_waiting()]
    for anchor in queries.anchors():
        seal = queries.seal_numbered(anchor.seal)
        if seal is None or not adapters_anchor.fits(bytes(anchor.token), seal.chain):
            problems.append(_("neo thời gian của con dấu %(n)s không khớp") % {"n": anchor.seal})
    if head:
        problems += _head_faults(head)
    unsealed = queries.count_unsealed(seconds=unsealed_seconds)
    if unsealed:
        problems.append(_("%(n)s dòng chưa được niêm phong kịp thời") % {"n": unsealed})
    return VerifyReport(
        checked=checked,
        seals=count,
        unsealed=unsealed,
        head=f"{last.number}:{last.chain.hex()}" if last else "",
        problems=tuple(problems),
    )


def faults(limit: int) -> list[str]:
    """Return what `verify` finds wrong with the trail."""
    return list(verify().problems)[:limit]


def _check_seals(first: int, problems: list[str]) -> tuple[int, int, Seal | None]:
    checked = count = 0
    last = queries.seal_numbered(first - 1)
    while batch := queries.seals(after=last.number if last else first - 1, limit=VERIFY_BATCH):
        doubtful = queries.doubtful(batch[0].number, batch[-1].number)
        found = {
            entry.id: entry
            for entry in queries.entries([i for ids in doubtful.values() for i in ids])
        }
        for seal in batch:
            expected = last.number + 1 if last else first
            if seal.number != expected:
                problems.append(
                    _("thiếu con dấu %(first)s đến %(last)s")
                    % {"first": expected, "last": seal.number - 1}
                )
            former = last.chain if last else (rules.GENESIS if first == 1 else seal.former)
            problems += [
                _("con dấu %(n)s đã bị sửa (%(what)s)") % {"n": seal.number, "what": fault}
                for fault in rules.seal_faults(seal, former)
            ]
            problems += _entry_faults(seal, doubtful.get(seal.number, set()), found)
            checked, count, last = checked + len(seal.entries), count + 1, seal
    return checked, count, last


def _entry_faults(seal: Seal, doubtful: Collection[UUID], found: Mapping[UUID, Entry]) -> list[str]:
    problems = []
    for entry_id, leaf in zip(seal.entries, seal.leaves, strict=False):
        if entry_id not in doubtful:
            continue
        entry = found.get(entry_id)
        if entry is None:
            problems.append(_("dòng %(id)s đã bị xóa") % {"id": entry_id})
        elif rules.leaf_hash(rules.canonical(entry)) != leaf:
            problems.append(_("dòng %(id)s đã bị sửa") % {"id": entry_id})
    return problems


def _head_faults(head: str) -> list[str]:
    number, _colon, chain = head.partition(":")
    seal = queries.seal_numbered(int(number)) if number.isdigit() else None
    if seal is not None and seal.chain.hex() == chain:
        return []
    return [_("con dấu %(n)s không còn như đã ghi nhận") % {"n": number}]


def prove(entry_id: UUID) -> InclusionProof:
    """Return the proof that an entry stands sealed in the trail. Raises NotFound if it does not.

    An entry is sealed about a second after its act.
    """
    seal = queries.seal_with(entry_id)
    entries = queries.entries([entry_id])
    if seal is None or not entries:
        raise NotFound(_("Chưa có dòng này trong nhật ký đã niêm phong."))
    index = seal.entries.index(entry_id)
    return InclusionProof(
        entry=entry_id,
        content=rules.canonical(entries[0]),
        index=index,
        size=len(seal.leaves),
        path=rules.path_to(seal.leaves, index),
        root=seal.root,
        number=seal.number,
        former=seal.former,
        chain=seal.chain,
    )


def anchor(*, at: dt.datetime) -> bool:
    """Have an outside authority stamp the last seal's chain; False if there is nothing to stamp.

    Off without the setting TSA_URL. Not inside a transaction: it uses the network. Raises
    Unavailable where the authority does not answer or answers wrongly.
    """
    address = str(getattr(settings, "TSA_URL", ""))
    last = queries.last_seal()
    if not address or last is None or Anchor.objects.filter(seal=last.number).exists():
        return False
    token = adapters_anchor.stamp(address, last.chain)
    Anchor.objects.bulk_create(
        [Anchor(seal=last.number, token=token, authority=address, stamped_at=at)],
        ignore_conflicts=True,
    )
    return True

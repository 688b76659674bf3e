"""The verbs on the dictionary: write a line, take it out of use, undo, lay down what comes along.

Every change counts the edition of values up, under which each process keeps what can be asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.search.choices import WordingKind
from sen.kernel.search.data import Line
from sen.kernel.search.models import LONGEST_PHRASE, SearchWording, SearchWordingChange
from sen.kernel.search.permissions import MANAGE
from sen.kernel.search.queries import wordings
from sen.kernel.search.rules import dictionary, syllables

KIND = "search.wording"
_BATCH = 1000
_FIELDS = ("phrases", "kind", "means", "records", "topic", "is_active")


@transaction.atomic
def save_wording(
    *,
    actor: Actor,
    line: Line,
    reason: str,
    at: dt.datetime,
    wording: UUID | None = None,
    number: int = 0,
) -> SearchWording:
    """Write a line of the dictionary; one that was out of use is used again.

    wording: the line that is changed, a new one where it is None; number: as it was when it was
    opened. Raises NotAllowed, NotFound, Invalid for phrases without words or no reason, Conflict
    where another line in use has a phrase or the line has been changed meanwhile.
    """
    _check_right(actor, at)
    _lock()
    held = _held(wording, number) if wording is not None else None
    fields = _fields(line)
    taken = _taken(fields["phrases"], but=held)
    if taken is not None:
        message = _("“%(phrase)s” đã có trong từ điển.") % {"phrase": taken}
        raise Conflict(message, fields={"phrases": [message]})
    return _write(actor, held, fields, reason=reason, at=at)


@transaction.atomic
def retire_wording(
    *, actor: Actor, wording: UUID, number: int, reason: str, at: dt.datetime
) -> SearchWording:
    """Take a line out of use; it can be used again. Raises NotAllowed, NotFound, Conflict."""
    _check_right(actor, at)
    _lock()
    held = _held(wording, number)
    return _write(actor, held, {**_state(held), "is_active": False}, reason=reason, at=at)


@transaction.atomic
def undo_wording(
    *, actor: Actor, wording: UUID, number: int, reason: str, at: dt.datetime
) -> SearchWording:
    """Make a line as it was before its latest change; a new line goes out of use.

    Undoing twice brings the change back. Raises NotAllowed, NotFound, Conflict.
    """
    _check_right(actor, at)
    _lock()
    held = _held(wording, number)
    last = held.changes.filter(number=held.number).first()
    before = (last.before if last else None) or {**_state(held), "is_active": False}
    taken = _taken(before["phrases"], but=held) if before["is_active"] else None
    if taken is not None:
        raise Conflict(_("“%(phrase)s” đã có trong từ điển.") % {"phrase": taken})
    return _write(actor, held, before, reason=reason, at=at)


@transaction.atomic
def seed_wordings(lines: Iterable[Line], *, actor: Actor, at: dt.datetime) -> int:
    """Lay down phrases that were never there; return how many lines were. A few statements.

    What an administrator changed or took out of use stays so. The right is checked by whoever
    offers this.
    """
    _lock()
    there = _ever_there()
    rows = []
    for line in lines:
        said = (dictionary.clean(one) for one in line.phrases)
        phrases = tuple(one for one in said if one not in there)
        there.update(phrases)
        if phrases:
            rows.append(SearchWording(**_fields(replace(line, phrases=phrases))))
    if not rows:
        return 0
    SearchWording.objects.bulk_create(rows, batch_size=_BATCH)
    audit.record(
        actor,
        "search.seed_wordings",
        subject=audit.Subject(KIND, rows[0].id, rows[0].phrase),
        at=at,
        fields={"count": len(rows)},
    )
    legal.bump("values")
    return len(rows)


def _ever_there() -> set[str]:
    found = {one for row in SearchWording.objects.values_list("phrases", flat=True) for one in row}
    for before in SearchWordingChange.objects.values_list("before__phrases", flat=True):
        found.update(before or ())
    return found


def _lock() -> None:
    """Let one at a time write the dictionary, where each phrase stands once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('search.wordings', 0))")


def _taken(phrases: Sequence[str], *, but: SearchWording | None) -> str | None:
    """Return a phrase that another line in use has, None where there is none."""
    others = SearchWording.objects.filter(is_active=True, phrases__overlap=list(phrases))
    if but is not None:
        others = others.exclude(id=but.id)
    for row in others:
        return next(one for one in row.phrases if one in phrases)
    return None


def _write(
    actor: Actor,
    held: SearchWording | None,
    fields: dict[str, Any],
    *,
    reason: str,
    at: dt.datetime,
) -> SearchWording:
    said = nfc(reason)
    if not said:
        raise Invalid(fields={"reason": [_("Ghi lý do để người sau hiểu.")]})
    before = _state(held) if held is not None else None
    row = held or SearchWording(number=0)
    for name, value in fields.items():
        setattr(row, name, value)
    row.number += 1
    row.save()
    SearchWordingChange.objects.create(
        wording=row,
        number=row.number,
        before=before,
        after=_state(row),
        reason=said,
        account=actor.account,
        at=at,
    )
    audit.record(
        actor,
        "search.add_wording" if before is None else "search.change_wording",
        subject=audit.Subject(KIND, row.id, row.phrase),
        at=at,
        reason=said,
        fields={
            name: value for name, value in _state(row).items() if value != (before or {}).get(name)
        },
    )
    legal.bump("values")
    return row


def _held(key: UUID, number: int) -> SearchWording:
    row = wordings.wording(key)
    if row.number != number:
        raise Conflict(_("Dòng này vừa được người khác sửa. Hãy mở lại rồi sửa tiếp."))
    return row


def _fields(line: Line) -> dict[str, Any]:
    """Return a line as it is kept. Raises Invalid."""
    phrases = list(dict.fromkeys(dictionary.clean(one) for one in line.phrases if one.strip()))
    if not phrases or any(not syllables.split(one) or len(one) > LONGEST_PHRASE for one in phrases):
        raise Invalid(fields={"phrases": [_("Ghi từ ngữ người dân hay nói, mỗi dòng một cách.")]})
    means = [one for one in (dictionary.clean(text) for text in line.means) if one]
    records = list(dict.fromkeys(line.records))
    kind = WordingKind.OUTSIDE if line.is_outside else WordingKind.SKIPPED
    if means or records:
        kind = WordingKind.MEANS
    return {
        "phrases": phrases,
        "kind": kind.value,
        "means": means,
        "records": records,
        "topic": nfc(line.topic),
        "is_active": True,
    }


def _state(row: SearchWording) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _FIELDS}


def _check_right(actor: Actor, at: dt.datetime) -> None:
    """Let pass whoever holds the right for the whole province."""
    access.check(actor, MANAGE)
    if actor.is_system:
        return
    kind = organisations.UnitKind.PROVINCE
    for province in organisations.units(kind, on=clock.day(at)):
        access.check(actor, MANAGE, unit=province.id)

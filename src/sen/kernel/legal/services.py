"""The verbs: set what the law changes, and tell every process to read again."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.audit import public as audit
from sen.kernel.audit.public import Subject
from sen.kernel.legal import queries, registry
from sen.kernel.legal.choices import Status
from sen.kernel.legal.data import Correction, EditionName
from sen.kernel.legal.models import LegalValue


class AlreadyUsed(Conflict):
    """Records were computed with the value that is to be corrected; `uses` says how many."""

    code: ClassVar[str] = "value_already_used"

    def __init__(self, uses: int) -> None:
        self.uses = uses
        super().__init__(
            _(
                "Đã có %(uses)d hồ sơ được tính theo giá trị này; số đã tính của các hồ sơ đó"
                " không tự thay đổi. Xác nhận rằng bạn biết điều đó rồi sửa."
            )
            % {"uses": uses}
        )


_COLUMNS: dict[str, str] = {name: f'"{name}"' for name in EditionName.__args__}  # type: ignore[attr-defined]  # a Literal's values


def bump(name: EditionName) -> None:
    """Tell every process to read again what it remembers of this kind; in the change's transaction.

    The number comes from a sequence: after a rollback it is never given again, so that nothing
    read inside the undone transaction can be taken for true. One statement.
    """
    column = _COLUMNS[name]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE legal_editions SET {column} = nextval('legal_edition_number')")
    queries.forget_editions()


@transaction.atomic
def set_value(
    *,
    actor: Actor,
    key: str,
    value: object,
    valid_from: dt.date,
    source: str,
    at: dt.datetime,
    status: str = Status.PUBLISHED,
    note: str = "",
) -> LegalValue:
    """Set what holds for a key from a day on, and close the value that held until then.

    The right to do so is checked by whoever offers it (`administration`): `access` stands above
    this package. Raises Invalid without a source; Conflict if a value is known that begins on this
    day or later, for what the law has set for later is not passed over silently, and what was
    written down wrongly is corrected (`correct_value`).
    """
    if not key or not source.strip():
        raise Invalid(fields={"source": [_("Ghi rõ văn bản, điều, khoản làm căn cứ.")]})
    _lock(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM legal_value"
            " WHERE key = %s AND valid_from >= %s AND corrected_at IS NULL)",
            [key, valid_from],
        )
        if cursor.fetchone()[0]:
            raise Conflict(
                _(
                    "Đã có giá trị hiệu lực từ ngày này hoặc muộn hơn. Giá trị ghi nhầm thì sửa ở"
                    " lịch sử của nó."
                )
            )
        cursor.execute(
            "UPDATE legal_value SET valid_to = %s WHERE key = %s AND valid_from < %s"
            " AND corrected_at IS NULL AND (valid_to IS NULL OR valid_to > %s)",
            [valid_from, key, valid_from, valid_from],
        )
    row = LegalValue.objects.create(
        key=key, value=value, valid_from=valid_from, source=source.strip(), status=status, note=note
    )
    audit.record(
        actor,
        "legal.set_value",
        subject=Subject("legal.value", row.id, key),
        at=at,
        reason=source.strip(),
        fields={"value": value, "valid_from": valid_from, "status": status},
    )
    bump("values")
    return row


@transaction.atomic
def correct_value(
    *,
    actor: Actor,
    key: str,
    valid_from: dt.date,
    correction: Correction,
    at: dt.datetime,
    confirmed: int = 0,
) -> LegalValue:
    """Put right what was written down wrongly for a key from a day on; return what holds instead.

    The same days hold; the wrong row stays as history, with who corrected it and why. What was
    computed with it stays as it was computed. confirmed: of how many such records the actor was
    told. The right is checked by whoever offers it, as for `set_value`.
    Raises NotFound, Invalid without a source or reason or where nothing differs, AlreadyUsed where
    more records were computed than were confirmed.
    """
    _lock(key)
    wrong = queries.held(key, valid_from)
    source, reason = correction.source.strip(), correction.reason.strip()
    _check(wrong, correction)
    uses = registry.count_uses(queries.span_of(wrong))
    if uses > confirmed:
        raise AlreadyUsed(uses)
    wrong.corrected_at, wrong.corrected_by, wrong.correction = at, actor.account, reason
    wrong.save(update_fields=["corrected_at", "corrected_by", "correction"])
    row = LegalValue.objects.create(
        key=key,
        value=correction.value,
        valid_from=wrong.valid_from,
        valid_to=wrong.valid_to,
        source=source,
        status=correction.status,
        note=correction.note,
        corrects=wrong,
    )
    audit.record(
        actor,
        "legal.correct_value",
        subject=Subject("legal.value", row.id, key),
        at=at,
        reason=reason,
        fields={
            "before": wrong.value,
            "after": row.value,
            "valid_from": valid_from,
            "corrects": wrong.id,
            "uses": uses,
        },
    )
    bump("values")
    return row


def _check(wrong: LegalValue, correction: Correction) -> None:
    faults = {}
    if not correction.source.strip():
        faults["source"] = [_("Ghi rõ văn bản, điều, khoản làm căn cứ.")]
    if not correction.reason.strip():
        faults["reason"] = [_("Ghi rõ nhầm ở đâu, để người sau hiểu.")]
    said = (correction.value, correction.source.strip(), correction.status)
    if not faults and said == (wrong.value, wrong.source, wrong.status):
        faults["value"] = [_("Chưa có gì khác với giá trị đang ghi.")]
    if faults:
        raise Invalid(fields=faults)


def _lock(key: str) -> None:
    """Let one change of a key follow the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"legal:{key}"])

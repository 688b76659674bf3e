"""The verbs: set what the law changes, and tell every process to read again."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.audit import public as audit
from sen.kernel.audit.public import Subject
from sen.kernel.legal import queries
from sen.kernel.legal.choices import Status
from sen.kernel.legal.data import EditionName
from sen.kernel.legal.models import LegalValue

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
    day or later, for what the law has set for later is not passed over silently.
    """
    if not key or not source.strip():
        raise Invalid(fields={"source": [_("Ghi rõ văn bản, điều, khoản làm căn cứ.")]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"legal:{key}"])
        cursor.execute(
            "SELECT EXISTS (SELECT FROM legal_value WHERE key = %s AND valid_from >= %s)",
            [key, valid_from],
        )
        if cursor.fetchone()[0]:
            raise Conflict(_("Đã có giá trị hiệu lực từ ngày này hoặc muộn hơn."))
        cursor.execute(
            "UPDATE legal_value SET valid_to = %s WHERE key = %s AND valid_from < %s"
            " AND (valid_to IS NULL OR valid_to > %s)",
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

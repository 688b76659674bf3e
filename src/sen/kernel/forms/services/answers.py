"""Keeping the answers of a record, and erasing them.

Whether the actor may do so is decided by the verb of the system whose record it is: that verb has
checked the right and writes the audit line. Row-level security holds in any case.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.forms.data import Prefilled
from sen.kernel.forms.models import Answers
from sen.kernel.forms.queries.sealing import seal_answers
from sen.kernel.forms.queries.versions import form

_SAVE = """
INSERT INTO forms_answers (record, kind, form_version_id, unit, person, public_values, sealed,
                           record_key, provenance, version, saved_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 1, now())
ON CONFLICT (record) DO UPDATE SET
    form_version_id = excluded.form_version_id, unit = excluded.unit, person = excluded.person,
    public_values = excluded.public_values, sealed = excluded.sealed,
    record_key = excluded.record_key, provenance = excluded.provenance,
    version = forms_answers.version + 1, saved_at = excluded.saved_at, erased_at = NULL
"""


@transaction.atomic(savepoint=False)
def save_answers(
    actor: Actor,
    *,
    record_kind: str,
    record: UUID,
    form_version: UUID,
    answers: Mapping[str, Any],
    unit: UUID | None,
    person: UUID | None,
    provenance: Mapping[str, Prefilled] | None = None,
) -> None:
    """Keep the answers of a record, those before replaced. Two statements at most.

    answers: as `clean` returned them. unit, person: who sees them beside those who take part in
    the record. provenance: of answers that were taken from a source and not changed by hand.
    All but public answers are sealed with a key of this record. Raises NotFound for an unknown
    form version; KeyError for an answer the form does not ask.
    """
    access.enter(actor)
    public, sealed, key = seal_answers(form(form_version), record, answers)
    values: list[Any] = [record, record_kind, form_version, unit, person, json.dumps(public)]
    values += [json.dumps(sealed), key, json.dumps(_taken(answers, provenance or {}))]
    database.write(Part(_SAVE, values))


def past_answers(
    *,
    record_kind: str,
    record: UUID,
    form_version: UUID,
    answers: Mapping[str, Any],
    unit: UUID | None,
    person: UUID | None,
    at: dt.datetime,
) -> Answers:
    """Return the row that `save_answers` would have written at a moment that is past: sealed."""
    public, sealed, key = seal_answers(form(form_version), record, answers)
    return Answers(
        record=record,
        kind=record_kind,
        form_version_id=form_version,
        unit=unit,
        person=person,
        public_values=public,
        sealed=sealed,
        record_key=key,
        provenance={},
        saved_at=at,
    )


def _taken(answers: Mapping[str, Any], found: Mapping[str, Prefilled]) -> dict[str, Any]:
    return {
        key: {"source": item.source, "at": item.at.isoformat()}
        for key, item in found.items()
        if answers.get(key) == item.value
    }


@transaction.atomic
def erase_answers(actor: Actor, *, record: UUID) -> None:
    """Erase the answers of a record but the public ones, for good: their key is destroyed.

    Copies in backups can no longer be opened. Raises NotFound where there are none.
    Nguồn: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 (xóa, hủy dữ liệu cá nhân).
    """
    access.enter(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE forms_answers SET sealed = '{}', record_key = NULL, provenance = '{}',"
            " version = version + 1, erased_at = coalesce(erased_at, now()) WHERE record = %s",
            [record],
        )
        if not cursor.rowcount:
            raise NotFound

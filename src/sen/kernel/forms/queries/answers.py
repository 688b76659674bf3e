"""The answers of records."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.database.public import Joined
from sen.kernel.forms.data import KeptAnswers
from sen.kernel.forms.models import Answers
from sen.kernel.forms.queries.sealing import open_answers


def read_answers(record: UUID, *, actor: Actor | None = None) -> dict[str, Any]:
    """Return the answers of a record, in the order of nothing in particular. One SELECT.

    actor: opens a transaction for it; without, the caller has entered one (`access.acting`).
    Of erased answers only the public ones are left. Raises NotFound where there are none, or none
    that the actor may see.
    """
    return kept_answers(record, actor=actor).values


def read_many(records: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the answers of several records by their ids, those that the actor may see.

    Inside `access.acting`. One SELECT.
    """
    found = _ANSWERS.rows(_many_sql(), [list(records)])
    return {
        row.record: open_answers(row.record, row.public_values, row.sealed, row.record_key)
        for (row,) in found
    }


_ANSWERS = Joined(Answers)


@cache
def _many_sql() -> str:
    return f"SELECT {_ANSWERS.columns} FROM forms_answers WHERE record = ANY(%s)"


@cache
def _answers_sql() -> str:
    return f"SELECT {_ANSWERS.columns} FROM forms_answers WHERE record = %s"


def kept_answers(record: UUID, *, actor: Actor | None = None) -> KeptAnswers:
    """Return the same with form version, provenance and count of changes. One SELECT."""
    if actor is not None:
        with access.acting(actor):
            return kept_answers(record)
    found: tuple[Answers] | None = next(_ANSWERS.rows(_answers_sql(), [record]), None)
    if found is None:
        raise NotFound(_("Không có nội dung khai của hồ sơ này."))
    [row] = found
    return KeptAnswers(
        values=open_answers(record, row.public_values, row.sealed, row.record_key),
        form_version=row.form_version_id,
        provenance=row.provenance,
        version=row.version,
        saved_at=row.saved_at,
        is_erased=row.erased_at is not None,
    )

"""What the law sets here, forms and flows: the versions that were published."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from sen.base.errors import NotFound
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow


def values(on: dt.date) -> list[legal.LegalValue]:
    """Return what holds on a day, a row a key; of a key that holds nothing then, its next row."""
    rows = legal.LegalValue.objects.filter(corrected_at=None).order_by("key", "valid_from")
    found: dict[str, legal.LegalValue] = {}
    for row in rows:
        held = found.get(row.key)
        is_over = held is not None and held.valid_to is not None and held.valid_to <= on
        if held is None or row.valid_from <= on or is_over:
            found[row.key] = row
    return list(found.values())


def history(key: str) -> list[legal.LegalValue]:
    """Return every value of a key, the latest first, what was corrected below what took its place.

    The first one holds or will hold. Raises NotFound.
    """
    rows = list(
        legal.LegalValue.objects.filter(key=key).order_by(
            F("corrected_at").desc(nulls_first=True), "-valid_from", "-id"
        )
    )
    rows.sort(key=lambda row: row.valid_from, reverse=True)
    if not rows:
        raise NotFound
    return rows


def held(key: str, valid_from: dt.date) -> legal.LegalValue:
    """Return the value of a key that begins on a day and was not corrected. Raises NotFound."""
    found = legal.LegalValue.objects.filter(key=key, valid_from=valid_from, corrected_at=None)
    row = found.first()
    if row is None:
        raise NotFound
    return row


def form_versions() -> list[forms.FormVersion]:
    """Return the published forms, by code, the latest version first."""
    return list(forms.FormVersion.objects.order_by("code", "-version"))


def flow_versions() -> list[workflow.FlowVersion]:
    """Return the published flows, by code, the latest version first."""
    return list(workflow.FlowVersion.objects.order_by("code", "-version"))

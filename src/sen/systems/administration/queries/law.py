"""What the law sets here, forms and flows: the versions that were published."""

from __future__ import annotations

import datetime as dt

from sen.base.errors import NotFound
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow


def values(on: dt.date) -> list[legal.LegalValue]:
    """Return what holds on a day, a row a key; of a key that holds nothing then, its next row."""
    rows = legal.LegalValue.objects.order_by("key", "valid_from")
    found: dict[str, legal.LegalValue] = {}
    for row in rows:
        held = found.get(row.key)
        is_over = held is not None and held.valid_to is not None and held.valid_to <= on
        if held is None or row.valid_from <= on or is_over:
            found[row.key] = row
    return list(found.values())


def history(key: str) -> list[legal.LegalValue]:
    """Return every value of a key, the latest first. Raises NotFound."""
    rows = list(legal.LegalValue.objects.filter(key=key).order_by("-valid_from"))
    if not rows:
        raise NotFound
    return rows


def form_versions() -> list[forms.FormVersion]:
    """Return the published forms, by code, the latest version first."""
    return list(forms.FormVersion.objects.order_by("code", "-version"))


def flow_versions() -> list[workflow.FlowVersion]:
    """Return the published flows, by code, the latest version first."""
    return list(workflow.FlowVersion.objects.order_by("code", "-version"))

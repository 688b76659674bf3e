"""What was established in a dossier, beside what was declared; read within an entered act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sen.kernel.forms import public as forms
from sen.systems.public_services.models import Case, Dossier, Findings

KIND = "public_services.findings"
"""The kind under which the kernel keeps findings, apart from the answers of the dossier."""


def form_of(case: Case) -> forms.Form | None:
    """Return the form of what a case has its official or its council establish, if anything."""
    return None if case.findings_version_id is None else forms.form(case.findings_version_id)


def held(dossier: Dossier) -> Findings | None:
    """Return the row of a dossier's findings; no statement where its case has none."""
    if dossier.case.findings_version_id is None:
        return None
    return Findings.objects.filter(dossier_id=dossier.id).first()


def read(dossier: Dossier) -> dict[str, Any] | None:
    """Return what was established in a dossier so far, None where nothing was."""
    row = held(dossier)
    return None if row is None else forms.read_answers(row.id)


def declared(
    dossier: Dossier, form: forms.Form, answers: Mapping[str, Any]
) -> dict[str, forms.Prefilled]:
    """Return what was declared under the same keys, from which the official begins."""
    return {
        key: forms.Prefilled(
            value=answers[key],
            source="public_services.declared",
            title=_("tờ khai"),
            at=dossier.submitted_at,
        )
        for key in form.questions
        if key in answers
    }

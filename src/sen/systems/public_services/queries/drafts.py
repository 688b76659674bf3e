"""A draft on its way to a filing: what sources know for it, what it hands in, what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.systems.public_services.data import Filing, PaperInput
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, people

KIND = "public_services.filing"
"""The kind under which `forms` keeps our drafts."""


def start_of(case: Case) -> forms.DraftStart:
    """Return what a draft of a case begins with; sources fill it in page by page."""
    return forms.DraftStart(
        kind=KIND,
        subject=case.version.procedure.code,
        case=case.code,
        form_version=case.form_version_id,
    )


def case_of(held: forms.Draft, *, at: dt.datetime) -> Case:
    """Return the case of a draft in the version in force now. Raises NotFound, NotOffered.

    Where the procedure is switched off, the refusal says that the draft is kept, and until when.
    """
    try:
        return catalogue.current_case(held.subject, held.case, on=clock.day(at))
    except catalogue.NotOffered as error:
        kept = _("Hồ sơ nháp của bạn được giữ đến hết ngày %(day)s.") % {
            "day": f"{clock.day(held.expires_at):%d/%m/%Y}"
        }
        raise catalogue.NotOffered(f"{error.message} {kept}") from error


def known(actor: Actor, held: forms.Draft, page: str, *, at: dt.datetime) -> forms.Prefill:
    """Return what the sources know for a page, now that the answers before it are known.

    An official at the counter is not the person: nothing is known then.
    """
    if actor.is_official:
        return forms.Prefill()
    context = forms.PrefillContext(
        subject=held.subject,
        case=held.case,
        at=at,
        answers=held.answers,
        draft=held.id,
        found=held.found,
    )
    form = forms.form(held.form_version)
    return forms.prefill(actor, form, context, page=page, language=get_language() or "vi")


def kept_papers(given: Sequence[PaperInput]) -> dict[str, list[dict[str, str]]]:
    """Return papers as a draft keeps them: files, or the result that stands for one."""
    kept: dict[str, list[dict[str, str]]] = {}
    for paper in given:
        items = kept.setdefault(paper.code, [])
        items += [{"file": str(file)} for file in paper.files]
        if paper.result:
            items.append({"result": paper.result})
    return kept


def given_papers(held: forms.Draft) -> list[PaperInput]:
    """Return the papers of a draft as they are filed: uploaded files, and results for papers."""
    uploads = {
        code: tuple(UUID(item["file"]) for item in items if "file" in item)
        for code, items in held.papers.items()
    }
    return [PaperInput(code=code, files=ids) for code, ids in uploads.items() if ids] + [
        PaperInput(code=code, source="result", result=item["result"])
        for code, items in held.papers.items()
        for item in items
        if "result" in item
    ]


def delivery_of(answers: Mapping[str, Any]) -> str:
    """Return how the person wants the result, as the dossier keeps it."""
    wanted = str(answers.get("result_delivery", ""))
    return {"counter": "counter", "post": "post"}.get(wanted, "online")


def filing_of(
    actor: Actor,
    held: forms.Draft,
    *,
    receiving_unit: str,
    shown: Sequence[str],
    at: dt.datetime,
) -> Filing:
    """Return what a draft says as a filing.

    receiving_unit: the code of the service centre. shown: the papers that were shown at the
    counter. Raises Invalid, NotFound.
    """
    on = clock.day(at)
    case = case_of(held, at=at)
    receiving = catalogue.receiving_unit(receiving_unit, on=on)
    seen = [PaperInput(code=code, source="shown", note=_("Đã xuất trình")) for code in shown]
    return Filing(
        procedure=held.subject,
        case=held.case,
        form_version=forms.form(held.form_version).version,
        answers=held.answers,
        parties=people.parties(actor, case, held.answers),
        papers=[*given_papers(held), *seen],
        receiving_unit=receiving,
        competent_unit=catalogue.competent_unit(receiving, on, case),
        channel=people.intake(actor),
        delivery=delivery_of(held.answers),
        draft=held.id,
        known=held.prefilled,
        looked_up={key: one.outcome for key, one in held.found.items()},
    )

"""A draft on its way to a filing: what sources know for it, what it hands in, what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.data import Filing, PaperInput, PaperRule
from sen.systems.public_services.models import Case
from sen.systems.public_services.queries import catalogue, people
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.registries import public as registries

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
            "day": date_format(clock.day(held.expires_at), "SHORT_DATE_FORMAT")
        }
        raise catalogue.NotOffered(f"{error.message} {kept}") from error


def known(actor: Actor, held: forms.Draft, page: str, *, at: dt.datetime) -> forms.Prefill:
    """Return what the sources know for a page, now that the answers before it are known.

    An official at the counter is not the person: what is known then is what registries told about
    whom the draft names.
    """
    form = forms.form(held.form_version)
    about = people.helped(form, held.answers) if actor.is_official else None
    if actor.is_official and about is None:
        return forms.Prefill()
    return forms.prefill(
        actor,
        form,
        context_of(held, about, at=at),
        page=page,
        only_gathered=actor.is_official,
        language=get_language() or "vi",
    )


def context_of(
    held: forms.Draft, about: identity.Named | None, *, at: dt.datetime
) -> forms.PrefillContext:
    """Return for what answers of a draft are known. about: whom it is about, if not its owner.

    What was told about somebody else is not among it.
    """
    key = about.key if about else ""
    return forms.PrefillContext(
        subject=held.subject,
        case=held.case,
        at=at,
        answers=held.answers,
        draft=held.id,
        found={name: one for name, one in held.found.items() if one.about == key},
        about=about,
    )


def names_whom(held: forms.Draft, page: str) -> bool:
    """Tell whether a page of a draft asks whom it is about, so that registries can be asked."""
    form = forms.form(held.form_version)
    found, named = form.page(page), people.named_by(form)
    return found is not None and any(question.key in named for question in found.questions)


def may_look_up(held: forms.Draft, page: str) -> bool:
    """Tell whether registries can be asked here about whom a page names."""
    return bool(registries.connected()) and names_whom(held, page)


def why_asked(rule: PaperRule, outcome: forms.FindingOutcome | None) -> str:
    """Return why a paper is asked for whose registry was asked, empty where none was.

    outcome: how that registry answered.
    """
    why = {
        forms.FindingOutcome.FAILED: _(
            "Lần này chưa tra cứu được %(source)s nên cần bạn nộp giấy tờ này."
        ),
        forms.FindingOutcome.OTHER_PERSON: _(
            "Dữ liệu từ %(source)s không khớp với bạn nên hệ thống đã bỏ; cần bạn nộp giấy tờ."
        ),
        forms.FindingOutcome.NOT_FOUND: _(
            "Không tìm thấy dữ liệu này trong %(source)s nên cần bạn nộp giấy tờ."
        ),
        forms.FindingOutcome.FOUND: _(
            "Nội dung bạn khai khác hoặc chưa có trong %(source)s nên cần bạn nộp giấy tờ."
        ),
    }
    return why[outcome] % {"source": source_title(rule)} if outcome else ""


def source_title(rule: PaperRule) -> str:
    """Return what people call the registry that knows what a paper says, empty for none."""
    source = forms.prefill_sources().get(rules.registry(rule))
    return organisations.text_of(source.title, get_language() or "vi") if source else ""


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

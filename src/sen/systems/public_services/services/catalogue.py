"""The catalogue: procedures, their versions and cases, from a document to what may be filed.

Every change counts the edition of values up, under which each process remembers what may be filed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotFound
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.events import public as events
from sen.kernel.forms import public as forms
from sen.kernel.legal import public as legal
from sen.kernel.notifications import public as notifications
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.data import FeeRule, PaperRule
from sen.systems.public_services.events import ProcedurePublished, ProcedureSwitched
from sen.systems.public_services.models import Case, Procedure, ProcedureVersion
from sen.systems.public_services.queries import drafts, offering
from sen.systems.public_services.rules import findings

KIND = "public_services.procedure"


@transaction.atomic
def publish_version(
    *,
    actor: Actor,
    document: Mapping[str, Any],
    form_version: UUID | None = None,
    flow_version: UUID | None = None,
    findings_version: UUID | None = None,
    at: dt.datetime,
) -> ProcedureVersion:
    """Publish a version of a procedure from its document; it may be filed from its first day on.

    document: as in `seed/birth_registration/procedure.json`. form_version, flow_version: those of
    its cases; findings_version: of what the official establishes, if anything; a version without
    cases can be looked up only. A number that was published already
    is left as it is. Raises Invalid where the document does not hold, Conflict where a published
    version already covers its days. The right is checked by whoever administers the catalogue.
    """
    _check(document)
    if document["version"]["cases"] and (form_version is None or flow_version is None):
        raise Invalid(_("Trường hợp nào cũng cần biểu mẫu và quy trình."))
    procedure, _made = Procedure.objects.update_or_create(
        code=document["code"],
        defaults={
            name: document[name]
            for name in ("name", "summary", "field_code", "field_name", "level", "settled_in")
        },
    )
    content = document["version"]
    _check_findings(content["cases"], findings_version)
    published = procedure.versions.filter(number=content["number"]).first()
    if published is not None:
        return published
    _make_room(procedure, dt.date.fromisoformat(content["valid_from"]))
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=content["number"],
        status=ProcedureStatus.PUBLISHED,
        announcement=content["announcement"],
        valid_from=content["valid_from"],
        national=content["national"],
        overlay=content["overlay"],
        published_at=at,
    )
    if form_version is not None and flow_version is not None:
        used = {
            "form_version_id": form_version,
            "flow_version_id": flow_version,
            "findings_version_id": findings_version,
        }
        _add_cases(version, content["cases"], used)
    legal.bump("values")
    _announce(actor, version, at=at)
    return version


def _add_cases(
    version: ProcedureVersion,
    cases: Sequence[Mapping[str, Any]],
    used: Mapping[str, UUID | None],
) -> None:
    Case.objects.bulk_create(
        Case(
            version=version,
            position=position,
            code=case["code"],
            title=case["title"],
            allowance=case["allowance"],
            min_strength=case["min_strength"],
            result_type=case["result_type"],
            result_paper=case["result_paper"],
            result_data=case["result_data"],
            party_data=case["party_data"],
            papers=[asdict(PaperRule(**paper)) for paper in case["papers"]],
            fees=[asdict(FeeRule(**fee)) for fee in case["fees"]],
            council=case.get("council", {}),
            **used,
        )
        for position, case in enumerate(cases)
    )


@transaction.atomic
def switch_procedure(
    *, actor: Actor, code: str, is_active: bool, reason: str, at: dt.datetime
) -> Procedure:
    """Offer a procedure again, or no longer ("tạm dừng nhận hồ sơ"); citizens read the reason.

    Dossiers go on; drafts are kept and say so. Raises NotAllowed, NotFound, Invalid without a
    reason, Conflict where it is so already. Publishes ProcedureSwitched.
    """
    check_right(actor, at=at)
    procedure = _locked(code)
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})
    if procedure.is_active == is_active:
        raise Conflict(
            _("Thủ tục đang được nhận hồ sơ.") if is_active else _("Thủ tục đang tạm dừng.")
        )
    procedure.is_active = is_active
    procedure.off_since = None if is_active else clock.day(at)
    procedure.off_reason = "" if is_active else nfc(reason)
    procedure.save(update_fields=["is_active", "off_since", "off_reason"])
    legal.bump("values")
    audit.record(
        actor,
        f"{KIND}.{'on' if is_active else 'off'}",
        subject=subject(procedure),
        at=at,
        reason=nfc(reason),
    )
    events.publish(
        ProcedureSwitched(procedure=procedure.code, is_active=is_active),
        record=procedure.id,
        at=at,
    )
    return procedure


@transaction.atomic
def tell_drafters(*, code: str, is_active: bool, at: dt.datetime) -> int:
    """Tell whoever has a draft of a procedure that it is switched off or on; return how many.

    A step of a handler: nothing is told where the switch has been turned back meanwhile.
    """
    procedure = Procedure.objects.get(code=code)
    if procedure.is_active != is_active:
        return 0
    owners = forms.draft_owners(kind=drafts.KIND, subject=code)
    slots = {"procedure": procedure.name["vi"]}
    template = "public_services.offered_again"
    if not is_active:
        slots["reason"], template = procedure.off_reason, "public_services.switched_off"
    access.enter(SYSTEM)
    for owner in owners:
        notifications.notify(
            to=notifications.Recipient(account=owner),
            template=template,
            slots=slots,
            link=f"/thu-tuc/{code}/",
            record=procedure.id,
            at=at,
        )
    return len(owners)


@transaction.atomic
def draft_version(
    *, actor: Actor, code: str, announcement: str, valid_from: dt.date, at: dt.datetime
) -> ProcedureVersion:
    """Draft the next version of a procedure from its latest one, and return it.

    It takes the newest published form and flow of each case. Raises NotAllowed, NotFound, Invalid
    without an announcement or for a first day in the past, Conflict where a draft waits already.
    """
    check_right(actor, at=at)
    procedure = _locked(code)
    if not nfc(announcement):
        raise Invalid(fields={"announcement": [_("Vui lòng ghi quyết định công bố.")]})
    _not_past(valid_from, at)
    if procedure.versions.filter(status=ProcedureStatus.DRAFT).exists():
        raise Conflict(_("Thủ tục này đã có một dự thảo. Hãy ban hành hoặc bỏ dự thảo đó trước."))
    former = procedure.versions.order_by("-number").first()
    if former is None:
        raise NotFound(_("Thủ tục này chưa có phiên bản nào."))
    used = ("form_version", "flow_version", "findings_version")
    cases = list(former.cases.select_related(*used).order_by("position"))
    last = procedure.versions.aggregate(last=Max("number"))["last"]
    draft = ProcedureVersion.objects.create(
        procedure=procedure,
        number=last + 1,
        announcement=nfc(announcement),
        valid_from=valid_from,
        national=former.national,
        overlay=former.overlay,
    )
    Case.objects.bulk_create(next_case(case, draft) for case in cases)
    audit.record(
        actor,
        f"{KIND}.draft",
        subject=subject(procedure),
        at=at,
        reason=draft.announcement,
        fields={"number": draft.number},
    )
    return draft


def next_case(case: Case, draft: ProcedureVersion) -> Case:
    """Return a case as the next version has it: with the newest published forms and flow."""
    form, flow, found = case.form_version.code, case.flow_version.code, case.findings_version
    kept = {
        name: getattr(case, name)
        for name in (
            "code", "position", "title", "allowance", "papers", "fees", "min_strength",
            "result_type", "result_paper", "result_data", "party_data", "council",
        )
    }  # fmt: skip
    return Case(
        version=draft,
        form_version_id=forms.latest_form(form).id,
        flow_version_id=workflow.latest_flow(flow).id,
        findings_version_id=None if found is None else forms.latest_form(found.code).id,
        **kept,
    )


@transaction.atomic
def publish_draft(
    *, actor: Actor, code: str, number: int, reason: str, at: dt.datetime
) -> ProcedureVersion:
    """Publish a draft version; the one in force ends on the day before its first day.

    Raises NotAllowed, NotFound, Conflict where it is published already or another version begins
    on that day or later, Invalid without a reason, for a first day in the past, or with what is
    wrong in its parts. Publishes ProcedurePublished.
    """
    check_right(actor, at=at)
    procedure = _locked(code)
    draft = _draft(procedure, number)
    if not nfc(reason):
        raise Invalid(fields={"reason": [_("Vui lòng ghi lý do.")]})
    _not_past(draft.valid_from, at)
    faults = offering.faults(draft)
    if faults:
        raise Invalid("; ".join(faults))
    _make_room(procedure, draft.valid_from)
    draft.status = ProcedureStatus.PUBLISHED
    draft.published_at = at
    draft.save(update_fields=["status", "published_at"])
    legal.bump("values")
    _announce(actor, draft, at=at, reason=nfc(reason))
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, code: str, number: int, at: dt.datetime) -> None:
    """Throw a draft version away. Raises NotAllowed, NotFound, Conflict for a published one."""
    check_right(actor, at=at)
    procedure = _locked(code)
    draft = _draft(procedure, number)
    draft.cases.all().delete()
    draft.delete()
    audit.record(
        actor,
        f"{KIND}.discard",
        subject=subject(procedure),
        at=at,
        fields={"number": number},
    )


def check_right(actor: Actor, *, at: dt.datetime) -> None:
    """Let pass whoever keeps the catalogue of the whole province. Raises NotAllowed."""
    right = permissions.CATALOGUE.name
    access.check(actor, right)
    if actor.is_system:
        return
    for province in organisations.units(organisations.UnitKind.PROVINCE, on=clock.day(at)):
        access.check(actor, right, unit=province.id)


def subject(procedure: Procedure) -> audit.Subject:
    """Return a procedure as the audit trail names it."""
    return audit.Subject(kind=KIND, id=procedure.id, code=procedure.code)


def _locked(code: str) -> Procedure:
    found = Procedure.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    return found


def _draft(procedure: Procedure, number: int) -> ProcedureVersion:
    found = procedure.versions.select_for_update().filter(number=number).first()
    if found is None:
        raise NotFound(_("Thủ tục này không có phiên bản đó."))
    if found.status != ProcedureStatus.DRAFT:
        raise Conflict(_("Phiên bản này đã được ban hành, không còn là dự thảo."))
    return found


def _not_past(valid_from: dt.date, at: dt.datetime) -> None:
    if valid_from < clock.day(at):
        raise Invalid(
            fields={"valid_from": [_("Ngày áp dụng phải từ hôm nay trở đi.")]},
        )


def _announce(
    actor: Actor, version: ProcedureVersion, *, at: dt.datetime, reason: str = ""
) -> None:
    procedure = version.procedure
    audit.record(
        actor,
        f"{KIND}.publish",
        subject=subject(procedure),
        at=at,
        reason=reason,
        fields={"number": version.number},
    )
    events.publish(
        ProcedurePublished(
            procedure=procedure.code,
            number=version.number,
            valid_from=dt.date.fromisoformat(str(version.valid_from)),
        ),
        record=procedure.id,
        at=at,
    )


def _check(document: Mapping[str, Any]) -> None:
    try:
        for case in document["version"]["cases"]:
            calendar.Allowance.parse(case["allowance"])
            for paper in case["papers"]:
                PaperRule(**paper)
            for fee in case["fees"]:
                FeeRule(**fee)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(_("Nội dung thủ tục chưa đúng: %(error)s") % {"error": error}) from error


def _check_findings(cases: Sequence[Mapping[str, Any]], version: UUID | None) -> None:
    """Raise Invalid where results and the form of what is established do not fit."""
    form = None if version is None else forms.form(version)
    pages, keys = (0, ()) if form is None else (len(form.pages), tuple(form.questions))
    for case in cases:
        data = case["result_data"]
        wrong = list(findings.problems(pages=pages, keys=keys, result_data=data))
        if wrong:
            raise Invalid("; ".join(wrong))


def _make_room(procedure: Procedure, valid_from: dt.date) -> None:
    """End the version in force the day before; refuse to begin before it began."""
    last = (
        procedure.versions.select_for_update()
        .filter(status=ProcedureStatus.PUBLISHED, valid_to=None)
        .order_by("-number")
        .first()
    )
    if last is None:
        return
    if valid_from <= last.valid_from:
        raise Conflict(_("Đã có phiên bản áp dụng từ ngày đó hoặc muộn hơn."))
    last.valid_to = valid_from - dt.timedelta(days=1)
    last.save(update_fields=["valid_to"])

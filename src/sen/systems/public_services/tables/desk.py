"""A dossier as the desk and its parties need it beside its facts: who has it, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import (
    DecisionKind,
    DossierState,
    FormCode,
    SigningState,
)
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.queries.whole import Whole
from sen.web import wording
from sen.web.data import Fact, Option

_JUST_NOW = dt.timedelta(seconds=30)
_UNDER_WAY = frozenset({SigningState.REQUESTED, SigningState.SEALING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who has a dossier now.

    waits: what the step waits for, where the dossier has its answer already. claim_href: where the
    actor takes a task that nobody has.
    """

    work: str
    unit: str
    who: str
    is_mine: bool
    waits: str
    claim_href: str


def people(whole: Whole, lines: Iterable[audit.Entry]) -> dict[UUID, str]:
    """Return the names of all accounts that a dossier's page tells of; one statement.

    lines: of its trail.
    """
    accounts = {line.account for line in lines}
    accounts |= {task.assignee for task in whole.tasks}
    if whole.decision is not None:
        accounts |= {whole.decision.proposed_by, whole.decision.signer}
    if whole.council is not None:
        accounts |= {whole.council.council.chair, *(seat.account for seat in whole.council.seats)}
    return identity.display_names(filter(None, accounts))


def holdings(actor: Actor, whole: Whole, names: Mapping[UUID, str]) -> list[Holding]:
    """Return the open tasks of a dossier with whoever has each of them. names: of accounts."""
    on = clock.day(clock.now())
    language = get_language() or "vi"
    units = organisations.unit_names(
        {task.unit_id for task in whole.tasks}, on, language, short=True
    )
    acts = workflow.acts()
    return [
        Holding(
            work=organisations.text_of(acts[task.act].title, language),
            unit=units.get(task.unit_id, ""),
            who=names.get(task.assignee, "") if task.assignee else "",
            is_mine=task.assignee is not None and task.assignee == actor.account,
            waits=wording.since(organisations.text_of(after, language), task.opened_at)
            if (after := acts[task.act].after)
            else "",
            claim_href=reverse("inbox:claim", args=[task.id])
            if task.assignee is None and task.act.removeprefix("public_services.") in whole.acts
            else "",
        )
        for task in whole.tasks
    ]


def signers(whole: Whole) -> list[Option]:
    """Return the leaders who may sign the answer, the head of the agency first."""
    if "propose" not in whole.acts:
        return []
    on = clock.day(clock.now())
    return [
        Option(value=str(one.account), label=f"{one.name} ({one.title})")
        for one in paperwork.signers(whole.dossier.competent_unit_id, on)
    ]


def draft_href(whole: Whole) -> str:
    """Return where the paper to be checked, signed or issued is read; empty without one."""
    decision = whole.decision
    if decision is None:
        return ""
    return reverse("web:file", args=[decision.sealed_id or decision.signed_id or decision.draft_id])


def draft_facts(whole: Whole, names: Mapping[UUID, str]) -> list[Fact]:
    """Return what stands behind a proposal: what, by whom, for whose signature, why."""
    decision = whole.decision
    if decision is None:
        return []
    signer = _("Chưa có: dự thảo mang tên đơn vị đã sáp nhập, cần lập lại")
    if decision.signer is not None:
        signer = names.get(decision.signer, "")
    lines = [
        Fact(label=_("Đề xuất"), value=str(DecisionKind(decision.kind).label)),
        Fact(label=_("Người trình"), value=names.get(decision.proposed_by, "")),
        Fact(label=_("Người ký"), value=signer),
    ]
    if decision.round > 1:
        lines.append(Fact(label=_("Lần trình"), value=str(decision.round)))
    if decision.kind == DecisionKind.REFUSAL:
        lines += [
            Fact(label=_("Lý do từ chối"), value=decision.reason),
            Fact(label=_("Căn cứ"), value=decision.ground),
        ]
    return lines


def is_signing(whole: Whole) -> bool:
    """Tell whether a paper is being signed or sealed at this moment, so that it comes by itself."""
    issued = {form.form: form.state for form in whole.issued_forms}
    if whole.decision is not None and whole.decision.state in _UNDER_WAY:
        return True
    if SigningState.REQUESTED in issued.values():
        return True
    awaited = {
        DossierState.RECEIVED: FormCode.MAU_01,
        DossierState.REFUSED: FormCode.MAU_03,
        DossierState.SUPPLEMENT: FormCode.MAU_02,
    }.get(DossierState(whole.dossier.state))
    fresh = clock.now() - whole.dossier.last_at < _JUST_NOW
    return awaited is not None and awaited not in issued and fresh


def receipt_href(whole: Whole) -> str:
    """Return where the signed receipt (Mẫu 01) is printed from; empty before it is signed."""
    for form in whole.issued_forms:
        if form.form == FormCode.MAU_01 and form.state == SigningState.SIGNED and form.file_id:
            return reverse("web:file", args=[form.file_id])
    return ""


def next_step(whole: Whole) -> str:
    """Return, for the people of a dossier, what happens next and whose turn it is."""
    return {
        DossierState.SUBMITTED: _(
            "Trung tâm kiểm tra giấy tờ rồi tiếp nhận trong giờ làm việc. Bạn chưa phải làm gì."
        ),
        DossierState.SUPPLEMENT: _(
            "Đang chờ bạn bổ sung. Thời hạn giải quyết tạm dừng cho đến khi bạn gửi."
        ),
        DossierState.RECEIVED: _("Hồ sơ đã chuyển đến cơ quan giải quyết. Bạn chưa phải làm gì."),
        DossierState.PROCESSING: _("Cơ quan đang giải quyết. Bạn chưa phải làm gì."),
        DossierState.DUTY: _(
            "Thời hạn giải quyết tạm dừng trong lúc cơ quan thuế tính nghĩa vụ tài chính và bạn"
            " nộp."
        ),
        DossierState.PASSED_ON: _(
            "Hồ sơ đã chuyển đến cơ quan giải quyết; kết quả về đây ngay khi có. Bạn chưa phải"
            " làm gì."
        ),
        DossierState.SIGNING: _("Dự thảo kết quả đang chờ lãnh đạo ký."),
        DossierState.SIGNED: _("Kết quả đã ký, đang cấp số và đóng dấu."),
        DossierState.ISSUED: _("Kết quả đã có. Bạn tải về hoặc đến nhận theo cách đã chọn."),
    }.get(DossierState(whole.dossier.state), "")

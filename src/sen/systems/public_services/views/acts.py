"""What was typed for an act, as its verb takes it; one function an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Invalid
from sen.kernel.files import public as files
from sen.systems.public_services.choices import DecisionKind
from sen.systems.public_services.data import PaperInput, SupplementItem
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services import (
    deciding,
    delivery,
    processing,
    reception,
)
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.services.processing import Proposal

Verb = Callable[[Actor, Ordered, QueryDict, dt.datetime], Dossier]


def _receive(actor: Actor, order: Ordered, _typed: QueryDict, at: dt.datetime) -> Dossier:
    return reception.receive_dossier(actor=actor, order=order, at=at)


def _refuse(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    return reception.refuse_reception(
        actor=actor,
        order=order,
        reason=typed.get("reason", ""),
        ground=typed.get("ground", ""),
        competent_agency=typed.get("competent_agency", ""),
        at=at,
    )


def _assign(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    try:
        to = UUID(typed.get("to", ""))
    except ValueError:
        raise Invalid(fields={"to": [_("Vui lòng chọn người thụ lý.")]}) from None
    return processing.assign_dossier(actor=actor, order=order, to=to, at=at)


def _request_supplement(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    items = [
        SupplementItem(kind="paper" if code else "other", code=code, what=what, reason=reason)
        for code, what, reason in zip(
            typed.getlist("item_code"),
            typed.getlist("item_what"),
            typed.getlist("item_reason"),
            strict=False,
        )
        if code or what.strip() or reason.strip()
    ]
    return processing.request_supplement(
        actor=actor, order=order, items=items, guide=typed.get("guide", ""), at=at
    )


def _supplement(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    return processing.answer_supplement(
        actor=actor, order=order, given=read_papers(typed), answer=typed.get("answer", ""), at=at
    )


def _propose(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    try:
        signer = UUID(chosen) if (chosen := typed.get("signer", "")) else None
    except ValueError:
        raise Invalid(fields={"signer": [_("Vui lòng chọn lãnh đạo ký.")]}) from None
    proposal = Proposal(
        kind=typed.get("kind", DecisionKind.RESULT),
        reason=typed.get("reason", ""),
        ground=typed.get("ground", ""),
        signer=signer,
    )
    return processing.propose_result(actor=actor, order=order, proposal=proposal, at=at)


def _check(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    return processing.check_proposal(
        actor=actor,
        order=order,
        is_agreed=typed.get("answer") == "agree",
        comment=typed.get("comment", ""),
        at=at,
    )


def _sign(actor: Actor, order: Ordered, _typed: QueryDict, at: dt.datetime) -> Dossier:
    return deciding.sign_result(actor=actor, order=order, at=at)


def _return(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    return deciding.return_for_rework(
        actor=actor, order=order, comment=typed.get("comment", ""), at=at
    )


def _issue(actor: Actor, order: Ordered, _typed: QueryDict, at: dt.datetime) -> Dossier:
    return deciding.issue_result(actor=actor, order=order, at=at)


def _hand_over(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    try:
        slip = UUID(sent) if (sent := typed.get("slip", "")) else None
    except ValueError:
        raise Invalid(fields={"slip": [_("Tệp không hợp lệ.")]}) from None
    return delivery.hand_over(
        actor=actor,
        order=order,
        method=typed.get("method", ""),
        receiver=typed.get("receiver", ""),
        evidence=typed.get("evidence", ""),
        file=slip,
        at=at,
    )


def _take(actor: Actor, order: Ordered, _typed: QueryDict, at: dt.datetime) -> Dossier:
    return delivery.take_result(actor=actor, order=order, at=at)


def _withdraw(actor: Actor, order: Ordered, typed: QueryDict, at: dt.datetime) -> Dossier:
    return withdrawal.withdraw_dossier(
        actor=actor, order=order, reason=typed.get("reason", ""), at=at
    )


def with_uploads(actor: Actor, request: HttpRequest) -> QueryDict:
    """Return what was posted, files that a page without script sent taken in first."""
    posted = request.POST.copy()
    for name, uploads in request.FILES.lists():
        for upload in uploads:
            try:
                file = files.take(actor, upload.name or "", upload.read())
            except Invalid as error:
                said = [one for many in error.fields.values() for one in many] or [error.message]
                code = name.removesuffix("_file").removeprefix("paper_")
                raise Invalid(fields={f"papers.{code}": said}) from error
            posted.appendlist(name.removesuffix("_file"), str(file.id))
    return posted


def read_papers(typed: QueryDict, prefix: str = "paper_") -> list[PaperInput]:
    """Return the papers that a page sent.

    `paper_<code>`: the ids of finished files; `result_<code>`: the key of a kept result.
    """
    given = []
    for name in typed:
        if name.startswith(prefix):
            try:
                ids = tuple(UUID(value) for value in typed.getlist(name) if value)
            except ValueError:
                raise Invalid(fields={name: [_("Tệp không hợp lệ.")]}) from None
            if ids:
                given.append(PaperInput(code=name.removeprefix(prefix), files=ids))
        elif name.startswith("result_") and (chosen := typed.get(name)):
            code = name.removeprefix("result_")
            given.append(PaperInput(code=code, source="result", result=chosen))
    return given


VERBS: Mapping[str, Verb] = {
    "receive": _receive,
    "refuse_reception": _refuse,
    "assign": _assign,
    "request_supplement": _request_supplement,
    "supplement": _supplement,
    "propose": _propose,
    "check": _check,
    "sign": _sign,
    "return_for_rework": _return,
    "issue": _issue,
    "hand_over": _hand_over,
    "take_result": _take,
    "withdraw": _withdraw,
}

_DONE: Mapping[str, Callable[[], str]] = {
    "receive": lambda: _("Đã tiếp nhận hồ sơ. Giấy tiếp nhận và hẹn trả đang được ký và gửi."),
    "refuse_reception": lambda: _("Đã từ chối tiếp nhận. Phiếu từ chối đang được ký và gửi."),
    "assign": lambda: _("Đã phân công."),
    "request_supplement": lambda: _("Đã gửi phiếu yêu cầu bổ sung. Thời hạn tạm dừng."),
    "supplement": lambda: _("Đã gửi bổ sung. Thời hạn giải quyết tiếp tục tính."),
    "propose": lambda: _("Đã trình dự thảo."),
    "check": lambda: _("Đã ghi ý kiến thẩm tra."),
    "sign": lambda: _("Đang ký số. Hồ sơ sẽ chuyển văn thư ngay khi ký xong."),
    "return_for_rework": lambda: _("Đã trả lại để làm lại."),
    "issue": lambda: _("Đang đóng dấu. Kết quả được phát hành ngay khi đóng dấu xong."),
    "hand_over": lambda: _("Đã trả kết quả."),
    "take_result": lambda: _("Bạn đã nhận kết quả điện tử."),
    "withdraw": lambda: _("Đã rút hồ sơ."),
}


def done(act: str) -> str:
    """Return what people are told when an act was done."""
    return _DONE[act]()

"""The acts on a dossier: what each takes, and the verb that it orders; pages and API read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sen.base.actor import Actor
from sen.systems.public_services.data import SupplementItem
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.schemas import drafting, requests
from sen.systems.public_services.services import (
    apologies,
    council,
    deciding,
    delivery,
    duties,
    findings,
    minutes,
    passing_on,
    processing,
    reception,
)
from sen.systems.public_services.services.council import Convening
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.services.processing import Proposal


def _as_sent(body: requests.ActIn) -> dict[str, Any]:
    return {name: getattr(body, name) for name in type(body).model_fields if name != "version"}


def _items(body: requests.RequestSupplementIn) -> dict[str, Any]:
    items = [SupplementItem(**item.model_dump()) for item in body.items]
    return {"items": items, "guide": body.guide}


def _given(body: requests.SupplementIn) -> dict[str, Any]:
    return {"given": drafting.paper_inputs(body.papers), "answer": body.answer}


def _convening(body: requests.ConveneIn) -> dict[str, Any]:
    return {"convening": Convening(**_as_sent(body))}


def _proposal(body: requests.ProposeIn) -> dict[str, Any]:
    return {"proposal": Proposal(**_as_sent(body))}


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it takes, its verb, its title and the last part of its address in the API.

    arguments: what the verb is given beside the actor, the order and the moment; as it was sent
    unless the act says otherwise.
    """

    body: type[requests.ActIn]
    verb: Callable[..., Dossier]
    title: str
    path: str
    arguments: Callable[[Any], dict[str, Any]] = _as_sent


ACTS: Mapping[str, Act] = {
    "receive": Act(requests.ActIn, reception.receive_dossier, "Tiếp nhận hồ sơ", "receive"),
    "refuse_reception": Act(
        requests.RefuseIn, reception.refuse_reception, "Từ chối tiếp nhận", "refuse"
    ),
    "assign": Act(
        requests.AssignIn, processing.assign_dossier, "Phân công, phân công lại", "assign"
    ),
    "request_supplement": Act(
        requests.RequestSupplementIn,
        processing.request_supplement,
        "Yêu cầu bổ sung",
        "request-supplement",
        _items,
    ),
    "supplement": Act(
        requests.SupplementIn, processing.answer_supplement, "Bổ sung hồ sơ", "supplement", _given
    ),
    "convene": Act(
        requests.ConveneIn, council.convene_council, "Triệu tập Hội đồng", "council", _convening
    ),
    "opine": Act(
        requests.EstablishIn, council.give_opinion, "Cho ý kiến trong Hội đồng", "opinion"
    ),
    "excuse": Act(
        requests.ExcuseIn, council.excuse_member, "Ghi thành viên vắng mặt", "council-absence"
    ),
    "replace": Act(
        requests.ReplaceIn, council.replace_member, "Thay thành viên Hội đồng", "council-member"
    ),
    "conclude": Act(
        requests.EstablishIn,
        minutes.conclude_council,
        "Kết luận của Hội đồng, ký biên bản",
        "conclusion",
    ),
    "sign_minutes": Act(
        requests.ActIn, minutes.sign_minutes, "Ký lại biên bản của Hội đồng", "sign-minutes"
    ),
    "establish": Act(
        requests.EstablishIn,
        findings.establish_findings,
        "Ghi kết quả thẩm định",
        "findings",
    ),
    "propose": Act(
        requests.ProposeIn,
        processing.propose_result,
        "Trình dự thảo kết quả",
        "propose",
        _proposal,
    ),
    "send_duty": Act(
        requests.SendDutyIn, duties.send_duty, "Chuyển thông tin cho cơ quan thuế", "send-duty"
    ),
    "record_duty": Act(
        requests.RecordDutyIn,
        duties.record_duty,
        "Ghi thông báo nghĩa vụ tài chính của cơ quan thuế",
        "record-duty",
    ),
    "confirm_duty": Act(
        requests.ConfirmDutyIn,
        duties.confirm_duty,
        "Xác nhận đã hoàn thành nghĩa vụ tài chính",
        "confirm-duty",
    ),
    "check": Act(requests.CheckIn, processing.check_proposal, "Thẩm tra dự thảo", "check"),
    "sign": Act(requests.ActIn, deciding.sign_result, "Ký kết quả", "sign"),
    "return_for_rework": Act(
        requests.ReturnIn, deciding.return_for_rework, "Trả lại để làm lại", "return"
    ),
    "issue": Act(requests.ActIn, deciding.issue_result, "Cấp số, đóng dấu, phát hành", "issue"),
    "apologise": Act(
        requests.ApologiseIn, apologies.apologise, "Xin lỗi và hẹn lại một lần", "apologise"
    ),
    "follow_up": Act(
        requests.ActIn,
        passing_on.follow_up,
        "Gửi lại hoặc hỏi lại nơi giải quyết",
        "follow-up",
    ),
    "hand_over": Act(requests.HandOverIn, delivery.hand_over, "Trả kết quả", "hand-over"),
    "take_result": Act(requests.ActIn, delivery.take_result, "Nhận kết quả điện tử", "take-result"),
    "withdraw": Act(requests.WithdrawIn, withdrawal.withdraw_dossier, "Rút hồ sơ", "withdraw"),
}
"""Every act by its name, in the order of the API's document."""


def carry_out(
    act: str, *, actor: Actor, code: str, body: requests.ActIn, at: dt.datetime
) -> Dossier:
    """Do an act on the dossier of a code, on the version sent. Raises what its verb does."""
    known = ACTS[act]
    order = Ordered(code=code, version=body.version)
    return known.verb(actor=actor, order=order, at=at, **known.arguments(body))

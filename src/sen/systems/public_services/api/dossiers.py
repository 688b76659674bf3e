"""The API of dossiers: file, list, read, look up, and each act on the version it was decided on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.base.actor import Actor
from sen.systems.public_services.data import (
    Filing,
    PartyInput,
    SupplementItem,
)
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import catalogue, people, records
from sen.systems.public_services.schemas import answers, drafting, requests
from sen.systems.public_services.services import (
    deciding,
    delivery,
    looking_up,
    opening,
    processing,
    reception,
)
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import submission, withdrawal
from sen.systems.public_services.services.processing import Proposal
from sen.web import api

router = Router()
FILE = "dossiers:file"
"""The scope of what a person does for their own dossiers."""


# -- Dossiers: file, list, read, look up


@router.post(
    "/dossiers",
    response={201: answers.DossierOut},
    operation_id="dossiers_submit",
    auth=api.needs("dossiers:file"),
)
def dossiers_submit(request: HttpRequest, body: requests.FilingIn) -> Any:
    """Nộp hồ sơ: trực tuyến bởi chủ hồ sơ, hoặc tại quầy bởi cán bộ một cửa."""
    return api.once(
        request,
        lambda: answers.dossier_out(
            submission.submit_dossier(
                actor=api.actor(request), filing=_filing(request, body), at=clock.now()
            )
        ),
        status=201,
    )


@router.get(
    "/dossiers",
    response=api.Page[answers.DossierOut],
    operation_id="dossiers_list",
    auth=api.needs("dossiers:read"),
)
def dossiers_list(
    request: HttpRequest,
    state: str = "",
    procedure: str = "",
    cursor: str = "",
    limit: api.Limit = 20,
) -> Any:
    """Hồ sơ của tôi, hoặc của các đơn vị tôi được xem; mới nhất trước."""
    actor = api.actor(request)
    page = records.Cursor(after=api.read_cursor(cursor), limit=limit + 1)
    rows = (
        records.of_units(actor, page, state=state, procedure=procedure)
        if actor.is_official
        else records.mine(actor, page)
    )
    return api.page([answers.dossier_out(row) for row in rows], limit=limit, key=lambda row: row.id)


@router.get(
    "/dossiers/{code}",
    response=answers.DossierDetailOut,
    operation_id="dossiers_get",
    auth=api.needs("dossiers:read"),
)
def dossiers_get(request: HttpRequest, code: str) -> answers.DossierDetailOut:
    """Toàn bộ một hồ sơ mà người hỏi được xem, kèm những việc làm được lúc này."""
    opened = opening.open_dossier(actor=api.actor(request), code=code, at=clock.now())
    return answers.dossier_detail(opened)


@router.get(
    "/dossiers/{code}/assignees",
    response=list[answers.OfficialOut],
    operation_id="dossiers_assignees",
    auth=api.needs("dossiers:act"),
)
def dossiers_assignees(request: HttpRequest, code: str) -> list[answers.OfficialOut]:
    """Những người có thể được phân công thụ lý hồ sơ này."""
    return [
        answers.OfficialOut(account=account, name=name)
        for account, name in records.assignees(
            api.actor(request), code, on=clock.day(clock.now())
        ).items()
    ]


@router.post("/lookups", response=answers.StatusOut, operation_id="dossiers_look_up", auth=None)
def dossiers_look_up(request: HttpRequest, body: requests.LookUpIn) -> Any:
    """Tra cứu tình trạng bằng mã hồ sơ và bốn số cuối, không cần đăng nhập."""
    return looking_up.look_up(
        actor=api.actor(request),
        code=body.code,
        last_digits=body.last_digits,
        visitor=api.visitor(request),
        at=clock.now(),
    )


# -- Acts, each on the version of the dossier that it was decided on


def _act(
    path: str,
    body: type[requests.ActIn],
    operation_id: str,
    title: str,
    scope: str = "dossiers:act",
) -> Callable[[Callable[[Actor, Ordered, Any, dt.datetime], Dossier]], Any]:
    """Make the address of one act: read the order, make the one call, show the dossier."""

    def made(verb: Callable[[Actor, Ordered, Any, dt.datetime], Dossier]) -> Any:
        def view(request: HttpRequest, code: str, body: Any) -> Any:
            order = Ordered(code=code, version=body.version)
            return api.once(
                request,
                lambda: answers.dossier_out(verb(api.actor(request), order, body, clock.now())),
            )

        view.__annotations__ |= {"body": body}
        view.__name__, view.__doc__ = operation_id, title
        return router.post(
            f"/dossiers/{{code}}/{path}",
            response=answers.DossierOut,
            operation_id=operation_id,
            auth=api.needs(scope),
        )(view)

    return made


@_act("receive", requests.ActIn, "dossiers_receive", "Tiếp nhận hồ sơ")
def _receive(actor: Actor, order: Ordered, _body: requests.ActIn, at: dt.datetime) -> Dossier:
    return reception.receive_dossier(actor=actor, order=order, at=at)


@_act("refuse", requests.RefuseIn, "dossiers_refuse_reception", "Từ chối tiếp nhận")
def _refuse(actor: Actor, order: Ordered, body: requests.RefuseIn, at: dt.datetime) -> Dossier:
    return reception.refuse_reception(
        actor=actor,
        order=order,
        reason=body.reason,
        ground=body.ground,
        competent_agency=body.competent_agency,
        at=at,
    )


@_act("assign", requests.AssignIn, "dossiers_assign", "Phân công, phân công lại")
def _assign(actor: Actor, order: Ordered, body: requests.AssignIn, at: dt.datetime) -> Dossier:
    return processing.assign_dossier(actor=actor, order=order, to=body.to, at=at)


@_act(
    "request-supplement",
    requests.RequestSupplementIn,
    "dossiers_request_supplement",
    "Yêu cầu bổ sung",
)
def _request_supplement(
    actor: Actor, order: Ordered, body: requests.RequestSupplementIn, at: dt.datetime
) -> Dossier:
    return processing.request_supplement(
        actor=actor,
        order=order,
        items=[SupplementItem(**item.model_dump()) for item in body.items],
        guide=body.guide,
        at=at,
    )


@_act("supplement", requests.SupplementIn, "dossiers_supplement", "Bổ sung hồ sơ", FILE)
def _supplement(
    actor: Actor, order: Ordered, body: requests.SupplementIn, at: dt.datetime
) -> Dossier:
    return processing.answer_supplement(
        actor=actor,
        order=order,
        given=drafting.paper_inputs(body.papers),
        answer=body.answer,
        at=at,
    )


@_act("propose", requests.ProposeIn, "dossiers_propose", "Trình dự thảo kết quả")
def _propose(actor: Actor, order: Ordered, body: requests.ProposeIn, at: dt.datetime) -> Dossier:
    proposal = Proposal(kind=body.kind, reason=body.reason, ground=body.ground, signer=body.signer)
    return processing.propose_result(actor=actor, order=order, proposal=proposal, at=at)


@_act("check", requests.CheckIn, "dossiers_check", "Thẩm tra dự thảo")
def _check(actor: Actor, order: Ordered, body: requests.CheckIn, at: dt.datetime) -> Dossier:
    return processing.check_proposal(
        actor=actor, order=order, is_agreed=body.is_agreed, comment=body.comment, at=at
    )


@_act("sign", requests.ActIn, "dossiers_sign", "Ký kết quả")
def _sign(actor: Actor, order: Ordered, _body: requests.ActIn, at: dt.datetime) -> Dossier:
    return deciding.sign_result(actor=actor, order=order, at=at)


@_act("return", requests.ReturnIn, "dossiers_return_for_rework", "Trả lại để làm lại")
def _return(actor: Actor, order: Ordered, body: requests.ReturnIn, at: dt.datetime) -> Dossier:
    return deciding.return_for_rework(actor=actor, order=order, comment=body.comment, at=at)


@_act("issue", requests.ActIn, "dossiers_issue", "Cấp số, đóng dấu, phát hành")
def _issue(actor: Actor, order: Ordered, _body: requests.ActIn, at: dt.datetime) -> Dossier:
    return deciding.issue_result(actor=actor, order=order, at=at)


@_act("hand-over", requests.HandOverIn, "dossiers_hand_over", "Trả kết quả")
def _hand_over(actor: Actor, order: Ordered, body: requests.HandOverIn, at: dt.datetime) -> Dossier:
    return delivery.hand_over(
        actor=actor,
        order=order,
        method=body.method,
        receiver=body.receiver,
        evidence=body.evidence,
        file=body.file,
        at=at,
    )


@_act("take-result", requests.ActIn, "dossiers_take_result", "Nhận kết quả điện tử", FILE)
def _take(actor: Actor, order: Ordered, _body: requests.ActIn, at: dt.datetime) -> Dossier:
    return delivery.take_result(actor=actor, order=order, at=at)


@_act("withdraw", requests.WithdrawIn, "dossiers_withdraw", "Rút hồ sơ", FILE)
def _withdraw(actor: Actor, order: Ordered, body: requests.WithdrawIn, at: dt.datetime) -> Dossier:
    return withdrawal.withdraw_dossier(actor=actor, order=order, reason=body.reason, at=at)


def _filing(request: HttpRequest, body: requests.FilingIn) -> Filing:
    """Read what was sent into a filing; whoever is signed in files it."""
    actor = api.actor(request)
    on = clock.day(clock.now())
    unit = catalogue.receiving_unit(body.receiving_unit, on=on)
    case = catalogue.current_case(body.procedure, body.case, on=on)
    typed = [PartyInput(**party.model_dump()) for party in body.parties]
    return Filing(
        procedure=body.procedure,
        case=body.case,
        form_version=body.form_version,
        answers=body.answers,
        parties=people.parties(actor, case, body.answers, typed),
        papers=drafting.paper_inputs(body.papers),
        receiving_unit=unit,
        competent_unit=catalogue.competent_unit(unit, on),
        channel=people.intake(actor),
        delivery=body.delivery,
    )

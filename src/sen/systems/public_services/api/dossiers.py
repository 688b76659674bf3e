"""The API of dossiers: file, list, read, look up, and each act on the version it was decided on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from sen.base import clock
from sen.systems.public_services import permissions
from sen.systems.public_services.data import Filing, PartyInput
from sen.systems.public_services.queries import catalogue, people, records
from sen.systems.public_services.schemas import acts, answers, drafting, requests
from sen.systems.public_services.services import looking_up, opening, previewing
from sen.systems.public_services.services.filing import submission
from sen.web import api, files

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


@router.get(
    "/dossiers/{code}/preview",
    operation_id="dossiers_preview",
    auth=api.needs("dossiers:act"),
)
def dossiers_preview(request: HttpRequest, code: str) -> HttpResponse:
    """Dự thảo kết quả theo kết quả thẩm định đã ghi, dạng PDF, chưa có chữ ký."""
    drawn = previewing.preview_result(actor=api.actor(request), code=code, at=clock.now())
    return files.drawn(drawn, f"du-thao-{code}.pdf")


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


def _offer(name: str, act: acts.Act) -> None:
    """Give an act its address: read the order, make the one call, show the dossier."""

    def view(request: HttpRequest, code: str, body: Any) -> Any:
        return api.once(
            request,
            lambda: answers.dossier_out(
                acts.carry_out(name, actor=api.actor(request), code=code, body=body, at=clock.now())
            ),
        )

    view.__annotations__ |= {"body": act.body}
    view.__name__, view.__doc__ = f"dossiers_{name}", act.title
    router.post(
        f"/dossiers/{{code}}/{act.path}",
        response=answers.DossierOut,
        operation_id=view.__name__,
        auth=api.needs("dossiers:act" if permissions.ACTS[name].permission else FILE),
    )(view)


for _name, _act in acts.ACTS.items():
    _offer(_name, _act)


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
        competent_unit=catalogue.competent_unit(unit, on, case),
        channel=people.intake(actor),
        delivery=body.delivery,
    )

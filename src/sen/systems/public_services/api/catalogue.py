"""The API of the catalogue for whoever keeps it: every act of its pages, by the same verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.kernel.access import public as access
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import Offer
from sen.systems.public_services.queries import offering
from sen.systems.public_services.schemas import catalogue as schemas
from sen.systems.public_services.services import catalogue as verbs
from sen.web import api, paging

router = Router()
READ, ACT = "catalogue:read", "catalogue:act"


def _today(request: HttpRequest) -> dt.date:
    """Return the day on which a keeper asks. Raises NotAllowed, SignInNeeded."""
    access.check(api.actor(request), permissions.CATALOGUE.name)
    return clock.day(clock.now())


def _detail(code: str, on: dt.date) -> schemas.OfferedDetailOut:
    held = schemas.offered_out(offering.one(code, on=on))
    return schemas.OfferedDetailOut(
        **held.model_dump(),
        versions=[schemas.version_out(one) for one in offering.versions(code)],
    )


@router.get(
    "/catalogue/procedures",
    response=api.Page[schemas.OfferedOut],
    operation_id="catalogue_list",
    auth=api.needs(READ),
)
def catalogue_list(
    request: HttpRequest,
    q: str = "",
    state: Offer | None = None,
    cursor: str = "",
    limit: api.Limit = 50,
) -> Any:
    """Mọi thủ tục với tình trạng: đang nhận, tạm dừng, dự thảo."""
    keys = paging.decode(cursor, keys=1)
    rows = offering.listed(
        on=_today(request),
        query=q,
        state=state.value if state else "",
        after=keys[0] if keys else "",
        limit=limit + 1,
    )
    found = [schemas.offered_out(one) for one in rows]
    return api.page(found, limit=limit, key=lambda one: one.code)


@router.get(
    "/catalogue/procedures/{code}",
    response=schemas.OfferedDetailOut,
    operation_id="catalogue_get",
    auth=api.needs(READ),
)
def catalogue_get(request: HttpRequest, code: str) -> schemas.OfferedDetailOut:
    """Một thủ tục với các phiên bản, mới nhất trước."""
    return _detail(code, _today(request))


@router.post(
    "/catalogue/procedures/{code}/switch",
    response=schemas.OfferedDetailOut,
    operation_id="catalogue_switch",
    auth=api.needs(ACT),
)
def catalogue_switch(request: HttpRequest, code: str, body: schemas.SwitchIn) -> Any:
    """Tạm dừng hoặc nhận hồ sơ trở lại; người dân đọc được lý do."""
    at = clock.now()

    def act() -> schemas.OfferedDetailOut:
        verbs.switch_procedure(actor=api.actor(request), code=code, **body.model_dump(), at=at)
        return _detail(code, clock.day(at))

    return api.once(request, act)


@router.post(
    "/catalogue/procedures/{code}/versions",
    response={201: schemas.VersionOut},
    operation_id="catalogue_draft",
    auth=api.needs(ACT),
)
def catalogue_draft(request: HttpRequest, code: str, body: schemas.DraftVersionIn) -> Any:
    """Soạn dự thảo phiên bản kế tiếp từ phiên bản mới nhất."""
    return api.once(
        request,
        lambda: schemas.version_out(
            verbs.draft_version(
                actor=api.actor(request), code=code, **body.model_dump(), at=clock.now()
            )
        ),
        status=201,
    )


@router.post(
    "/catalogue/procedures/{code}/versions/{number}/publish",
    response=schemas.VersionOut,
    operation_id="catalogue_publish",
    auth=api.needs(ACT),
)
def catalogue_publish(request: HttpRequest, code: str, number: int, body: schemas.PublishIn) -> Any:
    """Ban hành một dự thảo."""
    return api.once(
        request,
        lambda: schemas.version_out(
            verbs.publish_draft(
                actor=api.actor(request),
                code=code,
                number=number,
                reason=body.reason,
                at=clock.now(),
            )
        ),
    )


@router.post(
    "/catalogue/procedures/{code}/versions/{number}/discard",
    response=schemas.DiscardedOut,
    operation_id="catalogue_discard",
    auth=api.needs(ACT),
)
def catalogue_discard(request: HttpRequest, code: str, number: int) -> Any:
    """Bỏ một dự thảo."""

    def act() -> schemas.DiscardedOut:
        verbs.discard_draft(actor=api.actor(request), code=code, number=number, at=clock.now())
        return schemas.DiscardedOut(number=number)

    return api.once(request, act)

"""The API of the dictionary of the search: every act of its pages, by the same verbs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.search import public as search
from sen.systems.administration import permissions
from sen.systems.administration.queries import words as queries
from sen.systems.administration.schemas import words as schemas
from sen.web import api

router = Router()
READ, ACT = "administration:read", "administration:act"


@router.get(
    "/wordings",
    response=list[schemas.WordingOut],
    operation_id="wordings_list",
    auth=api.needs(READ),
)
def wordings_list(
    request: HttpRequest, q: str = "", topic: str = "", skip: int = 0, limit: api.Limit = 50
) -> list[schemas.WordingOut]:
    """Từ ngữ tìm kiếm đang dùng, theo mục."""
    access.check(api.actor(request), permissions.WATCH.name)
    rows = search.listed(query=q, topic=topic, skip=max(0, skip), limit=limit)
    return [schemas.wording_out(row) for row in rows]


@router.post(
    "/wordings",
    response={201: schemas.WordingOut},
    operation_id="wordings_add",
    auth=api.needs(ACT),
)
def wordings_add(request: HttpRequest, body: schemas.WordingIn) -> Any:
    """Thêm từ ngữ; lần tìm kế tiếp dùng ngay."""

    def act() -> schemas.WordingOut:
        row = search.save_wording(
            actor=api.actor(request), line=body.line(), reason=body.reason, at=clock.now()
        )
        return schemas.wording_out(row)

    return api.once(request, act, status=201)


@router.post(
    "/wording-trials",
    response=list[schemas.TrialOut],
    operation_id="wordings_try",
    auth=api.needs(READ),
)
def wordings_try(request: HttpRequest, body: schemas.TrialIn) -> list[schemas.TrialOut]:
    """Thử: một câu hỏi tìm được gì bây giờ, và với từ ngữ này; không ghi gì."""
    access.check(api.actor(request), permissions.WATCH.name)
    return schemas.trial_out(queries.try_out(body.question, body.line()))


@router.post(
    "/wordings/{wording}",
    response=schemas.WordingOut,
    operation_id="wordings_change",
    auth=api.needs(ACT),
)
def wordings_change(request: HttpRequest, wording: UUID, body: schemas.WordingChangeIn) -> Any:
    """Sửa từ ngữ, hoặc dùng trở lại từ ngữ đã thôi dùng."""

    def act() -> schemas.WordingOut:
        row = search.save_wording(
            actor=api.actor(request),
            line=body.line(),
            reason=body.reason,
            at=clock.now(),
            wording=wording,
            number=body.number,
        )
        return schemas.wording_out(row)

    return api.once(request, act)


@router.post(
    "/wordings/{wording}/retire",
    response=schemas.WordingOut,
    operation_id="wordings_retire",
    auth=api.needs(ACT),
)
def wordings_retire(request: HttpRequest, wording: UUID, body: schemas.WordingActIn) -> Any:
    """Thôi dùng từ ngữ."""

    def act() -> schemas.WordingOut:
        row = search.retire_wording(
            actor=api.actor(request), wording=wording, **body.model_dump(), at=clock.now()
        )
        return schemas.wording_out(row)

    return api.once(request, act)


@router.post(
    "/wordings/{wording}/undo",
    response=schemas.WordingOut,
    operation_id="wordings_undo",
    auth=api.needs(ACT),
)
def wordings_undo(request: HttpRequest, wording: UUID, body: schemas.WordingActIn) -> Any:
    """Trả từ ngữ lại như trước lần sửa cuối."""

    def act() -> schemas.WordingOut:
        row = search.undo_wording(
            actor=api.actor(request), wording=wording, **body.model_dump(), at=clock.now()
        )
        return schemas.wording_out(row)

    return api.once(request, act)

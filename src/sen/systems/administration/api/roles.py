"""The API of roles and rights: roles, grants, who may do what where, and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import KindEnd, KindGrant, RoleDraft
from sen.systems.administration.queries import finding, people
from sen.systems.administration.queries import roles as reads
from sen.systems.administration.schemas import roles as schemas
from sen.systems.administration.schemas import system as common
from sen.systems.administration.services import roles as verbs
from sen.web import api

router = Router()
READ, ACT = "administration:read", "administration:act"


@router.get(
    "/roles", response=list[schemas.RoleOut], operation_id="roles_list", auth=api.needs(READ)
)
def roles_list(request: HttpRequest) -> Any:
    """Mọi vai trò với các quyền trong đó."""
    access.check(api.actor(request), permissions.WATCH.name)
    return [schemas.role_out(one) for one in reads.roles(clock.day(clock.now()))]


@router.post("/roles", response={201: common.IdOut}, operation_id="roles_add", auth=api.needs(ACT))
def roles_add(request: HttpRequest, body: schemas.NewRoleIn) -> Any:
    """Tạo một vai trò riêng của tỉnh."""

    def act() -> common.IdOut:
        draft = RoleDraft(**body.model_dump())
        made = verbs.add_role(actor=api.actor(request), draft=draft, at=clock.now())
        return common.IdOut(id=made.id)

    return api.once(request, act, status=201)


@router.put("/roles/{code}", response=common.Done, operation_id="roles_change", auth=api.needs(ACT))
def roles_change(request: HttpRequest, code: str, body: schemas.RoleIn) -> Any:
    """Sửa một vai trò riêng của tỉnh."""

    def act() -> common.Done:
        draft = RoleDraft(code=code, **body.model_dump())
        verbs.change_role(actor=api.actor(request), draft=draft, at=clock.now())
        return common.Done()

    return api.once(request, act)


@router.post(
    "/roles/{code}/give", response=schemas.KindOut, operation_id="roles_give", auth=api.needs(ACT)
)
def roles_give(request: HttpRequest, code: str, body: schemas.KindGrantIn) -> Any:
    """Giao một vai trò cho mọi vị trí cùng mã ở đơn vị cùng loại; `dry_run` chỉ thử."""

    def act() -> schemas.KindOut:
        wanted = KindGrant(role=code, **body.model_dump(exclude={"dry_run"}))
        done = verbs.give_by_kind(
            actor=api.actor(request), wanted=wanted, at=clock.now(), dry_run=body.dry_run
        )
        return schemas.kind_out(done, dry_run=body.dry_run)

    return api.once(request, act)


@router.post(
    "/roles/{code}/take-back",
    response=schemas.KindOut,
    operation_id="roles_take_back",
    auth=api.needs(ACT),
)
def roles_take_back(request: HttpRequest, code: str, body: schemas.KindEndIn) -> Any:
    """Thu hồi một vai trò của mọi vị trí cùng mã ở đơn vị cùng loại; `dry_run` chỉ thử."""

    def act() -> schemas.KindOut:
        wanted = KindEnd(role=code, **body.model_dump(exclude={"dry_run"}))
        done = verbs.end_by_kind(
            actor=api.actor(request), wanted=wanted, at=clock.now(), dry_run=body.dry_run
        )
        return schemas.kind_out(done, dry_run=body.dry_run)

    return api.once(request, act)


@router.get(
    "/units/{code}/grants",
    response=list[schemas.GrantOut],
    operation_id="grants_list",
    auth=api.needs(READ),
)
def grants_list(
    request: HttpRequest, code: str, before: UUID | None = None, limit: api.Limit = 50
) -> Any:
    """Mọi vai trò đã, đang và sắp giao cho vị trí của đơn vị, mới nhất trước."""
    access.check(api.actor(request), permissions.WATCH.name)
    unit = organisations.unit(code, clock.day(clock.now()))
    return reads.grants_of_unit(unit.id, before=before, limit=limit)


@router.post(
    "/grants/{grant}/end", response=common.Done, operation_id="grants_end", auth=api.needs(ACT)
)
def grants_end(request: HttpRequest, grant: UUID, body: schemas.EndIn) -> Any:
    """Đặt ngày cuối của một vai trò đã giao."""

    def act() -> common.Done:
        access.end_grant(api.actor(request), grant=grant, **body.model_dump(), at=clock.now())
        return common.Done()

    return api.once(request, act)


@router.post(
    "/grants/{grant}/again",
    response={201: common.IdOut},
    operation_id="grants_again",
    auth=api.needs(ACT),
)
def grants_again(request: HttpRequest, grant: UUID, body: common.ReasonIn) -> Any:
    """Giao lại một vai trò đã thu hồi hoặc hết hạn, như trước."""

    def act() -> common.IdOut:
        made = access.grant_again(
            api.actor(request), grant=grant, at=clock.now(), reason=body.reason
        )
        return common.IdOut(id=made.id)

    return api.once(request, act, status=201)


@router.get(
    "/rights/{permission}",
    response=list[schemas.ReasonOut],
    operation_id="rights_who",
    auth=api.needs(READ),
)
def rights_who(request: HttpRequest, permission: str, unit: str) -> Any:
    """Ai được làm một việc ở một đơn vị, nhờ vai trò nào của vị trí nào."""
    access.check(api.actor(request), permissions.WATCH.name)
    if permission not in finding.titles():
        raise NotFound
    on = clock.day(clock.now())
    found = reads.who(permission, unit=organisations.unit(unit, on).id, on=on)
    return schemas.holdings_out(found)


@router.get(
    "/accounts/{account}/rights",
    response=list[schemas.ReasonOut],
    operation_id="rights_why",
    auth=api.needs(READ),
)
def rights_why(request: HttpRequest, account: UUID) -> Any:
    """Tài khoản được làm gì ở các vị trí đang giữ, và vì sao."""
    actor, on = api.actor(request), clock.day(clock.now())
    access.check(actor, permissions.ACCOUNTS.name)
    held = people.account(actor, account, on=on)
    return [
        line
        for post in people.posts(held.pk)
        if post.valid_from <= on and (post.valid_to is None or post.valid_to >= on)
        for line in schemas.reasons_out(reads.why(post.position_id, on=on))
    ]

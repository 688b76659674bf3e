"""The API of units, positions, stand-ins, posts of officials, and lists to be loaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import NewPost, Renaming, UnitDraft
from sen.systems.administration.queries import people
from sen.systems.administration.queries import units as reads
from sen.systems.administration.schemas import units as schemas
from sen.systems.administration.services import lists, posts, units
from sen.web import api, paging

router = Router()
READ, ACT = "administration:read", "administration:act"
Done = schemas.Done


# -- Units. `dry_run` tries an act, says what it touches, and changes nothing.


@router.get(
    "/units",
    response=api.Page[schemas.OrganisationUnitOut],
    operation_id="units_list",
    auth=api.needs(READ),
)
def units_list(
    request: HttpRequest,
    q: str = "",
    kind: str = "",
    cursor: str = "",
    limit: api.Limit = 50,
) -> Any:
    """Các đơn vị theo mã."""
    access.check(api.actor(request), permissions.WATCH.name)
    on = clock.day(clock.now())
    keys = paging.decode(cursor, keys=1)
    rows = reads.found(on, query=q, kind=kind, after=keys[0] if keys else "", limit=limit + 1)
    return api.page(schemas.units_out(rows, on), limit=limit, key=lambda one: one.code)


@router.post(
    "/units", response={201: schemas.AddedOut}, operation_id="units_add", auth=api.needs(ACT)
)
def units_add(request: HttpRequest, body: schemas.UnitIn) -> Any:
    """Thêm một đơn vị trực thuộc một đơn vị."""

    def act() -> schemas.AddedOut:
        draft = UnitDraft(**body.model_dump(exclude={"dry_run"}))
        made = units.add_unit(
            actor=api.actor(request), draft=draft, at=clock.now(), dry_run=body.dry_run
        )
        return schemas.AddedOut(id=made.id, code=made.code, dry_run=body.dry_run)

    return api.once(request, act, status=201)


@router.post(
    "/units/{code}/rename",
    response=schemas.ReachOut,
    operation_id="units_rename",
    auth=api.needs(ACT),
)
def units_rename(request: HttpRequest, code: str, body: schemas.RenameIn) -> Any:
    """Đổi tên một đơn vị từ một ngày."""

    def act() -> schemas.ReachOut:
        reach = units.rename_unit(
            actor=api.actor(request),
            code=code,
            renaming=Renaming(**body.model_dump(exclude={"dry_run"})),
            at=clock.now(),
            dry_run=body.dry_run,
        )
        return schemas.ReachOut.from_orm(reach)

    return api.once(request, act)


@router.post(
    "/units/{code}/move", response=schemas.MoveOut, operation_id="units_move", auth=api.needs(ACT)
)
def units_move(request: HttpRequest, code: str, body: schemas.MoveIn) -> Any:
    """Chuyển một đơn vị, với mọi đơn vị trực thuộc, về đơn vị cấp trên khác."""
    return api.once(
        request,
        lambda: schemas.MoveOut.from_orm(
            units.move_unit(
                actor=api.actor(request), code=code, **body.model_dump(), at=clock.now()
            )
        ),
    )


@router.post(
    "/units/{code}/merge",
    response=schemas.MergeOut,
    operation_id="units_merge",
    auth=api.needs(ACT),
)
def units_merge(request: HttpRequest, code: str, body: schemas.MergeIn) -> Any:
    """Sáp nhập các đơn vị vào đơn vị này; `dry_run` chỉ trả về kế hoạch."""
    return api.once(
        request,
        lambda: schemas.merge_out(
            units.merge_units(
                actor=api.actor(request), new=code, **body.model_dump(), at=clock.now()
            )
        ),
    )


@router.post(
    "/units/{code}/positions",
    response={201: schemas.IdOut},
    operation_id="positions_add",
    auth=api.needs(ACT),
)
def positions_add(request: HttpRequest, code: str, body: schemas.PositionIn) -> Any:
    """Thêm một vị trí việc làm vào đơn vị."""

    def act() -> schemas.IdOut:
        said = body.model_dump(exclude={"position"})
        made = units.add_position(
            actor=api.actor(request), unit=code, code=body.position, **said, at=clock.now()
        )
        return schemas.IdOut(id=made.id)

    return api.once(request, act, status=201)


@router.post(
    "/units/{code}/positions/{position}/close",
    response=Done,
    operation_id="positions_close",
    auth=api.needs(ACT),
)
def positions_close(request: HttpRequest, code: str, position: UUID, body: schemas.CloseIn) -> Any:
    """Kết thúc một vị trí việc làm sau một ngày."""

    def act() -> schemas.Done:
        units.close_position(
            actor=api.actor(request),
            unit=code,
            position=position,
            **body.model_dump(),
            at=clock.now(),
        )
        return Done()

    return api.once(request, act)


@router.get(
    "/units/{code}/stand-ins",
    response=list[schemas.StandInOut],
    operation_id="stand_ins_list",
    auth=api.needs(READ),
)
def stand_ins_list(request: HttpRequest, code: str) -> Any:
    """Các phân công thay thế của đơn vị, từ hôm nay trở đi."""
    access.check(api.actor(request), permissions.WATCH.name)
    on = clock.day(clock.now())
    return reads.stand_ins(organisations.unit(code, on).id, on)


@router.post(
    "/units/{code}/stand-ins",
    response={201: schemas.IdOut},
    operation_id="stand_ins_add",
    auth=api.needs(ACT),
)
def stand_ins_add(request: HttpRequest, code: str, body: schemas.StandInIn) -> Any:
    """Phân công thay thế cho một vị trí của đơn vị."""

    def act() -> schemas.IdOut:
        made = units.appoint_stand_in(
            actor=api.actor(request), unit=code, **body.model_dump(), at=clock.now()
        )
        return schemas.IdOut(id=made.id)

    return api.once(request, act, status=201)


@router.post(
    "/units/{code}/stand-ins/{stand_in}/end",
    response=Done,
    operation_id="stand_ins_end",
    auth=api.needs(ACT),
)
def stand_ins_end(request: HttpRequest, code: str, stand_in: UUID) -> Any:
    """Kết thúc ngay một phân công thay thế."""

    def act() -> schemas.Done:
        units.end_stand_in(actor=api.actor(request), unit=code, stand_in=stand_in, at=clock.now())
        return Done()

    return api.once(request, act)


# -- Positions that officials hold


@router.get(
    "/accounts/{account}/posts",
    response=list[schemas.PostOut],
    operation_id="posts_list",
    auth=api.needs(READ),
)
def posts_list(request: HttpRequest, account: UUID) -> Any:
    """Mọi vị trí mà cán bộ đã, đang và sắp giữ."""
    actor = api.actor(request)
    access.check(actor, permissions.ACCOUNTS.name)
    held = people.account(actor, account, on=clock.day(clock.now()))
    return people.posts(held.pk)


@router.post(
    "/accounts/{account}/posts",
    response={201: schemas.IdOut},
    operation_id="posts_add",
    auth=api.needs(ACT),
)
def posts_add(request: HttpRequest, account: UUID, body: schemas.PostIn) -> Any:
    """Giao thêm một vị trí cho cán bộ đã có tài khoản."""

    def act() -> schemas.IdOut:
        post = NewPost(account=account, **body.model_dump())
        return schemas.IdOut(
            id=posts.add_post(actor=api.actor(request), post=post, at=clock.now()).pk
        )

    return api.once(request, act, status=201)


@router.post(
    "/accounts/{account}/posts/{post}/end",
    response=Done,
    operation_id="posts_end",
    auth=api.needs(ACT),
)
def posts_end(request: HttpRequest, account: UUID, post: UUID, body: schemas.LastDayIn) -> Any:
    """Ghi ngày cuối giữ một vị trí."""

    def act() -> schemas.Done:
        posts.end_post(
            actor=api.actor(request),
            account=account,
            post=post,
            last_day=body.last_day,
            at=clock.now(),
        )
        return Done()

    return api.once(request, act)


@router.post(
    "/accounts/{account}/posts/{post}/default",
    response=Done,
    operation_id="posts_make_default",
    auth=api.needs(ACT),
)
def posts_make_default(request: HttpRequest, account: UUID, post: UUID) -> Any:
    """Đặt vị trí mặc định khi đăng nhập."""

    def act() -> schemas.Done:
        posts.make_default(actor=api.actor(request), account=account, post=post, at=clock.now())
        return Done()

    return api.once(request, act)


# -- Lists. Passwords of opened accounts are shown once: no one-time key keeps them.


@router.post(
    "/units/load",
    response=schemas.LoadedOut,
    operation_id="units_load",
    auth=api.needs(ACT),
)
def units_load(request: HttpRequest, body: schemas.UnitListIn) -> Any:
    """Nạp một danh sách đơn vị, tất cả hoặc không dòng nào; `dry_run` chỉ thử."""
    rows = [one.model_dump() for one in body.rows]
    return schemas.LoadedOut.from_orm(
        lists.load_units(actor=api.actor(request), rows=rows, at=clock.now(), dry_run=body.dry_run)
    )


@router.post(
    "/officials/load",
    response=schemas.LoadedOut,
    operation_id="officials_load",
    auth=api.needs(ACT),
)
def officials_load(request: HttpRequest, body: schemas.OfficialListIn) -> Any:
    """Nạp một danh sách cán bộ, tất cả hoặc không dòng nào; `dry_run` chỉ thử."""
    rows = [one.model_dump() for one in body.rows]
    return schemas.LoadedOut.from_orm(
        lists.load_officials(
            actor=api.actor(request), rows=rows, at=clock.now(), dry_run=body.dry_run
        )
    )

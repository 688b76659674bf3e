"""The API of the system itself: state, background work, accounts, roles, law, trail."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.kernel.notifications import public as notifications
from sen.systems.administration import permissions
from sen.systems.administration.data import NewOfficial, NewToken, NewValue, Vital
from sen.systems.administration.queries import law, vitals
from sen.systems.administration.schemas import system as schemas
from sen.systems.administration.services import accounts, work
from sen.systems.administration.services import law as law_verbs
from sen.systems.administration.tables import records as tables
from sen.web import api

router = Router()
Done = schemas.Done
READ, ACT = "administration:read", "administration:act"
"""The scopes that a token needs; what its owner may do, the rights say."""


@router.get(
    "/health", response=list[schemas.VitalOut], operation_id="health_list", auth=api.needs(READ)
)
def health_list(request: HttpRequest) -> list[Vital]:
    """Tình trạng hệ thống, điều cần xem đứng trước."""
    access.check(api.actor(request), permissions.WATCH.name)
    return vitals.vitals()


# -- Work in the background


@router.post("/jobs/{job}/replay", response=Done, operation_id="jobs_replay", auth=api.needs(ACT))
def jobs_replay(request: HttpRequest, job: int) -> Any:
    """Chạy lại một việc nền không thành."""

    def act() -> schemas.Done:
        work.replay_job(actor=api.actor(request), job_id=job, at=clock.now())
        return Done()

    return api.once(request, act)


@router.post(
    "/events/{event}/replay", response=Done, operation_id="events_replay", auth=api.needs(ACT)
)
def events_replay(request: HttpRequest, event: UUID, body: schemas.HandlerIn) -> Any:
    """Giao lại một sự kiện cho nơi xử lý."""

    def act() -> schemas.Done:
        work.replay_delivery(
            actor=api.actor(request), event=event, handler=body.handler, at=clock.now()
        )
        return Done()

    return api.once(request, act)


@router.post(
    "/messages/{delivery}/replay",
    response=Done,
    operation_id="messages_replay",
    auth=api.needs(ACT),
)
def messages_replay(request: HttpRequest, delivery: UUID) -> Any:
    """Gửi lại một thông báo không tới nơi."""

    def act() -> schemas.Done:
        notifications.replay(api.actor(request), delivery=delivery, at=clock.now())
        return Done()

    return api.once(request, act)


# -- Accounts and rights. Secrets are shown once: no one-time key keeps them for a second answer.


@router.post(
    "/officials",
    response={201: schemas.SecretOut},
    operation_id="officials_add",
    auth=api.needs(ACT),
)
def officials_add(request: HttpRequest, body: schemas.OfficialIn) -> Any:
    """Mở tài khoản cán bộ; mật khẩu dùng một lần chỉ có trong câu trả lời này."""
    account, password = accounts.add_official(
        actor=api.actor(request), official=NewOfficial(**body.model_dump()), at=clock.now()
    )
    return Status(201, {"id": account.pk, "secret": password})


@router.post(
    "/accounts/{account}/reset",
    response=schemas.SecretOut,
    operation_id="accounts_reset",
    auth=api.needs(ACT),
)
def accounts_reset(request: HttpRequest, account: UUID) -> Any:
    """Cấp lại quyền đăng nhập: mọi phiên và mã xác thực hết hiệu lực."""
    secret = accounts.reset_access(actor=api.actor(request), account=account, at=clock.now())
    return {"id": account, "secret": secret}


@router.post(
    "/accounts/{account}/active",
    response=Done,
    operation_id="accounts_set_active",
    auth=api.needs(ACT),
)
def accounts_set_active(request: HttpRequest, account: UUID, body: schemas.ActiveIn) -> Any:
    """Khóa, mở khóa một tài khoản."""

    def act() -> schemas.Done:
        accounts.set_active(
            actor=api.actor(request), account=account, **body.model_dump(), at=clock.now()
        )
        return Done()

    return api.once(request, act)


@router.post(
    "/accounts/{account}/tokens",
    response={201: schemas.SecretOut},
    operation_id="tokens_add",
    auth=api.needs(ACT),
)
def tokens_add(request: HttpRequest, account: UUID, body: schemas.TokenIn) -> Any:
    """Tạo khóa truy cập API; mã bí mật chỉ có trong câu trả lời này."""
    token, secret = accounts.add_token(
        actor=api.actor(request),
        account=account,
        token=NewToken(**body.model_dump()),
        at=clock.now(),
    )
    return Status(201, {"id": token.pk, "secret": secret})


@router.post(
    "/accounts/{account}/tokens/{token}/revoke",
    response=Done,
    operation_id="tokens_revoke",
    auth=api.needs(ACT),
)
def tokens_revoke(request: HttpRequest, account: UUID, token: UUID) -> Any:
    """Thu hồi một khóa truy cập."""

    def act() -> schemas.Done:
        accounts.revoke_token(
            actor=api.actor(request), account=account, token=token, at=clock.now()
        )
        return Done()

    return api.once(request, act)


@router.post(
    "/grants", response={201: schemas.IdOut}, operation_id="grants_add", auth=api.needs(ACT)
)
def grants_add(request: HttpRequest, body: schemas.GrantIn) -> Any:
    """Giao một vai trò cho một vị trí việc làm."""

    def act() -> schemas.IdOut:
        said = body.model_dump(exclude={"reason", "scope"})
        wanted = access.NewGrant(**said, scope=access.Scope(body.scope))
        made = access.grant(api.actor(request), grant=wanted, at=clock.now(), reason=body.reason)
        return schemas.IdOut(id=made.id)

    return api.once(request, act, status=201)


@router.post(
    "/grants/{grant}/revoke", response=Done, operation_id="grants_revoke", auth=api.needs(ACT)
)
def grants_revoke(request: HttpRequest, grant: UUID, body: schemas.ReasonIn) -> Any:
    """Thu hồi một vai trò."""

    def act() -> schemas.Done:
        access.revoke(api.actor(request), grant=grant, at=clock.now(), reason=body.reason)
        return Done()

    return api.once(request, act)


# -- Law


@router.get(
    "/legal-values",
    response=list[schemas.ValueOut],
    operation_id="legal_values_list",
    auth=api.needs(READ),
)
def legal_values_list(request: HttpRequest) -> Any:
    """Giá trị pháp lý đang có hiệu lực."""
    access.check(api.actor(request), permissions.WATCH.name)
    return law.values(clock.day(clock.now()))


@router.post(
    "/legal-values/{key}",
    response={201: schemas.ValueOut},
    operation_id="legal_values_set",
    auth=api.needs(ACT),
)
def legal_values_set(request: HttpRequest, key: str, body: schemas.ValueIn) -> Any:
    """Ghi giá trị có hiệu lực từ một ngày."""
    return api.once(
        request,
        lambda: schemas.ValueOut.from_orm(
            law_verbs.set_value(
                actor=api.actor(request),
                value=NewValue(key=key, **body.model_dump()),
                at=clock.now(),
            )
        ),
        status=201,
    )


@router.get(
    "/legal-values/{key}",
    response=list[schemas.ValueOut],
    operation_id="legal_values_history",
    auth=api.needs(READ),
)
def legal_values_history(request: HttpRequest, key: str) -> Any:
    """Mọi giá trị của một khóa, cả giá trị ghi nhầm đã sửa, mới nhất trước."""
    access.check(api.actor(request), permissions.WATCH.name)
    return law.history(key)


@router.post(
    "/legal-values/{key}/{valid_from}/correct",
    response=schemas.ValueOut,
    operation_id="legal_values_correct",
    auth=api.needs(ACT),
)
def legal_values_correct(
    request: HttpRequest, key: str, valid_from: dt.date, body: schemas.CorrectionIn
) -> Any:
    """Sửa một giá trị ghi nhầm; giá trị cũ còn trong lịch sử."""
    said = body.model_dump(exclude={"confirmed"})
    return api.once(
        request,
        lambda: schemas.ValueOut.from_orm(
            law_verbs.correct_value(
                actor=api.actor(request),
                key=key,
                valid_from=valid_from,
                correction=legal.Correction(**said),
                confirmed=body.confirmed,
                at=clock.now(),
            )
        ),
    )


@router.post(
    "/calendar/days",
    response=schemas.EditionOut,
    operation_id="calendar_set_day",
    auth=api.needs(ACT),
)
def calendar_set_day(request: HttpRequest, body: schemas.DayIn) -> Any:
    """Ghi một ngày khác thường lệ vào lịch của tỉnh."""
    span = (body.opens, body.closes) if body.opens and body.closes else None
    entry = calendar.DayEntry(
        on=body.on,
        kind=calendar.DayKind(body.kind),
        title={"vi": body.title},
        source=body.source,
        span=span,
    )
    return api.once(
        request,
        lambda: schemas.EditionOut(
            edition=calendar.set_days(
                api.actor(request), unit=None, days=[entry], reason=body.reason, at=clock.now()
            )
        ),
    )


@router.post(
    "/calendar/days/{on}/clear",
    response=schemas.EditionOut,
    operation_id="calendar_clear_day",
    auth=api.needs(ACT),
)
def calendar_clear_day(request: HttpRequest, on: dt.date, body: schemas.ReasonIn) -> Any:
    """Bỏ một ngày khỏi lịch của tỉnh."""
    return api.once(
        request,
        lambda: schemas.EditionOut(
            edition=calendar.clear_day(
                api.actor(request), unit=None, on=on, reason=body.reason, at=clock.now()
            )
        ),
    )


# -- The trail


@router.get(
    "/audit", response=list[schemas.TrailOut], operation_id="audit_list", auth=api.needs(READ)
)
def audit_list(
    request: HttpRequest, first: dt.date, last: dt.date, code: str = "", limit: api.Limit = 50
) -> Any:
    """Các dòng nhật ký trong những ngày đã nêu, mới nhất trước."""
    access.check(api.actor(request), permissions.TRAIL.name)
    found = audit.find(
        since=clock.moment(first),
        until=clock.moment(last + dt.timedelta(days=1)),
        code=code,
        limit=limit,
    )
    return tables.trail_rows(found)


@router.post(
    "/audit/verify", response=schemas.ReportOut, operation_id="audit_verify", auth=api.needs(READ)
)
def audit_verify(request: HttpRequest) -> Any:
    """Kiểm tra toàn bộ nhật ký với các con dấu."""
    access.check(api.actor(request), permissions.TRAIL.name)
    return audit.verify()

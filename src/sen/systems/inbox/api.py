"""The API of the inbox: what waits for me, taking it, putting it back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from sen.base import clock
from sen.base.errors import Invalid
from sen.kernel.notifications import public as notifications
from sen.kernel.workflow import public as workflow
from sen.systems.inbox import tables
from sen.web import api

router = Router(tags=["inbox"])


class TaskOut(Schema):
    """An open task as it waits for whoever asks.

    waits: what is waited for where the record has its answer already and no time counts any more.
    """

    id: UUID
    code: str
    title: str
    act: str
    act_title: str
    unit: str
    assignee: str
    is_mine: bool
    is_free: bool
    clock_state: str
    minutes: int | None
    due_at: dt.datetime | None
    waits: str
    version: int


class TaskPage(Schema):
    """A page of tasks; `next` is the cursor of the one after, null on the last."""

    items: list[TaskOut]
    next: str | None


@router.get("/tasks", response=TaskPage, operation_id="tasks_list", auth=api.needs("tasks:read"))
def tasks_list(
    request: HttpRequest,
    act: str = "",
    state: workflow.TaskState = workflow.TaskState.ALL,
    cursor: str = "",
    limit: api.Limit = 50,
) -> dict[str, Any]:
    """Việc đang chờ tôi, việc gấp trước."""
    actor = api.actor(request)
    now = clock.now()
    if act and act not in workflow.acts():
        raise Invalid(fields={"act": [_("Không có loại việc này.")]})
    page = workflow.open_tasks(
        actor,
        acts=[act] if act else None,
        state=state,
        after=cursor or None,
        limit=limit,
        at=now,
    )
    rows = tables.rows(actor, page.rows, now=now)
    return {
        "items": [_out(row, task) for row, task in zip(rows, page.rows, strict=True)],
        "next": page.after,
    }


@router.post(
    "/tasks/{task}/claim", response=TaskOut, operation_id="tasks_claim", auth=api.needs("tasks:act")
)
def tasks_claim(request: HttpRequest, task: UUID) -> TaskOut:
    """Nhận một việc chưa ai nhận."""
    actor = api.actor(request)
    now = clock.now()
    taken = workflow.claim(actor, task=workflow.task(task, actor), at=now)
    return _out(tables.rows(actor, [taken], now=now)[0], taken)


@router.post(
    "/tasks/{task}/release",
    response=TaskOut,
    operation_id="tasks_release",
    auth=api.needs("tasks:act"),
)
def tasks_release(request: HttpRequest, task: UUID) -> TaskOut:
    """Trả một việc lại cho đơn vị."""
    actor = api.actor(request)
    now = clock.now()
    left = workflow.release(actor, task=workflow.task(task, actor), at=now)
    return _out(tables.rows(actor, [left], now=now)[0], left)


class NewsOut(Schema):
    """A notification as it reads in the language of the account."""

    id: UUID
    title: str
    body: str
    link: str
    created_at: dt.datetime
    is_read: bool


class NewsPage(Schema):
    """A page of notifications, newest first; `next` is the cursor of the one after."""

    items: list[NewsOut]
    next: str | None


@router.get(
    "/notifications",
    response=NewsPage,
    operation_id="notifications_list",
    auth=api.needs("notifications:read"),
)
def notifications_list(
    request: HttpRequest, cursor: str = "", limit: api.Limit = 20
) -> dict[str, Any]:
    """Thông báo của tôi, mới nhất trước."""
    page = notifications.inbox(api.actor(request), before=cursor or None, limit=limit)
    return {"items": page.rows, "next": page.before}


@router.post(
    "/notifications/read",
    response={204: None},
    operation_id="notifications_read",
    auth=api.needs("notifications:read"),
)
def notifications_read(request: HttpRequest) -> Status[None]:
    """Đánh dấu đã đọc mọi thông báo."""
    notifications.mark_read(api.actor(request), at=clock.now())
    return Status(204, None)


def _out(row: tables.TaskRow, task: workflow.Task) -> TaskOut:
    return TaskOut(
        **{name: getattr(row, name) for name in TaskOut.model_fields if name != "version"},
        version=task.version,
    )

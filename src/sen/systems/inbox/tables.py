"""Shapes of the inbox: a task as the line that a page or the API shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.kernel.search import public as search
from sen.kernel.workflow import public as workflow
from sen.web import wording
from sen.web.data import Column, FilterGroup, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task as a line of a list.

    minutes: working minutes until it is due, negative when late; None without a date or paused.
    waits: what is waited for since when, where the record has its answer and no time counts.
    """

    id: UUID
    code: str
    title: str
    act: str
    act_title: str
    unit: str
    href: str
    claim_href: str
    release_href: str
    assignee: str
    is_mine: bool
    is_free: bool
    clock_state: str
    minutes: int | None
    due_at: dt.datetime | None
    waits: str = ""


def text(localised: object) -> str:
    """Return a localised text in the language of the page."""
    if not isinstance(localised, dict):
        return str(localised)
    return str(localised.get(get_language() or "vi") or localised["vi"])


def rows(actor: Actor, tasks: Sequence[workflow.Task], *, now: dt.datetime) -> list[TaskRow]:
    """Return tasks as lines, the names of people and units read together."""
    on = clock.day(now)
    people = identity.display_names({task.assignee for task in tasks if task.assignee})
    units = organisations.unit_names({task.unit_id for task in tasks}, on)
    return [_row(actor, task, people, units, now) for task in tasks]


def _row(
    actor: Actor,
    task: workflow.Task,
    people: dict[UUID, str],
    units: dict[UUID, str],
    now: dt.datetime,
) -> TaskRow:
    act = workflow.acts()[task.act]
    due = task.record_due_at or task.due_at
    minutes = _minutes(task, due, now)
    return TaskRow(
        id=task.id,
        code=task.run.code,
        title=task.title,
        act=task.act,
        act_title=text(act.title),
        unit=units.get(task.unit_id, ""),
        href=_address(act.url_name, task.run.code),
        claim_href=_address("inbox:claim", task.id),
        release_href=_address("inbox:release", task.id),
        assignee=people.get(task.assignee, "") if task.assignee else "",
        is_mine=task.assignee is not None and task.assignee == actor.account,
        is_free=task.assignee is None,
        clock_state=_state(task, minutes),
        minutes=minutes,
        due_at=due,
        waits=wording.since(text(act.after), task.opened_at) if act.after else "",
    )


def _address(name: str, key: object) -> str:
    """Return the address of a page of one thing; looked up once a name, for it is in every row."""
    before, after = _around(name, isinstance(key, UUID))
    return f"{before}{key}{after}"


@cache
def _around(name: str, is_id: bool) -> tuple[str, str]:  # noqa: FBT001 - likewise
    mark = str(UUID(int=0)) if is_id else "-"
    before, _mark, after = reverse(name, args=[mark]).rpartition(mark)
    return before, after


def _minutes(task: workflow.Task, due: dt.datetime | None, now: dt.datetime) -> int | None:
    if due is None or task.is_paused:
        return None
    return calendar.minutes_left(due, now, calendar.calendar_of(task.unit_id))


def _state(task: workflow.Task, minutes: int | None) -> str:
    if task.is_paused:
        return "paused"
    if minutes is None:
        return ""
    if minutes < 0:
        return "late"
    soon = calendar.WORKING_DAY.total_seconds() // 60
    return "soon" if minutes <= soon else "on_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A record that was found, as a line of a list."""

    kind: str
    code: str
    title: str
    href: str
    at: dt.datetime


def hits(found: Sequence[search.Hit]) -> list[HitRow]:
    """Return what was found as lines, each with the page that opens it."""
    kinds = search.sources()
    return [
        HitRow(
            kind=str(kinds[hit.kind].title),
            code=hit.code,
            title=hit.title,
            href=reverse(hit.url_name, args=[hit.code]),
            at=hit.at,
        )
        for hit in found
    ]


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column(label=_("Việc")),
        Column(label=_("Hồ sơ")),
        Column(label=_("Thời hạn")),
        Column(label=_("Người làm")),
        Column(label=_("Thao tác"), is_hidden=True),
    )


def groups(
    *,
    counters: workflow.Counters,
    act: str,
    state: str,
) -> tuple[FilterGroup, ...]:
    """Return the ways to narrow the list, each with how many wait there."""
    everything = sum(counters.by_act.values())
    states = (
        (
            workflow.TaskState.ALL.value,
            _("Tất cả"),
            counters.by_act.get(act, 0) if act else everything,
        ),
        (workflow.TaskState.LATE.value, _("Trễ hạn"), counters.late),
        (workflow.TaskState.SOON.value, _("Sắp đến hạn"), counters.soon),
        (workflow.TaskState.PAUSED.value, _("Tạm dừng"), counters.paused),
        (workflow.TaskState.MINE.value, _("Giao cho tôi"), None),
        (workflow.TaskState.TEAM.value, _("Giao cho người khác"), None),
    )
    acts = [("", _("Mọi việc"), everything)] + [
        (code, text(workflow.acts()[code].title), number)
        for code, number in counters.by_act.items()
        if number or code == act
    ]
    return (
        FilterGroup(
            label=_("Tình trạng"),
            links=tuple(
                Link(
                    label=str(label),
                    href=f"?viec={act}&tinh-trang={value}",
                    is_current=value == state,
                    count=None if count is None else _count(count),
                )
                for value, label, count in states
            ),
        ),
        FilterGroup(
            label=_("Loại việc"),
            links=tuple(
                Link(
                    label=str(label),
                    href=f"?viec={code}&tinh-trang={state}",
                    is_current=code == act,
                    count=_count(count),
                )
                for code, label, count in acts
            ),
        ),
    )


def _count(number: int) -> int | str:
    """Return how many wait: counted out up to a cap, above it "more than"."""
    if number <= workflow.COUNTER_CAP:
        return number
    cap = number_format(workflow.COUNTER_CAP, force_grouping=True)
    return _("hơn %(number)s") % {"number": cap}

"""Reads of the workflow: flows, tasks, the history and the clock of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, NotFound
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Joined, Nested
from sen.kernel.identity import public as identity
from sen.kernel.workflow import registry
from sen.kernel.workflow.data import Flow, RunClock
from sen.kernel.workflow.models import ClockInterval, ClosedTask, FlowVersion, Remark, Run, Task
from sen.kernel.workflow.rules import documents

UUID_VERSION = 7


class AlreadyDone(Conflict):
    """The task is no longer open; the message says who did what, and when."""

    code: ClassVar[str] = "already_done"
    default: ClassVar[str] = "Việc này đã được xử lý hoặc chưa đến bước này."


@lru_cache(maxsize=512)
def flow(flow_id: UUID) -> Flow:
    """Return a published flow, read once a process. Raises NotFound."""
    version = FlowVersion.objects.filter(id=flow_id).first()
    if version is None:
        raise NotFound(_("Không tìm thấy quy trình."))
    return documents.parse(version.document)


def latest_flow(code: str) -> FlowVersion:
    """Return the newest published version of a flow. Raises NotFound."""
    version = FlowVersion.objects.filter(code=code).order_by("-version").first()
    if version is None:
        raise NotFound(_("Chưa có quy trình nào được ban hành với mã %(code)s.") % {"code": code})
    return version


def flow_versions(code: str) -> list[FlowVersion]:
    """Return every published version of a flow, the newest first."""
    return list(FlowVersion.objects.filter(code=code).order_by("-version"))


def run(record: UUID) -> Run:
    """Return the run of a record. Raises NotFound."""
    found = Run.objects.filter(id=record).first()
    if found is None:
        raise NotFound
    return found


def task(task_id: UUID, actor: Actor | None = None) -> Task:
    """Return an open task with its run. Raises AlreadyDone naming who closed it, or NotFound.

    actor: with its title as this actor may see it, for one statement more.
    """
    if actor is None:
        found = Task.objects.select_related("run").filter(id=task_id).first()
    else:
        with access.acting(actor):
            found = titled(Task.objects.select_related("run").filter(id=task_id)).first()
    if found is not None:
        return found
    closed = ClosedTask.objects.filter(id=task_id).first()
    if closed is None:
        raise NotFound
    raise already_done(closed)


def titled(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return tasks with the titles of their records, empty for whoever takes no part in one.

    For reading inside `access.acting`.
    """
    return tasks.annotate(title=_remark("run_id"))  # type: ignore[no-redef]  # for the empty one


def _remark(column: str) -> Coalesce:
    """Return the words kept under the id in a column, "" where the actor may not see them."""
    words = Remark.objects.filter(id=OuterRef(column)).values("text")
    return Coalesce(Subquery(words), Value(""), output_field=TextField())


_TASK = Joined(Task, Run)


@cache
def _task_sql(*, locks: bool) -> str:
    return f"""
        SELECT {_TASK.columns} FROM workflow_task
        JOIN workflow_run ON workflow_run.id = workflow_task.run_id
        WHERE workflow_task.run_id = %(record)s AND workflow_task.act = %(act)s
            AND (%(unit)s::uuid IS NULL OR workflow_task.unit_id = %(unit)s)
        ORDER BY workflow_task.id LIMIT 1 {"FOR UPDATE OF workflow_run" if locks else ""}"""


def task_of(record: UUID, act: str, for_update: bool = True, unit: UUID | None = None) -> Task:  # noqa: FBT001, FBT002 - the contract's own signature
    """Return the open task of a record for an act, by default with the run locked.

    The run's lock is what every verb that moves a run takes first. unit: which of several branches,
    where a fork asks the same of several units.
    Raises AlreadyDone naming who did it and when, or saying that it is not its turn. One statement.
    """
    values = {"record": record, "act": act, "unit": unit}
    task: Task
    for task, run in _TASK.rows(_task_sql(locks=for_update), values):
        task.run = run
        return task
    closed = (
        ClosedTask.objects.filter(run_id=record, id__gte=first_task(record), act=act)
        .order_by("-closed_at", "-id")
        .first()
    )
    raise AlreadyDone if closed is None else already_done(closed)


def already_done(closed: ClosedTask) -> AlreadyDone:
    """Return the refusal that names who closed a task, how, and when."""
    who = identity.display_name(closed.closed_by) if closed.closed_by else _("hệ thống")
    act = registry.acts().get(closed.act)
    return AlreadyDone(
        _("%(who)s đã thực hiện việc “%(what)s” lúc %(when)s.")
        % {
            "who": who,
            "what": act.title["vi"] if act else closed.step,
            "when": clock.local(closed.closed_at).strftime("%H:%M %d/%m/%Y"),
        }
    )


def record_tasks(record: UUID) -> list[Task]:
    """Return the open tasks of a record, oldest first. For whoever may see the record."""
    return [_with_run(task, run) for task, run in _TASK.rows(_open_sql(), [record])]


@cache
def _open_sql() -> str:
    return f"""
        SELECT {_TASK.columns} FROM workflow_task
        JOIN workflow_run ON workflow_run.id = workflow_task.run_id
        WHERE workflow_task.run_id = %s ORDER BY workflow_task.id"""


def _with_run(task: Task, run: Run) -> Task:
    task.run = run
    return task


def first_task(record: UUID) -> UUID:
    """Return an id below those of all tasks of a record, by which partitions are left out.

    A record's own UUIDv7 is older than its tasks; any other id says nothing.
    """
    return record if record.version == UUID_VERSION else UUID(int=0)


def history(record: UUID) -> list[ClosedTask]:
    """Return the closed tasks of a record with their comments, in the order in which they ended.

    For whoever may see the record, inside `access.acting`.
    """
    rows = ClosedTask.objects.filter(run_id=record, id__gte=first_task(record))
    rows = rows.annotate(comment=_remark("id"))  # type: ignore[no-redef]  # for the empty one
    return list(rows.order_by("closed_at", "id"))


_OPEN = Nested(
    Task,
    Run,
    rows="workflow_task JOIN workflow_run ON workflow_run.id = workflow_task.run_id"
    " WHERE workflow_task.run_id = %(record)s",
    order="workflow_task.id",
)
_DONE = Nested(
    ClosedTask,
    rows="workflow_closedtask LEFT JOIN workflow_remark ON workflow_remark.id ="
    " workflow_closedtask.id WHERE workflow_closedtask.run_id = %(record)s"
    " AND workflow_closedtask.id >= %(first)s",
    order="workflow_closedtask.closed_at, workflow_closedtask.id",
    also=("coalesce(workflow_remark.text, '')",),
)


def work_of(record: UUID) -> tuple[list[Task], list[ClosedTask]]:
    """Return `record_tasks` and `history` of a record. One statement.

    For whoever works on the record, inside `access.acting`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_OPEN.column}, {_DONE.column}",
            {"record": record, "first": first_task(record)},
        )
        waiting, ended = cursor.fetchall()[0]
    done = []
    for closed, comment in _DONE.read(ended):
        closed.comment = comment
        done.append(closed)
    return [_with_run(task, run) for task, run in _OPEN.read(waiting)], done


def clock_intervals(record: UUID) -> list[ClockInterval]:
    """Return the stretches in which a record's clock stood still, the first first."""
    return list(ClockInterval.objects.filter(run_id=record).order_by("started_at", "id"))


def pauses(
    intervals: Iterable[tuple[dt.datetime, dt.datetime | None]], since: dt.datetime
) -> list[calendar.Pause]:
    """Return the parts of intervals (began, ended) that lie after the time of the law began."""
    return [
        calendar.Pause(max(began, since), ended)
        for began, ended in intervals
        if ended is None or ended > since
    ]


def run_clock(record: UUID, at: dt.datetime) -> RunClock:
    """Return the clock of a record at a moment: promised, expected, elapsed, paused, remaining.

    While the clock stands still the expected date is as of that moment. Raises NotFound;
    CalendarTooShort where the calendar does not reach.
    """
    found = run(record)
    intervals = clock_intervals(record)
    reason = next((each.reason for each in intervals if each.ended_at is None), "")
    if found.promised_at is None or found.counts_from is None:
        return RunClock(
            promised_at=None,
            expected_at=None,
            elapsed=dt.timedelta(),
            paused=dt.timedelta(),
            remaining=None,
            is_paused=found.paused_at is not None,
            reason=reason,
        )
    hours = calendar.calendar_of(found.clock_unit_id)
    until = found.ended_at or at
    paused = pauses([(each.started_at, each.ended_at) for each in intervals], found.counts_from)
    expected = calendar.due_after_pauses(found.promised_at, paused, at=until, calendar=hours)
    return RunClock(
        promised_at=found.promised_at,
        expected_at=expected,
        elapsed=calendar.elapsed(found.counts_from, until, paused, hours),
        paused=calendar.paused_time(paused, until=until, calendar=hours),
        remaining=calendar.remaining(expected, until, hours),
        is_paused=found.paused_at is not None,
        reason=reason,
    )

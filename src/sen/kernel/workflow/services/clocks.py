"""The clock of a run: stop it, let it run again, move the promise.

Parts of a system's own verb, which checks the right, audits and publishes.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.calendar import public as calendar
from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.workflow import registry
from sen.kernel.workflow.models import ClockInterval, Extension, Run, Task, Timer
from sen.kernel.workflow.queries import runs
from sen.kernel.workflow.services.joining import joins
from sen.kernel.workflow.services.tasks import lock, record_timers


class AlreadyPaused(Conflict):
    """The clock stands still already."""

    code: ClassVar[str] = "already_paused"
    default: ClassVar[str] = "Hồ sơ này đang tạm dừng tính thời hạn."


class NotPaused(Conflict):
    """The clock is running."""

    code: ClassVar[str] = "not_paused"
    default: ClassVar[str] = "Hồ sơ này không ở trạng thái tạm dừng."


_PAUSE_TASKS = "UPDATE workflow_task SET is_paused = TRUE, version = version + 1 WHERE run_id = %s"
_PAUSE_TIMERS = "UPDATE workflow_timer SET is_paused = TRUE WHERE run_id = %s"
_GOING = """
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_array(started_at, ended_at)), '[]')
        FROM workflow_clockinterval WHERE run_id = %(run)s),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(id, due_at)), '[]')
        FROM workflow_task WHERE run_id = %(run)s),
    (SELECT coalesce(jsonb_agg(jsonb_build_array(id, fire_at)), '[]')
        FROM workflow_timer WHERE run_id = %(run)s)"""
"""All that moves when a clock goes on: its intervals, the open tasks, the timers."""
_END_INTERVAL = (
    "UPDATE workflow_clockinterval SET ended_at = %s, ended_by = %s"
    " WHERE run_id = %s AND ended_at IS NULL"
)
_MOVE_TIMERS = (
    "UPDATE workflow_timer SET is_paused = FALSE, fire_at = timer.at"
    " FROM unnest(%s::uuid[], %s::timestamptz[]) AS timer(id, at)"
    " WHERE workflow_timer.id = timer.id"
)
_MOVE_TASKS = (
    "UPDATE workflow_task SET is_paused = FALSE, version = version + 1,"
    " record_due_at = CASE WHEN act <> ALL(%s) THEN %s::timestamptz END, due_at = task.due_at"
    " FROM unnest(%s::uuid[], %s::timestamptz[]) AS task(id, due_at)"
    " WHERE workflow_task.id = task.id"
)


@joins
def pause(
    actor: Actor,
    record: UUID,
    *,
    reason: str,
    ground: str,
    at: dt.datetime,
    held: Run | None = None,
) -> Run:
    """Stop the clock of a record and every open task of it; return the run.

    reason: a short code such as "supplement". ground: the act and the rule behind it. held: the
    run, where the caller has locked it (`task_of`); else it is read.
    Raises NotFound, AlreadyPaused, Conflict where the run is over, Invalid without a ground.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17 (thời gian bổ sung không tính vào thời hạn).
    """
    if not ground.strip():
        message = _("Vui lòng ghi căn cứ tạm dừng.")
        raise Invalid(message, fields={"ground": [message]})
    run = held or lock(record)
    if run.paused_at is not None:
        raise AlreadyPaused
    run.paused_at = at
    database.update(run, "paused_at")
    database.insert(
        ClockInterval(
            run=run, started_at=at, reason=reason, ground=ground, started_by=actor.account
        )
    )
    database.write(Part(_PAUSE_TASKS, [record]))
    database.write(Part(_PAUSE_TIMERS, [record]))
    return run


@joins
def resume(actor: Actor, record: UUID, *, at: dt.datetime) -> Run:
    """Let the clock of a record run again; return the run with its new expected date.

    The promised date stays; the expected one, the open tasks and the timers move by exactly the
    working time that was paused. Two reads. Raises NotFound, NotPaused, CalendarTooShort.
    """
    run = lock(record)
    if run.paused_at is None:
        raise NotPaused
    office = calendar.calendar_of(run.clock_unit_id)
    stood = calendar.Pause(run.paused_at, at)
    intervals, tasks, timers = _going(record)
    if run.promised_at is not None and run.counts_from is not None:
        run.expected_at = calendar.due_after_pauses(
            run.promised_at, runs.pauses(intervals, run.counts_from), at=at, calendar=office
        )

    def moved(moment: dt.datetime) -> dt.datetime:
        return calendar.due_after_pauses(moment, [stood], at=at, calendar=office)

    run.paused_at = None
    database.update(run, "paused_at", "expected_at")
    database.write(Part(_END_INTERVAL, [at, actor.account, record]))
    database.write(Part(_MOVE_TIMERS, [list(timers), [moved(fire) for fire in timers.values()]]))
    dues = [due and moved(due) for due in tasks.values()]
    moves = [registry.uncounted(), run.expected_at, list(tasks), dues]
    database.write(Part(_MOVE_TASKS, moves))
    return run


def _going(
    record: UUID,
) -> tuple[
    list[tuple[dt.datetime, dt.datetime | None]],
    dict[str, dt.datetime | None],
    dict[str, dt.datetime],
]:
    """Return the intervals of a clock, the due moments of open tasks, those of timers."""
    with connection.cursor() as cursor:
        cursor.execute(_GOING, {"run": record})
        intervals, tasks, timers = (json.loads(found) for found in cursor.fetchone() or ())
    read = dt.datetime.fromisoformat
    return (
        [(read(began), ended and read(ended)) for began, ended in intervals],
        {task: due and read(due) for task, due in tasks},
        {timer: read(fire) for timer, fire in timers},
    )


@joins
def extend(actor: Actor, record: UUID, *, due_at: dt.datetime, ground: str, at: dt.datetime) -> Run:
    """Move the promised date of a record, with its ground; return the run.

    How often and how far the law allows it is the system's rule. Six statements.
    Raises NotFound, Conflict where nothing is promised or the clock stands still, Invalid for a
    date that is not later or a missing ground.
    Nguồn: Nghị định 118/2025/NĐ-CP (xin lỗi và hẹn lại ngày trả kết quả).
    """
    run = lock(record)
    if run.promised_at is None or run.paused_at is not None or run.counts_from is None:
        raise Conflict(_("Hồ sơ chưa có ngày hẹn trả hoặc đang tạm dừng, chưa gia hạn được."))
    if due_at <= run.promised_at:
        message = _("Ngày hẹn mới phải sau ngày hẹn cũ.")
        raise Invalid(message, fields={"due_at": [message]})
    if not ground.strip():
        message = _("Vui lòng ghi lý do gia hạn.")
        raise Invalid(message, fields={"ground": [message]})
    Extension.objects.create(
        run=run,
        old_due_at=run.promised_at,
        new_due_at=due_at,
        ground=ground,
        extended_at=at,
        extended_by=actor.account,
    )
    office = calendar.calendar_of(run.clock_unit_id)
    intervals = runs.pauses(
        [(each.started_at, each.ended_at) for each in runs.clock_intervals(record)],
        run.counts_from,
    )
    run.promised_at = due_at
    run.expected_at = calendar.due_after_pauses(due_at, intervals, at=at, calendar=office)
    run.save(update_fields=["promised_at", "expected_at"])
    Task.objects.filter(run_id=record).exclude(act__in=registry.uncounted()).update(
        record_due_at=run.expected_at, version=F("version") + 1
    )
    Timer.objects.filter(run_id=record, task=None).delete()
    Timer.objects.bulk_create(
        Timer(id=timer.id, run=run, key=timer.key, fire_at=timer.fire_at)
        for timer in record_timers(run, runs.flow(run.flow_id), run.expected_at, at)
    )
    return run

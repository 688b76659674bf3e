"""The clock of a run: stop it, let it run again, move the promise.

Parts of a system's own verb, which checks the right, audits and publishes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.calendar import public as calendar
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


_PAUSE = """
WITH stopped AS (UPDATE workflow_run SET paused_at = %(at)s WHERE id = %(run)s),
tasks AS (
    UPDATE workflow_task SET is_paused = TRUE, version = version + 1 WHERE run_id = %(run)s
),
timers AS (UPDATE workflow_timer SET is_paused = TRUE WHERE run_id = %(run)s)
INSERT INTO workflow_clockinterval (id, run_id, started_at, reason, ground, started_by)
VALUES (%(id)s, %(run)s, %(at)s, %(reason)s, %(ground)s, %(by)s)"""
_RESUME = """
WITH going AS (
    UPDATE workflow_run SET paused_at = NULL, expected_at = %(expected)s WHERE id = %(run)s
),
clock AS (
    UPDATE workflow_clockinterval SET ended_at = %(at)s, ended_by = %(by)s
    WHERE run_id = %(run)s AND ended_at IS NULL
),
timers AS (
    UPDATE workflow_timer SET is_paused = FALSE, fire_at = timer.at
    FROM unnest(%(timers)s::uuid[], %(fire_at)s::timestamptz[]) AS timer(id, at)
    WHERE workflow_timer.id = timer.id
)
UPDATE workflow_task SET is_paused = FALSE, version = version + 1,
    record_due_at = %(expected)s, due_at = task.due_at
FROM unnest(%(tasks)s::uuid[], %(due_at)s::timestamptz[]) AS task(id, due_at)
WHERE workflow_task.id = task.id"""


@joins
def pause(actor: Actor, record: UUID, *, reason: str, ground: str, at: dt.datetime) -> Run:
    """Stop the clock of a record and every open task of it; return the run. Two statements.

    reason: a short code such as "supplement". ground: the act and the rule behind it.
    Raises NotFound, AlreadyPaused, Conflict where the run is over, Invalid without a ground.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17 (thời gian bổ sung không tính vào thời hạn).
    """
    if not ground.strip():
        message = _("Vui lòng ghi căn cứ tạm dừng.")
        raise Invalid(message, fields={"ground": [message]})
    run = lock(record)
    if run.paused_at is not None:
        raise AlreadyPaused
    values: dict[str, Any] = {
        "id": ClockInterval().id,
        "run": record,
        "at": at,
        "reason": reason,
        "ground": ground,
        "by": actor.account,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, values)
    run.paused_at = at
    return run


@joins
def resume(actor: Actor, record: UUID, *, at: dt.datetime) -> Run:
    """Let the clock of a record run again; return the run with its new expected date.

    The promised date stays; the expected one, the open tasks and the timers move by exactly the
    working time that was paused. Five statements. Raises NotFound, NotPaused, CalendarTooShort.
    """
    run = lock(record)
    if run.paused_at is None:
        raise NotPaused
    office = calendar.calendar_of(run.clock_unit_id)
    stood = calendar.Pause(run.paused_at, at)
    if run.promised_at is not None and run.counts_from is not None:
        intervals = runs.pauses(runs.clock_intervals(record), run.counts_from)
        run.expected_at = calendar.due_after_pauses(
            run.promised_at, intervals, at=at, calendar=office
        )

    def moved(moment: dt.datetime) -> dt.datetime:
        return calendar.due_after_pauses(moment, [stood], at=at, calendar=office)

    tasks = list(Task.objects.filter(run_id=record).values_list("id", "due_at"))
    timers = list(Timer.objects.filter(run_id=record).values_list("id", "fire_at"))
    values: dict[str, Any] = {
        "run": record,
        "at": at,
        "by": actor.account,
        "expected": run.expected_at,
        "tasks": [task for task, _due in tasks],
        "due_at": [due and moved(due) for _task, due in tasks],
        "timers": [timer for timer, _fire in timers],
        "fire_at": [moved(fire) for _timer, fire in timers],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESUME, values)
    run.paused_at = None
    return run


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
    intervals = runs.pauses(runs.clock_intervals(record), run.counts_from)
    run.promised_at = due_at
    run.expected_at = calendar.due_after_pauses(due_at, intervals, at=at, calendar=office)
    run.save(update_fields=["promised_at", "expected_at"])
    Task.objects.filter(run_id=record).update(
        record_due_at=run.expected_at, version=F("version") + 1
    )
    Timer.objects.filter(run_id=record, task=None).delete()
    Timer.objects.bulk_create(
        Timer(id=timer.id, run=run, key=timer.key, fire_at=timer.fire_at)
        for timer in record_timers(run, runs.flow(run.flow_id), run.expected_at, at)
    )
    return run

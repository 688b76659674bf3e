"""The statements that move a run: what closes, what opens and what changes, all in one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from sen.base.identifiers import new_id
from sen.kernel.workflow.models import Run, Task
from sen.kernel.workflow.queries import runs

_CLOSE = """
gone AS (
    DELETE FROM workflow_task task USING held WHERE task.run_id = held.id AND {which}
    RETURNING task.*
), kept AS (
    INSERT INTO workflow_closedtask (id, run_id, step, act, unit_id, assignee, branch,
        opened_at, due_at, outcome, closed_at, closed_by)
    SELECT id, run_id, step, act, unit_id, assignee, branch, opened_at, due_at,
        CASE WHEN id = %(task)s THEN %(outcome)s ELSE %(swept)s END, %(at)s, %(by)s FROM gone
), timers_gone AS (
    DELETE FROM workflow_timer timer USING gone
    WHERE timer.run_id = gone.run_id AND timer.task = gone.id
)"""
_SAY = """
said AS (
    INSERT INTO workflow_remark (id, run_id, unit_id, text)
    SELECT id, run_id, unit_id, %(comment)s FROM gone WHERE %(task)s::uuid IS NULL OR id = %(task)s
)"""
_OPEN = """
opened AS (
    INSERT INTO workflow_task (id, run_id, step, act, permission, unit_id, "group", assignee,
        branch, opened_at, due_at, record_due_at, is_paused, version)
    SELECT n.id, %(run)s, n.step, n.act, n.permission, n.unit_id, %(group)s,
        coalesce(n.assignee, CASE WHEN n.is_sticky THEN (
            SELECT closed_by FROM workflow_closedtask closed
            WHERE closed.run_id = %(run)s AND closed.id >= %(floor)s AND closed.step = n.step
            ORDER BY closed.id DESC LIMIT 1) END),
        n.branch, %(at)s, n.due_at,
        CASE WHEN n.counts THEN %(record_due_at)s::timestamptz END, n.is_paused, 1
    FROM jsonb_to_recordset(%(opening)s::jsonb) AS n(id uuid, step text, act text,
        permission text, unit_id uuid, assignee uuid, is_sticky boolean, branch text,
        due_at timestamptz, counts boolean, is_paused boolean)
    WHERE EXISTS (SELECT FROM {after})
    RETURNING id, assignee
), timers AS (
    INSERT INTO workflow_timer (id, run_id, task, key, fire_at, is_paused)
    SELECT n.id, %(run)s, n.task, n.key, n.fire_at, n.is_paused
    FROM jsonb_to_recordset(%(timers)s::jsonb) AS n(id uuid, task uuid, key text,
        fire_at timestamptz, is_paused boolean)
    WHERE EXISTS (SELECT FROM {after})
)"""
_HOLD = """
held AS (
    SELECT id FROM workflow_run WHERE id = %(run)s AND ended_at IS NULL FOR UPDATE
)"""
_PAUSE = """
interval AS (
    INSERT INTO workflow_clockinterval (id, run_id, started_at, reason, ground, started_by)
    SELECT %(interval)s, %(run)s, %(at)s, %(reason)s, %(comment)s, %(by)s
    WHERE EXISTS (SELECT FROM gone)
)"""
_END_CLOCK = """
clock AS (
    UPDATE workflow_clockinterval SET ended_at = %(at)s, ended_by = %(by)s
    WHERE run_id = %(run)s AND ended_at IS NULL AND EXISTS (SELECT FROM gone)
)"""
_END_TIMERS = """
run_timers_gone AS (
    DELETE FROM workflow_timer
    WHERE run_id = %(run)s AND task IS NULL AND EXISTS (SELECT FROM gone)
)"""


_SET = {"data": "data = workflow_run.data || %(set_data)s::jsonb"}
"""Columns to which a change is added; of the others it takes the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A task about to be opened.

    counts: whether the time of the law runs while it is open. is_sticky: without an assignee it
    goes to whoever ended this step last.
    """

    id: UUID = field(default_factory=new_id)
    step: str
    act: str
    permission: str
    unit_id: UUID
    branch: str
    due_at: dt.datetime | None
    counts: bool = True
    assignee: UUID | None = None
    is_sticky: bool = False
    is_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimer:
    """A timer about to be set. task: the task it hangs on, None for the record's own."""

    id: UUID = field(default_factory=new_id)
    task: UUID | None
    key: str
    fire_at: dt.datetime
    is_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What is closed: one task, or with `sweeps` every open task of the run.

    swept: the outcome of the others that a sweep closes. pauses: the reason for which the clock
    stops in the same act; the comment is its ground.
    """

    task: UUID | None
    version: int | None
    outcome: str
    comment: str
    by: UUID | None
    sweeps: bool = False
    swept: str = "cancelled"
    pauses: str = ""


def move(
    run: Run,
    *,
    closing: Closing,
    opening: Sequence[Opening],
    timers: Sequence[NewTimer],
    changes: Mapping[str, Any],
    at: dt.datetime,
) -> list[Task] | None:
    """Close, open and change in one statement; return the opened tasks, None if nothing closed.

    Nothing happens where the run is over or the task no longer is what the caller read. changes:
    columns of the run and their new values.
    """
    parts = [_HOLD, _CLOSE.format(which=_which(closing))]
    if opening or timers:
        parts.append(_OPEN.format(after="gone"))
    if closing.comment:
        parts.append(_SAY)
    if closing.pauses:
        parts.append(_PAUSE)
    if "ended_at" in changes:
        parts.append(_END_CLOCK)
    if "ended_at" in changes or ends_time(opening):
        parts.append(_END_TIMERS)
    if changes:
        columns = ", ".join(_SET.get(column, f"{column} = %(set_{column})s") for column in changes)
        parts.append(
            f"changed AS (UPDATE workflow_run SET {columns}"
            " WHERE id = %(run)s AND EXISTS (SELECT FROM gone))"
        )
    values = {
        "task": closing.task,
        "version": closing.version,
        "outcome": closing.outcome,
        "swept": closing.swept,
        "comment": closing.comment,
        "by": closing.by,
        "reason": closing.pauses,
        "interval": new_id(),
        **{f"set_{column}": _plain(value) for column, value in changes.items()},
        **_opening_values(run, opening, timers, at),
    }
    opened = "SELECT id, assignee FROM opened" if opening else "SELECT NULL, NULL WHERE FALSE"
    sql = (
        f"WITH {', '.join(parts)} SELECT (SELECT count(*) FROM gone),"
        f" (SELECT jsonb_object_agg(id, assignee) FROM ({opened}) AS o(id, assignee))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        closed, assignees = cursor.fetchone() or (0, None)
    return _tasks(run, opening, _json(assignees), at) if closed else None


def begin(
    run: Run, *, title: str, opening: Opening, timers: Sequence[NewTimer], at: dt.datetime
) -> Task | None:
    """Insert a run with its title and first task in one statement; None if there is one already."""
    values: dict[str, Any] = {
        "id": run.id,
        "kind": run.kind,
        "code": run.code,
        "title": title,
        "flow": run.flow_id,
        "units": json.dumps(run.units),
        "data": json.dumps(run.data),
        "clock_unit": run.clock_unit_id,
        "promised_at": run.promised_at,
        "expected_at": run.expected_at,
        "counts_from": run.counts_from,
        **_opening_values(run, [opening], timers, at),
    }
    sql = (
        'WITH begun AS (INSERT INTO workflow_run (id, kind, code, flow_id, units, "group",'
        " data, clock_unit_id, started_at, counts_from, promised_at, expected_at, outcome)"
        " VALUES (%(id)s, %(kind)s, %(code)s, %(flow)s, %(units)s, %(group)s,"
        " %(data)s, %(clock_unit)s, %(at)s, %(counts_from)s, %(promised_at)s, %(expected_at)s, '')"
        " ON CONFLICT (id) DO NOTHING RETURNING id),"
        " named AS (INSERT INTO workflow_remark (id, run_id, unit_id, text)"
        " SELECT id, id, %(clock_unit)s, %(title)s FROM begun), "
        + _OPEN.format(after="begun")
        + " SELECT id, assignee FROM opened"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        return None
    return _tasks(run, [opening], {str(row[0]): row[1]}, at)[0]


def ends_time(opening: Sequence[Opening]) -> bool:
    """Tell whether the time of the law ends with what is opened: the record has its answer."""
    return bool(opening) and not any(each.counts for each in opening)


def _which(closing: Closing) -> str:
    if not closing.sweeps:
        return "task.id = %(task)s AND task.version = %(version)s"
    if closing.task is None:
        return "TRUE"
    return (
        "EXISTS (SELECT FROM workflow_task own"
        " WHERE own.id = %(task)s AND own.version = %(version)s)"
    )


def _opening_values(
    run: Run, opening: Sequence[Opening], timers: Sequence[NewTimer], at: dt.datetime
) -> dict[str, object]:
    return {
        "run": run.id,
        "group": run.group,
        "floor": runs.first_task(run.id),
        "record_due_at": run.expected_at,
        "at": at,
        "opening": json.dumps([_row(each) for each in opening]),
        "timers": json.dumps([_row(each) for each in timers]),
    }


def _row(value: Opening | NewTimer) -> dict[str, object]:
    return {
        name: item if isinstance(item, (str, bool)) or item is None else str(item)
        for name in value.__slots__
        for item in [getattr(value, name)]
    }


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _json(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value or {}


def _tasks(
    run: Run, opening: Sequence[Opening], assignees: Mapping[str, Any], at: dt.datetime
) -> list[Task]:
    """Return the opened tasks as the database has them."""
    tasks = [
        Task(
            id=each.id,
            run=run,
            step=each.step,
            act=each.act,
            permission=each.permission,
            unit_id=each.unit_id,
            group=run.group,
            assignee=UUID(str(given)) if (given := assignees.get(str(each.id))) else None,
            branch=each.branch,
            opened_at=at,
            due_at=each.due_at,
            record_due_at=run.expected_at if each.counts else None,
            is_paused=each.is_paused,
        )
        for each in opening
    ]
    for task in tasks:
        task._state.adding = False  # noqa: SLF001 - Django's way to say that the row exists
        task._state.db = connection.alias  # noqa: SLF001 - likewise
    return tasks

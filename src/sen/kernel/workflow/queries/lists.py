"""The lists of open tasks and their counters: what waits for an actor.

Both read streams (see `streams`), by indexes that hold all they ask for. Counters are counted, up
to a cap: nothing is kept beside the tasks, so nothing can be wrong and nobody waits for a counter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Joined
from sen.kernel.workflow.choices import TaskState
from sen.kernel.workflow.data import COUNTER_CAP, Counters, Page
from sen.kernel.workflow.models import Run, Task
from sen.kernel.workflow.queries import streams
from sen.kernel.workflow.rules.lists import Cursor, read_cursor

LIMIT = 200
"""The most rows a page may have."""

_RUNNING = "NOT task.is_paused"
_STATES = {
    TaskState.LATE: f"{_RUNNING} AND task.sort_at < %(at)s",
    TaskState.SOON: f"{_RUNNING} AND task.sort_at >= %(at)s AND task.sort_at < %(soon)s",
    TaskState.PAUSED: "task.is_paused",
}
_LISTED = Joined(Task, (Run, ("id", "kind", "code")))
"""Of the run only what lists show: its way through the flow would be parsed for nothing."""


@cache
def _rows_sql(page: str) -> str:
    return f"""{page} SELECT {_LISTED.columns}, coalesce(
            (SELECT remark.text FROM workflow_remark remark WHERE remark.id = workflow_run.id), '')
        FROM page JOIN workflow_task ON workflow_task.id = page.id
        JOIN workflow_run ON workflow_run.id = workflow_task.run_id
        ORDER BY page.is_paused, page.sort_at, page.id"""


def open_tasks(
    actor: Actor,
    *,
    acts: Iterable[str] | None = None,
    state: TaskState | str = TaskState.ALL,
    group: str | None = None,
    after: str | None = None,
    limit: int = 50,
    at: dt.datetime | None = None,
) -> Page[Task]:
    """Return a page of open tasks, running ones first, by date; each with its run and title.

    Two statements, of which one says who asks.
    acts: only these; all by default. group: only this group. after: the cursor of the page before.
    at: the moment by which tasks are late, now by default. Raises Invalid for a broken cursor.
    """
    state = TaskState(state)
    strands = streams.strands(actor, acts)
    if not strands or actor.account is None:
        return Page(rows=())
    limit = max(1, min(limit, LIMIT))
    which = [_STATES.get(state, "TRUE")]
    values: dict[str, Any] = {"strands": strands, "me": actor.account, "limit": limit + 1}
    values |= _moments(actor, at or clock.now())
    if group is not None:
        which.append('task."group" = %(group)s')
        values["group"] = group
    if after is not None:
        cursor = read_cursor(after)
        which.append("(task.is_paused, task.sort_at, task.id) > (%(paused)s, %(sort_at)s, %(id)s)")
        values |= {"paused": cursor.is_paused, "sort_at": cursor.sort_at, "id": cursor.id}
    page = streams.page_sql(
        ways=_ways(strands),
        whose={TaskState.MINE: "", TaskState.TEAM: streams.OTHERS}.get(state, streams.FREE),
        has_mine=state != TaskState.TEAM,
        which=" AND ".join(which),
    )
    with access.acting(actor):
        rows = [
            _titled(task, run, title) for task, run, title in _LISTED.rows(_rows_sql(page), values)
        ]
    return _page(rows, limit)


def _ways(strands: str) -> frozenset[bool]:
    """Return which ways of reading occur in strands."""
    return frozenset(is_wide for is_wide in (False, True) if _WIDE[is_wide] in strands)


_WIDE = {False: '"is_wide": false', True: '"is_wide": true'}


def _titled(task: Task, run: Run, title: str) -> Task:
    task.run, task.title = run, title
    return task


def _page(rows: Sequence[Task], limit: int) -> Page[Task]:
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(
        rows=rows[:limit],
        after=Cursor(last.is_paused, last.sort_at, last.id).write() if last else None,
    )


def _moments(actor: Actor, at: dt.datetime) -> dict[str, Any]:
    return {"at": at, "soon": soon_until(actor, at)}


def soon_until(actor: Actor, at: dt.datetime) -> dt.datetime:
    """Return the moment before which a running task counts as due soon: one working day from now.

    Where the calendar ends earlier, one day of the clock: a list must open on the last day of the
    year as well.
    """
    try:
        hours = calendar.calendar_of(actor.unit)
        return calendar.add_working_time(at, calendar.WORKING_DAY, hours)
    except calendar.CalendarTooShort:
        return at + dt.timedelta(days=1)


def counters(actor: Actor, *, act: str = "", at: dt.datetime | None = None) -> Counters:
    """Return how much waits for the actor, true at this moment. One statement.

    act: late, soon and paused are counted of this act alone, else of all. What is given to somebody
    else is left out. Each number is counted out up to COUNTER_CAP; one above it means "more".
    """
    strands = streams.strands(actor)
    if not strands or actor.account is None:
        return Counters()
    values: dict[str, Any] = {
        "strands": strands,
        "me": actor.account,
        "act": act,
        "cap": COUNTER_CAP + 1,
    }
    values |= _moments(actor, at or clock.now())
    sql = streams.counts_sql(
        _ways(strands), tuple((state.value, _STATES[state]) for state in _STATES)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = {
            (code, state): min(number, COUNTER_CAP + 1) for code, state, number in cursor.fetchall()
        }
    return Counters(
        by_act={code: number for (code, state), number in sorted(found.items()) if not state},
        late=found["", TaskState.LATE.value],
        soon=found["", TaskState.SOON.value],
        paused=found["", TaskState.PAUSED.value],
    )

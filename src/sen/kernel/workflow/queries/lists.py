"""The lists of open tasks and their counters: what waits for an actor.

Every list is the first rows of an index for each (unit, act) in which the actor has the right, put
together; no plan walks through tasks of others. Counters are counted, up to a cap, by the same
indexes: nothing is kept beside the tasks, so nothing can be wrong and no counter row is fought for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.workflow import registry
from sen.kernel.workflow.choices import TaskState
from sen.kernel.workflow.data import COUNTER_CAP, Counter, Page
from sen.kernel.workflow.models import Task
from sen.kernel.workflow.queries import runs
from sen.kernel.workflow.rules.lists import Cursor, read_cursor

LIMIT = 200
"""The most rows a page may have."""

_ORDER = "ORDER BY is_paused, sort_at, id LIMIT %(limit)s"
_SCOPE = (
    "scope AS (SELECT * FROM jsonb_to_recordset(%(scope)s::jsonb)"
    ' AS s(unit_id uuid, act text, "groups" text[]))'
)
_IN_SCOPE = (
    """
    SELECT own.id, own.is_paused, own.sort_at FROM scope CROSS JOIN LATERAL (
        SELECT id, is_paused, sort_at FROM workflow_task task
        WHERE task.unit_id = scope.unit_id AND task.act = scope.act
          AND (scope."groups" IS NULL OR task."group" = ANY(scope."groups"))
          AND {whose} AND {which} """
    + _ORDER
    + """
    ) own"""
)
_MINE = (
    """
    SELECT id, is_paused, sort_at FROM workflow_task task
    WHERE task.assignee = %(me)s AND EXISTS (
        SELECT FROM scope WHERE scope.unit_id = task.unit_id AND scope.act = task.act
          AND (scope."groups" IS NULL OR task."group" = ANY(scope."groups")))
      AND {which} """
    + _ORDER
)
_FREE = "task.assignee IS NULL"
_OTHERS = "task.assignee IS NOT NULL AND task.assignee <> %(me)s"


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
    scope = scopes(actor, acts)
    if not scope or actor.account is None:
        return Page(rows=())
    limit = max(1, min(limit, LIMIT))
    which, values = _which(actor, state, at or clock.now())
    values |= {"scope": json.dumps(scope), "me": actor.account, "limit": limit + 1}
    if group is not None:
        which += ' AND task."group" = %(group)s'
        values["group"] = group
    if after is not None:
        cursor = read_cursor(after)
        which += " AND (task.is_paused, task.sort_at, task.id) > (%(paused)s, %(sort_at)s, %(id)s)"
        values |= {"paused": cursor.is_paused, "sort_at": cursor.sort_at, "id": cursor.id}
    with access.acting(actor):
        rows = list(
            runs.titled(Task.objects.filter(id__in=_Named(_keys(state, which), values)))
            .select_related("run")
            .order_by("is_paused", "sort_at", "id")
        )
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page(
        rows=rows[:limit],
        after=Cursor(last.is_paused, last.sort_at, last.id).write() if last else None,
    )


class _Named(RawSQL):
    """Raw SQL whose parameters are named; Django itself passes them by place."""

    def __init__(self, sql: str, values: Mapping[str, object]) -> None:
        places: list[object] = []
        parts = sql.split("%(")
        placed = parts[0]
        for part in parts[1:]:
            name, _, rest = part.partition(")s")
            places.append(values[name])
            placed += "%s" + rest
        super().__init__(placed, places)


def _keys(state: TaskState, which: str) -> str:
    """Return the statement that finds the ids of a page."""
    parts = {
        TaskState.MINE: (_MINE,),
        TaskState.TEAM: (_IN_SCOPE.replace("{whose}", _OTHERS),),
    }.get(state, (_IN_SCOPE.replace("{whose}", _FREE), _MINE))
    inner = " UNION ALL ".join(f"({part.replace('{which}', which)})" for part in parts)
    return f"WITH {_SCOPE} SELECT id FROM ({inner}) found {_ORDER}"


def _which(actor: Actor, state: TaskState, at: dt.datetime) -> tuple[str, dict[str, Any]]:
    """Return the condition of a state and its values."""
    match state:
        case TaskState.LATE:
            return "NOT task.is_paused AND task.sort_at < %(at)s", {"at": at}
        case TaskState.SOON:
            return (
                "NOT task.is_paused AND task.sort_at >= %(at)s AND task.sort_at < %(soon)s",
                {"at": at, "soon": soon_until(actor, at)},
            )
        case TaskState.PAUSED:
            return "task.is_paused", {}
        case _:
            return "TRUE", {}


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


def scopes(actor: Actor, acts: Iterable[str] | None = None) -> list[dict[str, object]]:
    """Return where the actor may do which act: unit, act, groups (None for all); each pair once."""
    rights = access.rights(actor)
    wanted = registry.steps() if acts is None else acts
    found: dict[tuple[UUID, str], set[str] | None] = {}
    for code in wanted:
        for held in rights.scopes(registry.right(code)):
            for unit in held.units:
                known = found.get((unit, code), set())
                narrowed = known is not None and held.groups is not None
                found[unit, code] = known | held.groups if narrowed else None  # type: ignore[operator]  # both are sets where narrowed
    return [
        {
            "unit_id": str(unit),
            "act": code,
            "groups": None if groups is None else sorted(groups),
        }
        for (unit, code), groups in sorted(found.items(), key=lambda item: item[0])
    ]


_CAPPED = """(SELECT count(*) FROM (
    SELECT FROM scope CROSS JOIN LATERAL (
        SELECT FROM workflow_task task
        WHERE task.unit_id = scope.unit_id AND task.act = scope.act
          AND (scope."groups" IS NULL OR task."group" = ANY(scope."groups"))
          AND task.assignee IS NULL AND {which} LIMIT %(cap)s
    ) own WHERE scope.act = act.code LIMIT %(cap)s) counted)"""
_RUNNING = "NOT task.is_paused"
_LATE = _RUNNING + " AND task.sort_at < %(at)s"
_SOON = _RUNNING + " AND task.sort_at >= %(at)s AND task.sort_at < %(soon)s"
_PAUSED = "task.is_paused"
_COUNTERS = (
    f"WITH {_SCOPE}, mine AS ("
    " SELECT task.act, count(*) FILTER (WHERE NOT task.is_paused) AS waiting,"
    " count(*) FILTER (WHERE NOT task.is_paused AND task.sort_at < %(at)s) AS late,"
    " count(*) FILTER (WHERE NOT task.is_paused AND task.sort_at >= %(at)s"
    " AND task.sort_at < %(soon)s) AS soon,"
    " count(*) FILTER (WHERE task.is_paused) AS paused FROM workflow_task task"
    " WHERE task.assignee = %(me)s AND EXISTS (SELECT FROM scope"
    " WHERE scope.unit_id = task.unit_id AND scope.act = task.act"
    ' AND (scope."groups" IS NULL OR task."group" = ANY(scope."groups"))) GROUP BY task.act)'
    " SELECT act.code, "
    + ", ".join(
        f"{_CAPPED.replace('{which}', which)} + coalesce(mine.{name}, 0)"
        for name, which in (
            ("waiting", _RUNNING), ("late", _LATE), ("soon", _SOON), ("paused", _PAUSED),
        )
    )
    + " FROM (SELECT DISTINCT act AS code FROM scope) act LEFT JOIN mine ON mine.act = act.code"
)  # fmt: skip


def counters(
    actor: Actor, *, acts: Iterable[str] | None = None, at: dt.datetime | None = None
) -> dict[str, Counter]:
    """Return how much of each act waits for the actor, true at this moment. One statement.

    What is given to somebody else is left out. Each number is counted out up to COUNTER_CAP; one
    above it means "more than that".
    """
    scope = scopes(actor, acts)
    if not scope or actor.account is None:
        return {}
    moment = at or clock.now()
    values: dict[str, Any] = {
        "scope": json.dumps(scope),
        "me": actor.account,
        "at": moment,
        "soon": soon_until(actor, moment),
        "cap": COUNTER_CAP + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, values)
        return {
            code: Counter(
                **{
                    name: min(number, COUNTER_CAP + 1)
                    for name, number in zip(
                        ("waiting", "late", "soon", "paused"), numbers, strict=True
                    )
                }
            )
            for code, *numbers in cursor.fetchall()
        }

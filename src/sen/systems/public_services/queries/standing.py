"""How the work of units stands: what is open, late, due; what came and went by month; who holds it.

For gathering systems, which choose units that their actor may see. A dossier belongs to the unit
that decides on it. Nothing is kept beside the dossiers, so nothing can be wrong; the number of
statements does not grow with the units.

Late is what was received, is not paused, and whose day ("hẹn trả", moved by paused time) is past.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from sen.base import clock
from sen.systems.public_services.models.dossiers import FAR, Pace
from sen.systems.public_services.rules.dossiers import STANDS_STILL

_END = "coalesce(dossier.expected_at, dossier.due_at)"
_FAR = "'9999-01-01 00:00:00+00'::timestamptz"
_DAY = f"coalesce(dossier.expected_at, dossier.due_at, {_FAR})"
"""The same, far off where there is none: as the indexes of open dossiers have it."""
_OPEN = "dossier.issued_at IS NULL AND dossier.ended_at IS NULL"
_RUNS = f"dossier.pace = {Pace.RUNS.value}"
_OURS = "dossier.competent_unit_id = ANY(%(units)s)"


class Kind(StrEnum):
    """The sorts of open dossiers that a leader asks for."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    WAITING = "waiting"
    PAUSED = "paused"
    OPEN = "open"


_KINDS: Mapping[Kind, str] = {
    Kind.LATE: f"{_RUNS} AND {_DAY} < %(now)s",
    Kind.TODAY: f"{_RUNS} AND {_DAY} >= %(now)s AND {_DAY} < %(tomorrow)s",
    Kind.WEEK: f"{_RUNS} AND {_DAY} >= %(now)s AND {_DAY} < %(monday)s",
    Kind.WAITING: f"dossier.pace = {Pace.WAITS.value} AND {_DAY} = {_FAR}",
    Kind.PAUSED: f"dossier.pace = {Pace.STILL.value}",
    Kind.OPEN: "TRUE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many open dossiers of a unit there are of each sort; `week` holds `today` as well.

    late_since: the day of the one that is late for the longest, None where none is.
    """

    unit: UUID
    late: int = 0
    today: int = 0
    week: int = 0
    waiting: int = 0
    paused: int = 0
    open: int = 0
    late_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What a unit received and settled in a month, and how much of what it settled was late.

    month: its first day.
    """

    unit: UUID
    month: dt.date
    received: int = 0
    settled: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Open dossiers of a unit that wait at one step with one holder.

    act, permission: of the open task; empty where a step is being done by the system itself.
    at: the unit in which the task lies. assignee: the account to which it is given, None for
    whoever has the right.
    """

    unit: UUID
    act: str
    permission: str
    at: UUID | None
    assignee: UUID | None
    late: int
    week: int
    open: int
    late_since: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDossier:
    """An open dossier as a line: nothing in it is personal.

    end: the day it is due, moved by paused time; None before reception. act, permission, at,
    assignee, since: the step at which it waits, as in `Held`.
    """

    id: UUID
    code: str
    procedure: Mapping[str, str]
    unit: UUID
    received: UUID
    helped: UUID | None
    state: str
    submitted_at: dt.datetime
    end: dt.datetime | None
    act: str
    permission: str
    at: UUID | None
    assignee: UUID | None
    since: dt.datetime | None

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands: a supplement, or money, has to come from its people."""
        return self.state in STANDS_STILL


def standing(units: Sequence[UUID], *, now: dt.datetime) -> dict[UUID, Standing]:
    """Return how the open work of units stands, those with none left out. One statement."""
    counts = ", ".join(f"count(*) FILTER (WHERE {_KINDS[kind]})" for kind in Kind)
    sql = f"""
        SELECT dossier.competent_unit_id, {counts},
            min({_END}) FILTER (WHERE {_KINDS[Kind.LATE]})
        FROM public_services_dossier dossier WHERE {_OPEN} AND {_OURS} GROUP BY 1"""
    names = ("unit", *Kind, "late_since")
    rows = (dict(zip(names, row, strict=True)) for row in _rows(sql, units, now))
    return {row["unit"]: Standing(**row) for row in rows}


def flows(units: Sequence[UUID], *, first: dt.date, last: dt.date) -> list[Flow]:
    """Return what units received and settled, by month, from a day to a day. One statement.

    Settled is what has its answer, with number and seal, whether it grants or refuses. Late is
    what was answered after the day promised, paused time left out. The days are read whole and
    the units chosen from them: however many there are, their older dossiers are not looked at.
    """
    months = _months(first, last)
    sql = f"""
        WITH told AS MATERIALIZED (
            SELECT dossier.competent_unit_id AS unit, {_month("received_at")} AS month,
                count(*) AS received, 0 AS settled, 0 AS late
            FROM public_services_dossier dossier
            WHERE {_within("received_at")} GROUP BY 1, 2
            UNION ALL
            SELECT dossier.competent_unit_id, {_month("issued_at")}, 0,
                count(*), count(*) FILTER (WHERE dossier.issued_at > {_END})
            FROM public_services_dossier dossier
            WHERE {_within("issued_at")} GROUP BY 1, 2
        )
        SELECT unit, month, sum(received)::int, sum(settled)::int, sum(late)::int
        FROM told WHERE unit = ANY(%(units)s) GROUP BY unit, month ORDER BY unit, month"""
    values: dict[str, Any] = {
        "units": list(units),
        "first": clock.moment(first),
        "end": clock.moment(last + dt.timedelta(days=1)),
        "months": [clock.moment(month) for month in months],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Flow(unit=unit, month=months[number - 1], received=received, settled=settled, late=late)
            for unit, number, received, settled, late in cursor.fetchall()
        ]


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the first days of the months from a day to a day."""
    found = [first.replace(day=1)]
    while (following := (found[-1] + dt.timedelta(days=31)).replace(day=1)) <= last:
        found.append(following)
    return found


def held(units: Sequence[UUID], *, now: dt.datetime) -> list[Held]:
    """Return where the open work of units lies: step, place, holder; the most late first.

    A dossier that waits at two steps at once counts at both. One statement.
    """
    counts = ", ".join(
        f"count(*) FILTER (WHERE {_KINDS[kind]})" for kind in (Kind.LATE, Kind.WEEK, Kind.OPEN)
    )
    sql = f"""
        SELECT dossier.competent_unit_id, coalesce(task.act, ''), coalesce(task.permission, ''),
            task.unit_id, task.assignee, {counts},
            min({_END}) FILTER (WHERE {_KINDS[Kind.LATE]})
        FROM public_services_dossier dossier
        LEFT JOIN workflow_task task ON task.run_id = dossier.id
        WHERE {_OPEN} AND {_OURS} GROUP BY 1, 2, 3, 4, 5
        ORDER BY 6 DESC, 7 DESC, 8 DESC, 1, 2, 4, 5"""
    names = (
        *("unit", "act", "permission", "at", "assignee", "late", "week", "open"),
        "late_since",
    )
    return [Held(**dict(zip(names, row, strict=True))) for row in _rows(sql, units, now)]


def open_dossiers(
    units: Sequence[UUID],
    *,
    kind: Kind,
    now: dt.datetime,
    after: tuple[dt.datetime | None, UUID] | None = None,
    limit: int = 50,
) -> list[OpenDossier]:
    """Return open dossiers of one sort, the earliest day first, those without a day last.

    after: day and id of the last line of the page before. One statement: of each unit the first,
    and then more of those units only whose first come first.
    """
    found = f"""
        FROM public_services_dossier dossier
        WHERE {_OPEN} AND dossier.competent_unit_id = place.unit
            AND {_KINDS[kind]} {_beyond(after)}
        ORDER BY {_DAY}, dossier.id"""
    sql = f"""
        WITH place AS MATERIALIZED (
            SELECT one.unit FROM unnest(%(units)s::uuid[]) AS one(unit) CROSS JOIN LATERAL (
                SELECT {_DAY} AS day, dossier.id {found.replace("place.unit", "one.unit")} LIMIT 1
            ) head ORDER BY head.day, head.id LIMIT %(limit)s
        ), page AS MATERIALIZED (
            SELECT own.* FROM place CROSS JOIN LATERAL (
                SELECT dossier.*, {_END} AS due, {_DAY} AS day {found} LIMIT %(limit)s
            ) own ORDER BY own.day, own.id LIMIT %(limit)s
        )
        SELECT page.id, page.code, procedure.name, page.competent_unit_id, page.received_unit_id,
            page.helped_at_id, page.state, page.submitted_at, page.due,
            coalesce(task.act, ''), coalesce(task.permission, ''), task.unit_id, task.assignee,
            task.opened_at
        FROM page
        JOIN public_services_case ca ON ca.id = page.case_id
        JOIN public_services_procedureversion version ON version.id = ca.version_id
        JOIN public_services_procedure procedure ON procedure.id = version.procedure_id
        LEFT JOIN LATERAL (
            SELECT * FROM workflow_task WHERE run_id = page.id ORDER BY opened_at, id LIMIT 1
        ) task ON TRUE
        ORDER BY page.day, page.id"""
    values: dict[str, Any] = {"limit": limit}
    if after is not None:
        values |= {"due": after[0] or FAR, "id": after[1]}
    names = (
        *("id", "code", "procedure", "unit", "received", "helped", "state", "submitted_at", "end"),
        *("act", "permission", "at", "assignee", "since"),
    )
    lines = (dict(zip(names, row, strict=True)) for row in _rows(sql, units, now, values))
    return [OpenDossier(**{**line, "procedure": json.loads(line["procedure"])}) for line in lines]


def _beyond(after: tuple[dt.datetime | None, UUID] | None) -> str:
    return "" if after is None else f"AND ({_DAY}, dossier.id) > (%(due)s, %(id)s)"


def _month(column: str) -> str:
    return f"width_bucket(dossier.{column}, %(months)s::timestamptz[])"


def _within(column: str) -> str:
    return f"dossier.{column} >= %(first)s AND dossier.{column} < %(end)s"


def _rows(
    sql: str, units: Sequence[UUID], now: dt.datetime, values: Mapping[str, Any] | None = None
) -> Iterable[tuple[Any, ...]]:
    """Run a statement on open dossiers of units at a moment."""
    today = clock.day(now)
    monday = today + dt.timedelta(days=7 - today.weekday())
    told = {
        "units": list(dict.fromkeys(units)),
        "now": now,
        "tomorrow": clock.moment(today + dt.timedelta(days=1)),
        "monday": clock.moment(monday),
        **(values or {}),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows

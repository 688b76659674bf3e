"""What always holds of runs: open steps, the clock, what has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database.public import Invariant, found
from sen.kernel.legal import public as legal
from sen.kernel.workflow import registry
from sen.kernel.workflow.data import Flow, Token, Transition
from sen.kernel.workflow.queries import runs
from sen.kernel.workflow.rules import moves

_ENDED = """
SELECT run.code FROM workflow_run run WHERE run.ended_at IS NOT NULL AND (
    EXISTS (SELECT FROM workflow_task t WHERE t.run_id = run.id)
    OR EXISTS (SELECT FROM workflow_timer t WHERE t.run_id = run.id)
    OR EXISTS (SELECT FROM workflow_clockinterval i WHERE i.run_id = run.id AND i.ended_at IS NULL))
"""
_PAUSED = """
SELECT run.code FROM workflow_run run
LEFT JOIN workflow_clockinterval open ON open.run_id = run.id AND open.ended_at IS NULL
WHERE run.ended_at IS NULL AND (run.paused_at IS DISTINCT FROM open.started_at
    OR EXISTS (SELECT FROM workflow_task t WHERE t.run_id = run.id
               AND t.is_paused <> (run.paused_at IS NOT NULL)))
"""
_APART = """
SELECT run.code FROM workflow_clockinterval one JOIN workflow_run run ON run.id = one.run_id
WHERE one.started_at < run.started_at
    OR coalesce(one.ended_at, 'infinity') > coalesce(run.ended_at, 'infinity')
    OR EXISTS (SELECT FROM workflow_clockinterval other WHERE other.run_id = one.run_id
        AND other.id <> one.id AND other.started_at < coalesce(one.ended_at, 'infinity')
        AND one.started_at < coalesce(other.ended_at, 'infinity'))
"""
_DATES = """
SELECT run.code FROM workflow_task task JOIN workflow_run run ON run.id = task.run_id
WHERE task.record_due_at IS DISTINCT FROM CASE WHEN task.act <> ALL(%s) THEN run.expected_at END
"""
_STEPS = """
SELECT run.code, run.flow_id, closed.step, closed.outcome, closed.branch,
    ARRAY(SELECT task.step::text FROM workflow_task task WHERE task.run_id = run.id)
FROM workflow_run run LEFT JOIN workflow_closedtask closed ON closed.run_id = run.id
WHERE run.ended_at IS NULL
ORDER BY run.id, closed.closed_at, closed.id
"""
_CLOCKS = """
SELECT run.code, run.clock_unit_id, run.promised_at, run.expected_at, run.counts_from,
    array_agg(i.started_at ORDER BY i.id), array_agg(i.ended_at ORDER BY i.id)
FROM workflow_run run JOIN workflow_clockinterval i ON i.run_id = run.id
WHERE run.promised_at IS NOT NULL AND i.ended_at IS NOT NULL
    AND (run.ended_at IS NULL OR i.ended_at < run.ended_at)
    AND run.paused_at IS NULL
GROUP BY run.id
"""


def open_steps(limit: int) -> list[str]:
    """Return runs whose open tasks are not those that their flow and their history say."""
    return list(islice(_wrong_steps(), limit))


def _wrong_steps() -> Iterator[str]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_STEPS)
        for code, rows in groupby(cursor, key=itemgetter(0)):
            lines = list(rows)
            _code, flow, *_rest = lines[0]
            done = [(step, outcome, branch) for *_, step, outcome, branch, _open in lines if step]
            expected = _expected(runs.flow(flow), done)
            if expected is not None and sorted(expected) != sorted(lines[0][-1]):
                yield code


def _expected(flow: Flow, done: Sequence[tuple[str, str, str]]) -> list[str] | None:
    """Return the steps that are open after what was done; None where conditions decided."""
    tokens = [Token(flow.start)]
    for step, outcome, branch in done:
        token = Token(step, branch)
        if token not in tokens:
            return []
        ways = [one for one in flow.by_key[step].next if one.outcome == outcome]
        if len(ways) != 1:
            return None
        tokens.remove(token)
        tokens += _opened(flow, token, ways[0], tokens)
    return [token.step for token in tokens]


def _opened(flow: Flow, token: Token, way: Transition, left: Sequence[Token]) -> tuple[Token, ...]:
    return moves.move(flow, token, way, others=lambda: [one.branch for one in left]).opened


def clocks(limit: int) -> list[str]:
    """Return runs whose expected date is not the promise and what was paused of working time.

    By the calendar of today, or by an edition before it: what was computed then stands.
    """
    return list(islice(_wrong_clocks(), limit))


def _wrong_clocks() -> Iterator[str]:
    newest = legal.editions().calendar
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS)
        rows = cursor.fetchall()
    for code, unit, promised, expected, since, began, ended in rows:
        pauses = runs.pauses(zip(began, ended, strict=True), since)
        if not any(
            _is_right(unit, edition, promised, expected, pauses) for edition in range(newest, 0, -1)
        ):
            yield code


def _is_right(
    unit: UUID,
    edition: int,
    promised: dt.datetime,
    expected: dt.datetime,
    pauses: list[calendar.Pause],
) -> bool:
    try:
        office = calendar.calendar_of(unit, edition=edition)
        last = max(one.end for one in pauses if one.end) if pauses else promised
        return calendar.due_after_pauses(promised, pauses, at=last, calendar=office) == expected
    except calendar.CalendarTooShort:
        return False


INVARIANTS = (
    Invariant(
        code="workflow.open_steps",
        says=_("Hồ sơ đang chạy có đúng những bước mở mà quy trình và các bước đã xong cho biết"),
        find=open_steps,
    ),
    Invariant(
        code="workflow.nothing_open_at_end",
        says=_("Hồ sơ đã xong không còn việc mở, hẹn giờ hay thời gian tạm dừng chưa kết thúc"),
        find=lambda limit: found(_ENDED, limit),
    ),
    Invariant(
        code="workflow.standing_still",
        says=_("Đồng hồ, việc mở và lần tạm dừng đang mở cùng đứng hoặc cùng chạy"),
        find=lambda limit: found(_PAUSED, limit),
    ),
    Invariant(
        code="workflow.intervals_apart",
        says=_("Các lần tạm dừng không chồng lên nhau và nằm trong thời gian của hồ sơ"),
        find=lambda limit: found(_APART, limit),
    ),
    Invariant(
        code="workflow.dates_of_tasks",
        says=_("Việc mở mang đúng ngày dự kiến của hồ sơ, không ngày nào khi đã có kết quả"),
        find=lambda limit: found(_DATES, limit, registry.uncounted()),
    ),
    Invariant(
        code="workflow.clock_adds_up",
        says=_("Ngày dự kiến bằng ngày hẹn cộng thời gian làm việc đã tạm dừng"),
        find=clocks,
    ),
    access.closed_tables("workflow.row_security", "workflow_remark"),
)

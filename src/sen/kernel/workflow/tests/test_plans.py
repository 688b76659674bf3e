"""Which indexes the lists and counters walk: the plan, asked of the database over some thousands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection

from sen.kernel.access import public as access
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests.factories import AT, DUE, begin

TASKS = 3000
_RUNS = """
    INSERT INTO workflow_run (id, kind, code, units, "group", data, started_at, outcome,
        clock_unit_id, flow_id)
    SELECT md5('run' || i)::uuid, kind, code, units, 'g' || i %% 40, data, started_at, '',
        clock_unit_id, flow_id
    FROM workflow_run, generate_series(1, %s) i"""
_TASKS = """
    INSERT INTO workflow_task (id, step, act, permission, "group", assignee, branch, opened_at,
        due_at, is_paused, version, run_id, unit_id)
    SELECT md5('task' || i)::uuid, step, act, permission, 'g' || i %% 40,
        CASE WHEN i %% 3 = 0 THEN md5('who' || i %% 9)::uuid END, '', opened_at,
        opened_at + i %% 500 * interval '1 hour', i %% 20 = 0, 1, md5('run' || i)::uuid, unit_id
    FROM workflow_task, generate_series(1, %s) i"""
_TIMERS = """
    INSERT INTO workflow_timer (id, run_id, task, key, fire_at, is_paused)
    SELECT gen_random_uuid(), run_id, id, 'late', now(), FALSE FROM workflow_task"""


class Asked:
    """The statements on tasks that were sent, with what was told."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, execute, sql, params, many, context):
        if "workflow_task" in sql:
            self.statements.append((sql, params))
        return execute(sql, params, many, context)

    def plans(self) -> list[str]:
        found = []
        for sql, params in self.statements:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(row[0] for row in cursor.fetchall()))
        return found


@pytest.fixture
def many(world):
    begin(world)
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):  # cheap where rows are few
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(_RUNS, [TASKS])
        cursor.execute(_TASKS, [TASKS])
    return world


def walked(plans: list[str]) -> set[str]:
    """Return the indexes and tables of tasks that plans read."""
    scans = re.findall(
        r"(?:Scan using (workflow_task\w*)|(Seq Scan on workflow_task|Bitmap Heap Scan on "
        r"workflow_task)\b)",
        "\n".join(plans),
    )
    return {index or scan for index, scan in scans}


INDEXES = {
    f"workflow_task_{name}"
    for name in ("waiting", "waiting_wide", "given", "given_wide", "mine", "pkey")
}


@pytest.mark.parametrize(("widest", "index"), [(200, "waiting"), (0, "waiting_wide")])
def test_no_list_walks_through_the_table(many, monkeypatch, widest, index):
    monkeypatch.setattr("sen.kernel.workflow.queries.streams.MANY_UNITS", widest)
    with access.acting(many.clerk):
        with connection.execute_wrapper(asked := Asked()):
            for state in ("all", "late", "soon", "paused"):
                first = workflow.open_tasks(many.clerk, state=state, at=AT, limit=5)
                workflow.open_tasks(many.clerk, state=state, after=first.after, at=AT)
            workflow.counters(many.clerk, at=AT)
        plans = asked.plans()

    assert len(plans) == 9
    assert f"workflow_task_{index}" in walked(plans) <= INDEXES


@pytest.mark.parametrize(("widest", "index"), [(200, "given"), (0, "given_wide")])
def test_what_others_do_is_found_by_its_own_index(many, monkeypatch, widest, index):
    monkeypatch.setattr("sen.kernel.workflow.queries.streams.MANY_UNITS", widest)
    with access.acting(many.clerk):
        with connection.execute_wrapper(asked := Asked()):
            page = workflow.open_tasks(many.clerk, state="team", at=AT)
        plans = asked.plans()

    assert len(page.rows) == 50
    assert walked(plans) == {f"workflow_task_{index}", "workflow_task_pkey"}


def test_a_step_is_ended_by_what_belongs_to_its_run_alone(many):
    """Hash joins may be chosen again: what they would read whole has to be out of their reach."""
    task = begin(many)
    with connection.cursor() as cursor:
        cursor.execute(_TIMERS)
        cursor.execute("SET LOCAL enable_hashjoin = on")
    with connection.execute_wrapper(asked := Asked()):
        workflow.complete(many.clerk, task=task, outcome="accept", at=AT, record_due_at=DUE)

    [plan] = [plan for plan in asked.plans() if "Delete on workflow_timer" in plan]
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) == set()
    assert "workflow_timer_run_id" in plan

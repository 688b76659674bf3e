"""How a task reads as a line: its clock in working minutes, the ways to narrow the list."""

from __future__ import annotations

import pytest

from sen.base import clock
from sen.kernel.workflow import public as workflow
from sen.systems.inbox import tables


@pytest.mark.parametrize(
    ("minutes", "state"), [(None, ""), (-1, "late"), (0, "soon"), (480, "soon"), (481, "on_time")]
)
def test_the_last_working_day_is_soon(minutes, state):
    task = workflow.Task()
    assert tables._state(task, minutes) == state


def test_a_paused_task_is_neither_late_nor_soon():
    task = workflow.Task(is_paused=True)
    assert (tables._minutes(task, clock.now(), clock.now()), tables._state(task, None)) == (
        None, "paused",
    )  # fmt: skip


def test_the_counts_of_a_kind_stand_beside_the_states():
    code = next(iter(workflow.acts()))
    counters = {code: workflow.Counter(waiting=3, late=1, soon=2, paused=1)}
    states, kinds = tables.groups(counters=counters, act=code, state="late")
    assert [link.count for link in states.links] == [4, 1, 2, 1, None, None]
    assert [(link.count, link.is_current) for link in kinds.links] == [(4, False), (4, True)]
    assert [link.is_current for link in states.links].index(True) == 1

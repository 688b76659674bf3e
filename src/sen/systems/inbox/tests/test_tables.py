"""How a task reads as a line: its clock in working minutes, the ways to narrow the list."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.calendar import public as calendar
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
    counters = workflow.Counters(by_act={code: 4, "trial.none": 0}, late=1, soon=2, paused=1)
    states, kinds = tables.groups(counters=counters, act=code, state="late")
    assert [link.count for link in states.links] == [4, 1, 2, 1, None, None]
    assert [(link.count, link.is_current) for link in kinds.links] == [(4, False), (4, True)]
    assert [link.is_current for link in states.links].index(True) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "minutes"), [("2026-11-22T11:52", -1), ("2026-11-23T09:30", -120)])
def test_a_task_due_on_friday_evening_is_hardly_late_on_sunday(now, minutes):
    due, at = (
        dt.datetime.fromisoformat(one).replace(tzinfo=clock.ZONE)
        for one in ("2026-11-20T17:00", now)
    )
    calendar.seed_year(SYSTEM, year=2026, at=at)

    assert tables._minutes(workflow.Task(), due, at) == minutes


def test_what_is_not_counted_out_says_so():
    code = next(iter(workflow.acts()))
    counters = workflow.Counters(by_act={code: 1001}, late=1000, soon=1001)
    states, kinds = tables.groups(counters=counters, act="", state="all")
    assert [link.count for link in states.links] == [
        "hơn 1.000", 1000, "hơn 1.000", 0, None, None,
    ]  # fmt: skip
    assert [link.count for link in kinds.links] == ["hơn 1.000", "hơn 1.000"]

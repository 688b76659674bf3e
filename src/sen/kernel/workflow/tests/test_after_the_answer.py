"""A record that has its answer: the time of the law has ended, whatever still waits to be done."""

from __future__ import annotations

import datetime as dt

from sen.base.actor import SYSTEM
from sen.base.clock import ZONE
from sen.base.identifiers import new_id
from sen.kernel.database.public import invariants
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow import registry
from sen.kernel.workflow.models import Task, Timer
from sen.kernel.workflow.tests.factories import AT, DUE, begin, publish, simple, step

LONG_AFTER = dt.datetime(2026, 9, 7, 9, 0, tzinfo=ZONE)


def handing_over(world, body=None) -> workflow.Task:
    """A record that was answered before its day; nobody has fetched the answer."""
    task = begin(world, body)
    for outcome, promise in (("accept", DUE), ("propose", None), ("agree", None)):
        [task] = workflow.complete(
            world.clerk if outcome == "accept" else world.official,
            task=task,
            outcome=outcome,
            at=AT,
            record_due_at=promise,
        )
    return task


def dates(task: workflow.Task) -> tuple[dt.datetime | None, dt.datetime | None]:
    found = workflow.task(task.id)
    return found.due_at, found.record_due_at


def test_no_date_stands_against_a_step_after_the_answer(world):
    task = handing_over(world)

    assert (task.step, task.record_due_at, dates(task)) == ("hand_over", None, (None, None))
    assert workflow.run(task.record).expected_at == DUE  # the promise itself stays known
    assert "trial.hand_over" in registry.uncounted()


def test_hours_of_such_a_step_do_not_count_either(world):
    body = simple()
    body["steps"][-1] = step("hand_over", {"outcome": "done", "to": "end"}, unit="counter", hours=2)

    assert dates(handing_over(world, body)) == (None, None)


def test_what_waits_after_the_answer_is_never_late_and_stands_last(world):
    task = handing_over(world)
    begin(world, code="open", due_at=DUE)

    listed = workflow.open_tasks(world.clerk, at=LONG_AFTER)
    late = workflow.open_tasks(world.clerk, at=LONG_AFTER, state="late")
    counters = workflow.counters(world.clerk, at=LONG_AFTER)

    assert [one.step for one in listed.rows] == ["receive", "hand_over"]
    assert [one.step for one in late.rows] == ["receive"]
    assert (counters.by_act["trial.hand_over"], counters.by_act["trial.receive"]) == (1, 1)
    assert (counters.late, counters.soon, counters.paused) == (1, 0, 0)
    workflow.complete(world.clerk, task=task, outcome="done", at=LONG_AFTER)
    assert [one.is_late for one in workflow.history(task.record)] == [False] * 4


def test_timers_of_the_record_are_gone_with_the_answer(world):
    task = handing_over(world)

    assert not Timer.objects.filter(run_id=task.record).exists()
    assert workflow.fire_timers(LONG_AFTER) == 0


def test_timers_of_others_stay(world):
    other = begin(world, due_at=DUE)
    handing_over(world)

    assert sorted(Timer.objects.values_list("run_id", "key")) == [
        (other.record, "late"),
        (other.record, "soon"),
    ]


def test_neither_an_extension_nor_a_pause_brings_a_date_back(world):
    task = handing_over(world)

    workflow.extend(
        SYSTEM, task.record, due_at=DUE + dt.timedelta(days=2), ground="Chờ xác minh", at=AT
    )
    assert dates(task) == (None, None)
    workflow.pause(SYSTEM, task.record, reason="x", ground="y", at=AT)
    workflow.resume(SYSTEM, task.record, at=AT + dt.timedelta(days=1))
    assert dates(task) == (None, None)


def test_a_run_of_the_past_leaves_the_same(world):
    record = new_id()
    past = workflow.PastRun(
        workflow.PastStart(
            kind="trial.dossier",
            record=record,
            code="H41.8-260309-0009",
            title="Hồ sơ cũ",
            flow=publish(simple()),
            units=world.units,
            group="",
            at=AT,
        ),
        lambda _at: new_id(),
    )
    past.complete(past.tasks[0], "accept", AT, world.clerk.account, promise=DUE)
    past.pause("supplement", "Thiếu", AT, None)
    past.resume(AT + dt.timedelta(hours=1), None)
    past.complete(past.tasks[0], "propose", AT + dt.timedelta(hours=2), world.official.account)
    past.complete(past.tasks[0], "agree", AT + dt.timedelta(hours=3), world.official.account)

    left = list(past.rows(LONG_AFTER))
    [task] = [row for row in left if isinstance(row, Task)]

    assert (task.step, task.due_at, task.record_due_at) == ("hand_over", None, None)
    assert [row for row in left if isinstance(row, Timer)] == []
    assert [event.key for _when, event in past.fired] == []
    past.pause("x", "y", LONG_AFTER, None)
    past.resume(LONG_AFTER + dt.timedelta(hours=1), None)
    assert task.record_due_at is None


def test_a_date_put_there_by_hand_is_found(world):
    task = handing_over(world)
    [held] = [one for one in invariants() if one.code == "workflow.dates_of_tasks"]
    assert held.find(10) == []

    Task.objects.filter(id=task.id).update(record_due_at=DUE)

    assert held.find(10) == [task.code]

"""What the clock and mergers do to open work."""

from __future__ import annotations

import datetime as dt

from sen.base import clock
from sen.kernel.events import public as events
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests.factories import (
    AT,
    DUE,
    at,
    process,
    published,
)


def test_timers_fire_once_and_not_while_paused(world):
    task = process(world)
    workflow.pause(world.official, task.record, reason="x", ground="y", at=AT)

    assert workflow.fire_timers(at(20, 8)) == 0
    workflow.resume(world.official, task.record, at=AT)
    assert workflow.fire_timers(DUE - dt.timedelta(minutes=1)) == 1
    assert workflow.fire_timers(DUE) == 1
    assert workflow.fire_timers(DUE) == 0
    assert published("workflow.timer.fired") == [
        {"record": str(task.record), "kind": "trial.dossier", "key": key, "task": None}
        for key in ("soon", "late")
    ]


def test_open_work_follows_merged_units(world):
    task = process(world)

    assert workflow.follow_merger([(world.office, world.counter)], on=clock.day(AT)) == 1

    [moved] = workflow.record_tasks(task.record)
    run = workflow.run(task.record)
    assert (moved.unit_id, run.clock_unit_id) == (world.counter, world.counter)
    assert run.units == {"counter": str(world.counter), "office": str(world.counter)}
    assert workflow.count_open([world.counter]) == 1


def test_merged_work_of_whoever_has_no_right_there_is_free(world):
    """Whoever holds a post in the new unit already keeps what they have."""
    kept, left, free = (process(world) for _ in range(3))
    for task, who in ((kept, world.clerk), (left, world.official)):
        workflow.Task.objects.filter(id=task.id).update(assignee=who.account)

    assert workflow.follow_merger([(world.office, world.counter)], on=clock.day(AT)) == 3

    given = [workflow.record_tasks(task.record)[0].assignee for task in (kept, left, free)]
    assert given == [world.clerk.account, None, None]


def test_handler_moves_work_of_merged_units(world):
    from sen.kernel.organisations.public import UnitsMerged

    task = process(world)
    events.publish(
        UnitsMerged(
            old=(world.office,),
            new=(world.counter,),
            old_positions=(),
            new_positions=(),
            on=dt.date(2026, 3, 9),
            decision="NQ 1",
        ),
        record=world.counter,
        at=AT,
    )

    events.run_all()

    assert workflow.record_tasks(task.record)[0].unit_id == world.counter

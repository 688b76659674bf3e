"""A clock that stands still while one waits or pauses, and a promise that is extended."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import SYSTEM
from sen.base.errors import Conflict, Invalid
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.models import Timer
from sen.kernel.workflow.tests.factories import (
    AT,
    DUE,
    at,
    begin,
    process,
)

HOUR = dt.timedelta(hours=1)


def test_a_wait_stops_the_clock_and_resume_moves_what_is_expected(world):
    task = process(world)
    [waiting] = workflow.complete(
        world.official, task=task, outcome="supplement", at=at(9, 10), comment="Thiếu giấy"
    )
    [interval] = workflow.clock_intervals(task.record)
    assert (waiting.step, waiting.is_paused, waiting.assignee) == (
        "process",
        True,
        world.official.account,
    )
    assert (interval.reason, interval.ground, interval.started_at) == (
        "supplement",
        "Thiếu giấy",
        at(9, 10),
    )
    with pytest.raises(workflow.StandsStill):
        workflow.complete(world.official, task=waiting, outcome="propose", at=at(9, 11))

    run = workflow.resume(SYSTEM, task.record, at=at(11, 10))

    # two working days of eight hours stood still
    assert (run.promised_at, run.expected_at) == (DUE, at(13, 17))
    [going] = workflow.record_tasks(task.record)
    assert (going.is_paused, going.record_due_at, going.due_at) == (False, at(13, 17), at(11, 12))
    assert workflow.clock_intervals(task.record)[0].ended_at == at(11, 10)
    clock = workflow.run_clock(task.record, at(11, 11))
    assert (clock.elapsed, clock.paused, clock.is_paused) == (3 * HOUR, 16 * HOUR, False)
    assert (clock.promised_at, clock.expected_at) == (DUE, at(13, 17))


def test_a_wait_needs_its_ground(world):
    task = process(world)

    with pytest.raises(Invalid):
        workflow.complete(world.official, task=task, outcome="supplement", at=AT)


def test_pause_and_resume(world):
    task = process(world)

    run = workflow.pause(
        world.official, task.record, reason="supplement", ground="NĐ 118/2025", at=at(9, 10)
    )

    assert run.paused_at == at(9, 10)
    assert set(Timer.objects.values_list("is_paused", flat=True)) == {True}
    with pytest.raises(workflow.AlreadyPaused):
        workflow.pause(world.official, task.record, reason="x", ground="y", at=at(9, 10))
    with pytest.raises(Invalid):
        workflow.pause(world.official, task.record, reason="x", ground=" ", at=at(9, 10))
    clock = workflow.run_clock(task.record, at(9, 11))
    assert (clock.is_paused, clock.reason, clock.elapsed) == (True, "supplement", 2 * HOUR)
    workflow.resume(world.official, task.record, at=at(9, 11))
    with pytest.raises(workflow.NotPaused):
        workflow.resume(world.official, task.record, at=at(9, 11))
    assert set(Timer.objects.values_list("is_paused", flat=True)) == {False}
    assert Timer.objects.get(key="late").fire_at == at(12, 8, 30)


def test_a_pause_before_reception_moves_the_step_only(world):
    task = begin(world)
    workflow.pause(world.clerk, task.record, reason="supplement", ground="Thiếu", at=at(9, 9))

    run = workflow.resume(SYSTEM, task.record, at=at(10, 9))

    [found] = workflow.record_tasks(task.record)
    assert (run.expected_at, found.record_due_at, found.due_at) == (None, None, at(10, 12))
    clock = workflow.run_clock(task.record, at(10, 9))
    assert (clock.promised_at, clock.remaining, clock.is_paused) == (None, None, False)


def test_a_paused_run_may_end(world):
    task = begin(world)
    workflow.pause(world.clerk, task.record, reason="supplement", ground="Thiếu", at=at(9, 9))
    [paused] = workflow.record_tasks(task.record)

    workflow.complete(world.clerk, task=paused, outcome="refuse", at=at(9, 10))

    run = workflow.run(task.record)
    assert (run.is_over, run.paused_at) == (True, None)
    assert workflow.clock_intervals(task.record)[0].ended_at == at(9, 10)


def test_extend_moves_the_promise_with_its_ground(world):
    task = process(world)
    later = at(12, 17)

    run = workflow.extend(world.official, task.record, due_at=later, ground="Chờ xác minh", at=AT)

    assert (run.promised_at, run.expected_at) == (later, later)
    assert workflow.record_tasks(task.record)[0].record_due_at == later
    assert Timer.objects.get(key="late").fire_at == later
    [extension] = workflow.Extension.objects.all()
    assert (extension.old_due_at, extension.new_due_at, extension.ground) == (
        DUE,
        later,
        "Chờ xác minh",
    )
    with pytest.raises(Invalid):
        workflow.extend(world.official, task.record, due_at=DUE, ground="x", at=AT)
    with pytest.raises(Invalid):
        workflow.extend(world.official, task.record, due_at=at(13, 17), ground="", at=AT)
    with pytest.raises(Conflict):
        workflow.extend(world.clerk, begin(world).record, due_at=later, ground="x", at=AT)

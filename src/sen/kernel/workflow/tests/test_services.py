"""A run from its start to its end: acts, conditions, branches, returns."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.models import Timer
from sen.kernel.workflow.tests.factories import (
    AT,
    DUE,
    at,
    begin,
    document,
    forked,
    process,
    step,
)

HOUR = dt.timedelta(hours=1)


def statements(run):
    """Return how many statements a call runs inside a transaction and a request."""
    legal.editions()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        run()
    return [q["sql"][:80] for q in captured.captured_queries]


def test_start_opens_the_first_task(world):
    task = begin(world)

    [opened] = workflow.record_tasks(task.record)
    found = workflow.task(opened.id, SYSTEM)

    assert (found.step, found.unit_id, found.due_at, found.record_due_at, found.sort_at) == (
        "receive",
        world.counter,
        at(9, 12),
        None,
        at(9, 12),
    )
    assert (found.kind, found.code, found.title, found.permission) == (
        "trial.dossier",
        "H41.8-260309-0001",
        "Hồ sơ thử",
        "trial.receive",
    )


def test_start_twice_is_refused(world):
    task = begin(world)

    with pytest.raises(workflow.AlreadyRunning):
        begin(world, record=task.record)


def test_start_names_the_unit_that_is_missing(world):
    with pytest.raises(Invalid) as refused:
        begin(world, units={"counter": world.counter})

    assert refused.value.fields == {"units": ["Quy trình cần biết đơn vị cho: office."]}


def test_complete_moves_the_task_and_promises(world):
    task = begin(world)

    [opened] = workflow.complete(
        world.clerk, task=task, outcome="accept", at=AT + HOUR, record_due_at=DUE
    )

    [found] = workflow.record_tasks(task.record)
    [closed] = workflow.history(task.record)
    run = workflow.run(task.record)
    assert (found.id, found.step, found.record_due_at) == (opened.id, "process", DUE)
    assert closed.record == task.record
    assert (closed.id, closed.step, closed.outcome, closed.closed_by, closed.is_late) == (
        task.id,
        "receive",
        "accept",
        world.clerk.account,
        False,
    )
    assert (run.promised_at, run.expected_at, run.counts_from) == (DUE, DUE, AT + HOUR)
    assert sorted(Timer.objects.values_list("key", "fire_at")) == [
        ("late", DUE),
        ("soon", at(11, 11, 30)),
    ]


def test_complete_is_one_statement(world, request_of_its_own):
    task = begin(world)
    locked = workflow.task_of(task.record, "trial.receive")
    workflow.counters(world.clerk)  # rights and calendars are remembered by now
    calendar.calendar_of(world.office)

    run = statements(lambda: workflow.complete(world.clerk, task=locked, outcome="accept", at=AT))

    assert len(run) == 1


def test_only_an_official_with_the_right_completes(world):
    task = begin(world)

    with pytest.raises(NotAllowed):
        workflow.complete(world.official, task=task, outcome="accept", at=AT)


def test_a_promise_is_made_once(world):
    task = begin(world, due_at=DUE)

    with pytest.raises(Conflict, match="gia hạn"):
        workflow.complete(world.clerk, task=task, outcome="accept", at=AT, record_due_at=DUE)


def test_unknown_outcome_is_refused(world):
    task = begin(world)

    with pytest.raises(workflow.UnknownOutcome):
        workflow.complete(world.clerk, task=task, outcome="fly", at=AT)


def test_two_officials_on_one_task_are_told_who_was_faster(world):
    task = begin(world)
    first = workflow.task_of(task.record, "trial.receive", for_update=False)
    second = workflow.task_of(task.record, "trial.receive", for_update=False)
    workflow.complete(world.clerk, task=first, outcome="accept", at=AT)

    with pytest.raises(VersionConflict) as refused:
        workflow.complete(world.clerk, task=second, outcome="accept", at=AT)

    assert refused.value.message == (
        "Lê Thị Quầy đã thực hiện việc “Việc receive” lúc 08:00 09/03/2026."
    )
    assert (refused.value.who, refused.value.what, refused.value.when) == (
        "Lê Thị Quầy",
        "accept",
        AT,
    )


def test_task_of_names_who_has_done_it(world):
    task = begin(world)
    workflow.complete(SYSTEM, task=task, outcome="accept", at=AT, by=world.clerk.account)

    with pytest.raises(workflow.AlreadyDone, match="Lê Thị Quầy đã thực hiện"):
        workflow.task_of(task.record, "trial.receive")
    with pytest.raises(workflow.AlreadyDone, match="chưa đến bước này"):
        workflow.task_of(task.record, "trial.sign")
    with pytest.raises(workflow.AlreadyDone, match="Lê Thị Quầy"):
        workflow.task(task.id)
    with pytest.raises(NotFound):
        workflow.task(new_id())
    with pytest.raises(NotFound):
        workflow.run(new_id())


def test_the_system_is_named_where_nobody_did_it(world):
    task = begin(world)
    workflow.complete(SYSTEM, task=task, outcome="accept", at=AT)

    with pytest.raises(workflow.AlreadyDone, match="hệ thống đã thực hiện"):
        workflow.task_of(task.record, "trial.receive")


def test_assign_gives_the_next_step_to_a_person(world):
    task = process(world, assign={"process": world.official.account})

    assert task.assignee == world.official.account
    with pytest.raises(workflow.GivenToAnother, match="Trần Văn Thụ"):
        workflow.complete(world.colleague, task=task, outcome="propose", at=AT)


def test_assign_of_a_step_needs_the_right(world):
    with pytest.raises(Invalid) as refused:
        process(world, assign={"process": world.clerk.account})
    with pytest.raises(Invalid) as unknown:
        process(world, assign={"nowhere": world.official.account})

    assert refused.value.fields == {
        "assign": ["Người được giao không có quyền thực hiện bước này."]
    }
    assert unknown.value.fields == {"assign": ["Quy trình không có bước “nowhere”."]}


def test_a_return_goes_back_to_who_did_it_and_needs_a_comment(world):
    task = process(world)
    [sign] = workflow.complete(world.colleague, task=task, outcome="propose", at=AT)

    with pytest.raises(Invalid):
        workflow.complete(world.official, task=sign, outcome="return", at=AT)
    [again] = workflow.complete(
        world.official, task=sign, outcome="return", at=AT, comment="Sửa ngày sinh"
    )

    assert (again.step, again.assignee) == ("process", world.colleague.account)
    assert [(c.step, c.outcome, c.comment) for c in workflow.history(task.record)] == [
        ("receive", "accept", ""),
        ("process", "propose", ""),
        ("sign", "return", "Sửa ngày sinh"),
    ]


def test_a_return_passes_over_whoever_has_lost_the_right(world):
    """Neither who is named nor who did it last gets it: it is everybody's of the unit."""
    task = process(world)
    [sign] = workflow.complete(world.colleague, task=task, outcome="propose", at=AT)
    position = identity.employments(world.colleague.account, clock.day(AT))[0].position_id
    access.Grant.objects.filter(position=position).update(valid_to=dt.date(2025, 12, 31))
    legal.forget()

    [again] = workflow.complete(
        world.official, task=sign, outcome="return", at=AT, comment="Sửa",
        assign={"process": world.colleague.account},
    )  # fmt: skip

    assert (again.step, again.assignee) == ("process", None)


def test_step_timers_come_and_go_with_their_step(world):
    task = process(world)
    [sign] = workflow.complete(world.official, task=task, outcome="propose", at=AT)

    slow = Timer.objects.get(key="slow")
    assert (slow.task, slow.fire_at) == (sign.id, at(9, 14, 30))
    workflow.complete(world.official, task=sign, outcome="agree", at=AT)
    assert not Timer.objects.filter(key="slow").exists()


def test_the_end_closes_run_and_timers(world):
    task = process(world)
    for outcome in ("propose", "agree", "done"):
        actor = world.clerk if outcome == "done" else world.official
        opened = workflow.complete(actor, task=task, outcome=outcome, at=AT)
        task = opened[0] if opened else task

    run = workflow.run(task.record)
    assert (run.is_over, run.outcome, run.ended_at) == (True, "done", AT)
    assert workflow.record_tasks(task.record) == []
    assert not Timer.objects.filter(run=run).exists()
    with pytest.raises(Conflict, match="kết thúc"):
        workflow.cancel(SYSTEM, task.record, at=AT, outcome="withdrawn")
    with pytest.raises(NotFound):
        workflow.cancel(SYSTEM, new_id(), at=AT, outcome="withdrawn")


def test_a_citizen_ends_a_task_that_the_verb_let_through(world):
    task = begin(world)
    citizen = Actor(account=new_id(), person=new_id())

    workflow.complete(citizen, task=task, outcome="refuse", at=AT)

    assert workflow.history(task.record)[0].closed_by == citizen.account


def test_cancel_closes_everything(world):
    task = begin(world, forked())
    workflow.complete(world.clerk, task=task, outcome="consult", at=AT)

    cancelled = workflow.cancel(
        world.clerk, task.record, at=AT, outcome="withdrawn", comment="Công dân rút"
    )

    assert sorted(each.step for each in cancelled) == ["land", "tax"]
    assert workflow.record_tasks(task.record) == []
    assert sorted((c.step, c.outcome, c.comment) for c in workflow.history(task.record)) == [
        ("land", "withdrawn", "Công dân rút"),
        ("receive", "consult", ""),
        ("tax", "withdrawn", "Công dân rút"),
    ]


def test_a_join_opens_once_when_all_have_arrived(world):
    task = begin(world, forked())
    tax, land = workflow.complete(world.clerk, task=task, outcome="consult", at=AT)

    first = workflow.complete(world.official, task=land, outcome="answer", at=AT)
    [joined] = workflow.complete(world.official, task=tax, outcome="answer", at=AT)

    assert (first, joined.step, joined.branch) == ([], "sum_up", "")
    assert (tax.branch, land.branch) == ("0", "1")
    assert [each.step for each in workflow.record_tasks(task.record)] == ["sum_up"]


def test_the_end_inside_a_branch_ends_all(world):
    task = begin(world, forked())
    tax, land = workflow.complete(world.clerk, task=task, outcome="consult", at=AT)

    workflow.complete(world.official, task=tax, outcome="stop", at=AT, comment="Không đủ")

    assert [(c.step, c.outcome) for c in workflow.history(task.record)] == [
        ("receive", "consult"),
        ("tax", "stop"),
        ("land", "cancelled"),
    ]
    with pytest.raises(VersionConflict):
        workflow.complete(SYSTEM, task=land, outcome="answer", at=AT)


def test_a_stale_end_inside_a_branch_ends_nothing(world):
    task = begin(world, forked())
    tax, land = workflow.complete(world.clerk, task=task, outcome="consult", at=AT)
    stale = workflow.task(tax.id)
    workflow.complete(world.official, task=tax, outcome="answer", at=AT)

    with pytest.raises(VersionConflict):
        workflow.complete(world.official, task=stale, outcome="stop", at=AT)
    assert [each.id for each in workflow.record_tasks(task.record)] == [land.id]


def test_task_of_finds_the_branch_of_a_unit(world):
    task = begin(world, forked())
    workflow.complete(world.clerk, task=task, outcome="consult", at=AT)

    assert workflow.task_of(task.record, "trial.tax", unit=world.office).step == "tax"
    with pytest.raises(workflow.AlreadyDone):
        workflow.task_of(task.record, "trial.tax", unit=world.counter)


def test_a_condition_reads_what_was_told(world):
    body = document(
        step(
            "receive",
            {"outcome": "accept", "to": "sign", "if": {"==": [{"var": "late"}, True]}},
            {"outcome": "accept", "to": "process"},
            unit="counter",
        ),
        step("process", {"outcome": "done", "to": "end"}),
        step("sign", {"outcome": "done", "to": "end"}),
    )
    plain, told = begin(world, body), begin(world, body)

    [first] = workflow.complete(world.clerk, task=plain, outcome="accept", at=AT)
    [second] = workflow.complete(
        world.clerk, task=told, outcome="accept", at=AT, data={"late": True}
    )

    assert (first.step, second.step) == ("process", "sign")
    assert workflow.run(told.record).data == {"late": True}

"""Tasks taken, left and given to somebody."""

from __future__ import annotations

import pytest

from sen.base.errors import Invalid, NotAllowed, VersionConflict
from sen.kernel.audit import public as audit
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests.factories import (
    AT,
    process,
    published,
)


def test_claim_and_release(world):
    task = process(world)
    mine = workflow.claim(world.official, task=task, at=AT)
    stale = workflow.task(task.id)
    stale.assignee = None

    assert workflow.task(task.id).assignee == world.official.account
    assert workflow.claim(world.official, task=mine, at=AT) is mine
    with pytest.raises(workflow.GivenToAnother, match="Trần Văn Thụ"):
        workflow.claim(world.colleague, task=stale, at=AT)
    with pytest.raises(NotAllowed):
        workflow.release(world.colleague, task=mine, at=AT)
    workflow.release(world.official, task=mine, at=AT)
    assert workflow.task(task.id).assignee is None
    assert len(published("workflow.task.assigned")) == 2
    subject = audit.Subject("trial.dossier", task.record, task.code)
    assert sorted(entry.action for entry in audit.trail(subject)) == [
        "workflow.task.claim",
        "workflow.task.release",
    ]


def test_claim_of_a_closed_task_names_who_closed_it(world):
    task = process(world)
    stale = workflow.task(task.id)
    workflow.complete(world.official, task=task, outcome="propose", at=AT)

    with pytest.raises(VersionConflict, match="Trần Văn Thụ đã thực hiện"):
        workflow.claim(world.colleague, task=stale, at=AT)


def test_assign_needs_rights_on_both_sides(world):
    task = process(world)

    with pytest.raises(NotAllowed):
        workflow.assign(world.colleague, task=task, account=world.colleague.account, at=AT)
    with pytest.raises(Invalid):
        workflow.assign(world.official, task=task, account=world.clerk.account, at=AT)
    given = workflow.assign(world.official, task=task, account=world.colleague.account, at=AT)

    assert given.assignee == world.colleague.account
    assert published("workflow.task.assigned") == [
        {
            "record": str(task.record),
            "kind": "trial.dossier",
            "task": str(task.id),
            "act": "trial.process",
            "unit": str(world.office),
            "account": str(world.colleague.account),
        }
    ]


def test_assign_of_a_stale_task_says_whose_it_is(world):
    task = process(world)
    stale = workflow.task(task.id)
    workflow.assign(world.official, task=task, account=world.colleague.account, at=AT)

    with pytest.raises(VersionConflict, match="Phạm Thị Đồng"):
        workflow.assign(world.official, task=stale, account=world.official.account, at=AT)


def test_assign_many_is_all_or_nothing(world):
    tasks = [process(world), process(world)]
    stale = workflow.task(tasks[1].id)
    stale.version = 9

    with pytest.raises(VersionConflict):
        workflow.assign_many(
            world.official, tasks=[tasks[0], stale], account=world.colleague.account, at=AT
        )
    assert workflow.task(tasks[0].id).assignee is None
    fresh = [workflow.task(task.id) for task in tasks]
    workflow.assign_many(world.official, tasks=fresh, account=world.colleague.account, at=AT)
    assert {workflow.task(task.id).assignee for task in tasks} == {world.colleague.account}

"""Real transactions side by side: nothing runs twice, nothing is left over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from sen.base.actor import SYSTEM
from sen.base.errors import Conflict
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests import factories
from sen.kernel.workflow.tests.factories import AT, begin, forked


@pytest.fixture
def place(committed_db) -> factories.World:
    factories.register()
    return factories.world()


def side_by_side(*acts: Callable[[], object]) -> list[object]:
    """Run calls at the same moment in threads of their own; return answers or refusals."""
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers[number] = acts[number]()
        except Conflict as refused:
            answers[number] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_of_many_completes(place):
    task = begin(place)
    copies = [workflow.task(task.id) for _ in range(4)]

    answers = side_by_side(
        *(
            lambda copy=copy: workflow.complete(place.clerk, task=copy, outcome="accept", at=AT)
            for copy in copies
        )
    )

    assert sum(isinstance(answer, list) for answer in answers) == 1
    assert len(workflow.record_tasks(task.record)) == 1
    assert len(workflow.history(task.record)) == 1


def test_a_join_is_opened_by_one_of_its_branches(place):
    for _ in range(5):
        task = begin(place, forked())
        branches = workflow.complete(place.clerk, task=task, outcome="consult", at=AT)

        side_by_side(
            *(
                lambda each=each: workflow.complete(
                    place.official, task=workflow.task(each.id), outcome="answer", at=AT
                )
                for each in branches
            )
        )

        assert [each.step for each in workflow.record_tasks(task.record)] == ["sum_up"]


def test_cancelling_leaves_nothing_open(place):
    for _ in range(5):
        task = begin(place)

        side_by_side(
            lambda task=task: workflow.complete(place.clerk, task=task, outcome="accept", at=AT),
            lambda task=task: workflow.cancel(SYSTEM, task.record, at=AT, outcome="withdrawn"),
        )

        assert workflow.record_tasks(task.record) == []
        assert workflow.run(task.record).outcome == "withdrawn"


def test_one_of_many_claims(place):
    task = begin(place)
    [opened] = workflow.complete(place.clerk, task=task, outcome="accept", at=AT)

    answers = side_by_side(
        lambda: workflow.claim(place.official, task=workflow.task(opened.id), at=AT),
        lambda: workflow.claim(place.colleague, task=workflow.task(opened.id), at=AT),
    )

    assert sum(isinstance(answer, workflow.GivenToAnother) for answer in answers) == 1

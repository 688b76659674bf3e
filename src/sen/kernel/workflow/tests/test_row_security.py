"""The second wall: titles of runs and comments of tasks, seen by who takes part or has the unit."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from sen.base.actor import SYSTEM, Actor
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.models import Remark
from sen.kernel.workflow.tests import factories
from sen.kernel.workflow.tests.factories import AT, begin

TITLE, WHY = "Khai sinh · Nguyễn Thị Mẫu", "Thiếu chữ ký của bà Mẫu"


@pytest.fixture
def place(committed_db):
    factories.register()
    return factories.world()


@pytest.fixture
def told(place):
    """A run refused with a comment at the counter; return the place and the record."""
    task = begin(place, title=TITLE)
    with access.acting(place.clerk):
        workflow.complete(place.clerk, task=task, outcome="refuse", at=AT, comment=WHY)
    return place, task.record


def seen(actor: Actor) -> set[str]:
    with access.acting(actor):
        return set(Remark.objects.values_list("text", flat=True))


def test_words_are_seen_by_the_unit_and_by_who_takes_part(told):
    place, record = told
    citizen, stranger = (Actor(account=new_id(), person=new_id()) for _ in range(2))
    access.participate(record=record, kind="trial", person=citizen.person, why="owner", at=AT)

    assert set(Remark.objects.all()) == set()
    assert seen(place.clerk) == {WHY}  # the task was the counter's
    assert seen(place.official) == {TITLE}  # the run goes by the office's clock
    assert seen(citizen) == seen(SYSTEM) == {TITLE, WHY}
    assert seen(stranger) == set()

    access.participate(record=record, kind="trial", unit=place.counter, why="received", at=AT)
    assert seen(place.clerk) == {TITLE, WHY}


def test_lists_and_histories_show_what_may_be_seen(place):
    task = begin(place, title=TITLE)

    def titles(actor: Actor) -> list[str]:
        [row] = workflow.open_tasks(actor, at=AT).rows
        assert workflow.task(row.id, actor).title == row.title
        return [row.title]

    assert titles(place.clerk) == [""]
    access.participate(record=task.record, kind="trial", unit=place.counter, why="x", at=AT)
    assert titles(place.clerk) == [TITLE]
    assert workflow.task(task.id).title == ""

    with access.acting(place.clerk):
        workflow.complete(place.clerk, task=task, outcome="refuse", at=AT, comment=WHY)
        assert [closed.comment for closed in workflow.history(task.record)] == [WHY]
        assert [closed.comment for closed in workflow.work_of(task.record)[1]] == [WHY]
    assert [closed.comment for closed in workflow.history(task.record)] == [""]
    assert [closed.comment for closed in workflow.work_of(task.record)[1]] == [""]


def test_a_run_begins_and_a_comment_is_kept_only_for_whoever_entered(place):
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        workflow.start(
            SYSTEM, kind="trial", record=new_id(), code="x", title=TITLE,
            flow=factories.publish(factories.simple()), units=place.units, at=AT,
        )  # fmt: skip


def test_titles_are_read_by_their_key_behind_the_wall(place, owner_sql):
    begin(place, title=TITLE)
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workflow_remark (id, run_id, unit_id, text)"
            " SELECT gen_random_uuid(), gen_random_uuid(), %s, 'x' FROM generate_series(1, 20000)",
            [place.office],
        )
    owner_sql("ANALYZE workflow_remark")

    with access.acting(place.official), connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT (SELECT text FROM workflow_remark r WHERE r.id = run.id)"
            " FROM workflow_run run"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Scan using workflow_remark_pkey" in plan
    assert "Index Cond: (id = run.id)" in plan
    assert "Seq Scan on workflow_remark" not in plan

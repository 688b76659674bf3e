from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base.actor import ANONYMOUS, Actor
from sen.base.errors import Invalid
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.kernel.organisations.public import Unit
from sen.kernel.workflow import public as workflow
from sen.kernel.workflow.tests.factories import AT, STEPS, begin, official

pytestmark = pytest.mark.usefixtures("way")

LATE = AT - dt.timedelta(days=3)
SOON = AT + dt.timedelta(hours=3)
FAR = AT + dt.timedelta(days=10)


@pytest.fixture(params=["by unit", "by group"])
def way(request, monkeypatch):
    """Read by units, as for most, and by groups, as for whoever looks over many units."""
    if request.param == "by group":
        monkeypatch.setattr("sen.kernel.workflow.queries.streams.MANY_UNITS", 0)
        monkeypatch.setattr("sen.kernel.workflow.queries.streams.MANY_UNITS_OF_A_GROUP", 0)


def codes(actor, **filters):
    return [task.code for task in workflow.open_tasks(actor, at=AT, **filters).rows]


@pytest.fixture
def three(world):
    """A late, a soon and a far task at the counter, and one that stands still."""
    for code, due in (("far", FAR), ("late", LATE), ("soon", SOON), ("paused", LATE)):
        task = begin(world, code=code, due_at=due)
        if code == "paused":
            workflow.pause(world.clerk, task.record, reason="x", ground="y", at=AT)
    return world


def test_lists_run_by_date_and_paused_come_last(three):
    assert codes(three.clerk) == ["late", "soon", "far", "paused"]
    assert codes(three.clerk, state="late") == ["late"]
    assert codes(three.clerk, state="soon") == ["soon"]
    assert codes(three.clerk, state="paused") == ["paused"]
    assert codes(three.clerk, state="mine") == []
    assert codes(three.clerk, state="team") == []


def test_lists_show_only_where_the_right_is_held(three):
    assert codes(three.official) == []
    assert codes(ANONYMOUS) == []
    assert codes(Actor(account=new_id(), person=new_id())) == []


def test_acts_and_groups_narrow_the_list(world):
    begin(world, code="a", due_at=FAR, group="ho_tich")
    begin(world, code="b", due_at=FAR, group="dat_dai")
    narrow = official(Unit.objects.get(id=world.counter), "trial.receive", groups=["dat_dai"])

    assert codes(world.clerk, group="ho_tich") == ["a"]
    assert codes(world.clerk, acts=["trial.process"]) == []
    assert codes(world.clerk, acts=["trial.receive"]) == ["a", "b"]
    assert codes(narrow) == ["b"]
    assert workflow.counters(narrow, at=AT).by_act == {"trial.receive": 1}


def test_what_is_given_shows_to_its_holder_only(world):
    task = begin(world, code="a", due_at=FAR)
    [opened] = workflow.complete(world.clerk, task=task, outcome="accept", at=AT)
    workflow.claim(world.official, task=opened, at=AT)

    assert codes(world.official) == ["a"]
    assert codes(world.official, state="mine") == ["a"]
    assert codes(world.colleague) == []
    assert codes(world.colleague, state="team") == ["a"]
    assert codes(world.official, state="team") == []


def test_a_task_of_a_lost_right_is_not_shown(world):
    begin(world, code="a", due_at=FAR, assignee=world.official.account)

    assert codes(world.official, state="mine") == []


def test_pages_follow_one_another(three):
    first = workflow.open_tasks(three.clerk, at=AT, limit=3)
    second = workflow.open_tasks(three.clerk, at=AT, limit=3, after=first.after)

    assert [task.code for task in (*first.rows, *second.rows)] == ["late", "soon", "far", "paused"]
    assert second.after is None
    with pytest.raises(Invalid):
        workflow.open_tasks(three.clerk, after="broken")


def test_a_list_is_one_statement_and_saying_who_asks(three):
    counts = []
    calendar.calendar_of(three.clerk.unit)
    workflow.open_tasks(three.clerk, at=AT)
    for _ in range(2):
        legal.begin_request()
        legal.editions()
        with CaptureQueriesContext(connection) as captured:
            page = workflow.open_tasks(three.clerk, at=AT)
            assert [task.kind for task in page.rows] == ["trial.dossier"] * len(page.rows)
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
        with CaptureQueriesContext(connection) as captured:
            workflow.counters(three.clerk, at=AT)
        counts.append(len(captured))
        legal.end_request()
        begin(three, code="more", due_at=FAR)

    assert counts == [1, 1, 2, 1]  # who asks is said once a transaction, or when it changes


def test_counters_are_true(three):
    begin(three, code="mine", due_at=LATE, assignee=three.clerk.account)
    begin(three, code="others", due_at=LATE, assignee=three.official.account)

    expected = dict.fromkeys((f"trial.{step}" for step in sorted(STEPS)), 0)
    assert workflow.counters(three.clerk, at=AT) == workflow.Counters(
        by_act=expected | {"trial.receive": 5}, late=2, soon=1, paused=1
    )
    assert workflow.counters(three.clerk, act="trial.sign", at=AT) == workflow.Counters(
        by_act=expected | {"trial.receive": 5}
    )
    assert workflow.counters(ANONYMOUS) == workflow.Counters()


def test_counters_stop_at_the_cap(world, monkeypatch):
    monkeypatch.setattr("sen.kernel.workflow.queries.lists.COUNTER_CAP", 1)
    for _ in range(3):
        begin(world, due_at=FAR)

    assert workflow.counters(world.clerk, at=AT).by_act["trial.receive"] == 2


def test_a_right_in_two_ways_counts_once(world):
    """The same unit by one right for a group and by another for all."""
    begin(world, code="a", due_at=LATE, group="ho_tich")
    begin(world, code="b", due_at=SOON, group="dat_dai")
    twice = official(Unit.objects.get(id=world.counter), "trial.receive", groups=["dat_dai"])
    role = access.Role.objects.create(code="all", title={"vi": "x"}, permissions=["trial.receive"])
    access.Grant.objects.create(
        position_id=twice.position, role=role, scope="own", valid_from=dt.date(2025, 7, 1)
    )

    assert codes(twice) == ["a", "b"]
    assert workflow.counters(twice, at=AT) == workflow.Counters(
        by_act={"trial.receive": 2}, late=1, soon=1
    )


def test_lists_open_where_the_calendar_ends(world):
    last = dt.datetime(2027, 12, 31, 16, 59, tzinfo=AT.tzinfo)

    assert workflow.counters(world.clerk, at=last).by_act["trial.receive"] == 0

from __future__ import annotations

import pytest

from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.identifiers import new_id
from sen.kernel.access import handlers
from sen.kernel.access import public as access
from sen.kernel.access.models import Grant, Participation
from sen.kernel.access.public import Scope
from sen.kernel.access.services import grants, participation
from sen.kernel.access.tests.conftest import AT, ON, RECEIVE, citizen, official
from sen.kernel.events import public as events
from sen.kernel.organisations import public as organisations

KIND = "access_test.record"

pytestmark = pytest.mark.django_db


def rows() -> list[tuple]:
    return list(
        Participation.objects.order_by("id").values_list(
            "record", "unit", "person", "why", "since", "until"
        )
    )


def test_participants_are_written_in_one_statement(tree, assert_statements):
    record, person = new_id(), new_id()

    with assert_statements(1):
        access.participate_many(
            record=record,
            kind=KIND,
            units={tree.one.id: "received", tree.two.id: "competent"},
            persons={person: "owner"},
            at=AT,
        )
    with assert_statements(1):
        access.participate(record=record, kind=KIND, unit=tree.one.id, why="again", at=AT)
    with assert_statements(0):
        access.participate_many(record=record, kind=KIND, at=AT)

    assert rows() == [
        (record, tree.one.id, None, "received", AT, None),
        (record, tree.two.id, None, "competent", AT, None),
        (record, None, person, "owner", AT, None),
    ]


def test_who_takes_part_by_unit_by_person_or_for_another(tree):
    record, child = new_id(), new_id()
    mother = citizen()
    guardian = Actor(account=new_id(), person=new_id(), acting_for=child)
    access.participate_many(
        record=record,
        kind=KIND,
        units={tree.one_desk.id: "received"},
        persons={mother.person: "owner", child: "child"},
        at=AT,
    )
    chief = official(tree.one, RECEIVE, scope=Scope.BELOW)

    actors = [
        SYSTEM,
        mother,
        guardian,
        chief,
        citizen(),
        ANONYMOUS,
        official(tree.two, RECEIVE),
        official(tree.one_desk),
    ]

    assert [access.participates(actor, record, KIND) for actor in actors] == [True] * 4 + [
        False
    ] * 4
    assert not access.participates(mother, record, "access_test.other")
    found = [
        Participation.objects.filter(access.participation_q(actor, KIND, "record")).count()
        for actor in actors
    ]
    assert found == [3] * 4 + [0] * 4


def test_whoever_left_takes_part_no_more_and_may_come_back(tree):
    record, mother = new_id(), citizen()
    access.participate(record=record, kind=KIND, person=mother.person, why="owner", at=AT)
    access.participate(record=record, kind=KIND, unit=tree.one.id, why="received", at=AT)

    access.leave(record=record, person=mother.person, at=AT)
    assert not access.participates(mother, record, KIND)
    access.participate(record=record, kind=KIND, person=mother.person, why="owner", at=AT)
    assert access.participates(mother, record, KIND)
    access.leave(record=record, unit=tree.one.id, at=AT)

    assert [until for *_row, until in rows()] == [AT, AT, None]


def test_several_leave_at_once(tree, assert_statements):
    record, people = new_id(), [citizen(), citizen(), citizen()]
    for one in people:
        access.participate(record=record, kind=KIND, person=one.person, why="member", at=AT)

    with assert_statements(1):
        access.leave_many(record=record, persons=[one.person for one in people[:2]], at=AT)
    with assert_statements(0):
        access.leave_many(record=record, persons=[], at=AT)

    taking_part = [access.participates(one, record, KIND) for one in people]
    assert taking_part == [False, False, True]


def test_all_leave_who_take_part_for_a_reason(tree, assert_statements):
    record, other = new_id(), new_id()
    members, owner = [citizen(), citizen()], citizen()
    for one in members:
        access.participate(record=record, kind=KIND, person=one.person, why="member", at=AT)
    access.participate(record=record, kind=KIND, person=owner.person, why="owner", at=AT)
    access.participate(record=other, kind=KIND, person=members[0].person, why="member", at=AT)

    for _time in range(2):  # again nothing is left to do
        with assert_statements(1):
            access.leave_all(record=record, kind=KIND, why="member", at=AT)

    taking_part = [access.participates(one, record, KIND) for one in [*members, owner]]
    assert taking_part == [False, False, True]
    assert access.participates(members[0], other, KIND)


def test_merger_hands_records_and_listed_grants_over(tree, monkeypatch):
    monkeypatch.setattr(participation, "BATCH", 2)
    records = [new_id() for _ in range(3)]
    for record in records:
        access.participate(record=record, kind=KIND, unit=tree.one.id, why="received", at=AT)
    access.participate(record=records[0], kind=KIND, unit=tree.two.id, why="competent", at=AT)
    actor = official(tree.province, RECEIVE, scope=Scope.LIST, units=[tree.one.id])
    access.rights(actor)
    merged = organisations.UnitsMerged(
        old=(tree.one.id,),
        new=(tree.two.id,),
        old_positions=(),
        new_positions=(),
        on=ON,
        decision="NQ",
    )

    handlers.follow_merger(
        events.Delivery(event_id=new_id(), event=merged, record=tree.two.id, published_at=AT)
    )

    open_rows = [
        (record, unit, why) for record, unit, _person, why, _since, until in rows() if until is None
    ]
    assert sorted(open_rows) == sorted(
        [
            (records[0], tree.two.id, "competent"),
            (records[1], tree.two.id, "received"),
            (records[2], tree.two.id, "received"),
        ]
    )
    assert Grant.objects.get().units == [tree.two.id]
    assert access.rights(actor).units(RECEIVE) == (tree.two.id,)
    assert grants.follow_merger([(tree.one.id, tree.two.id)]) == 0


def test_handler_is_registered():
    assert events.handlers()["access.follow_merger"].event is organisations.UnitsMerged

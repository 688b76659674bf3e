from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.tests.conftest import AT, FIRST
from sen.kernel.organisations.tests.factories import PositionFactory

MONDAY, FRIDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 27)
OFFICIAL = Actor(account=new_id(), position=new_id())

pytestmark = pytest.mark.django_db


def actions(position) -> list[str]:
    subject = audit.Subject("organisations.position", position.id, position.code)
    return [entry.action for entry in audit.trail(subject)]


def stand_in(absent, other, days=(MONDAY, FRIDAY), actor=SYSTEM):
    return organisations.appoint_stand_in(
        actor, position=absent.id, stand_in=other.id, days=days, decision="QĐ 3", at=AT
    )


def test_positions_of_a_day_come_heads_first(tree):
    def add(code, **more):
        return organisations.add_position(
            SYSTEM, unit=tree.one.id, code=code, title={"vi": code}, valid_from=FIRST, at=AT, **more
        )

    clerk, chair = add("clerk"), add("chair", is_head=True)

    assert list(organisations.positions(on=FIRST, unit=tree.one.id)) == [chair, clerk]
    assert list(organisations.positions(on=FIRST, code="clerk")) == [clerk]
    assert list(organisations.positions(on=dt.date(2025, 1, 1))) == []
    assert organisations.position(clerk.id).unit == tree.one
    assert actions(clerk) == ["organisations.position.added"]
    with pytest.raises(NotFound):
        organisations.position(new_id())


@pytest.mark.parametrize(
    ("code", "title", "first", "failure"),
    [
        ("chair", {"vi": "Chủ tịch"}, FIRST, Conflict),
        ("clerk", {"en": "Clerk"}, FIRST, Invalid),
        ("clerk", {"vi": "Văn thư"}, dt.date(2025, 1, 1), Conflict),
    ],
)
def test_position_that_cannot_be_is_refused(tree, code, title, first, failure):
    PositionFactory(unit=tree.one, code="chair")

    with pytest.raises(failure):
        organisations.add_position(
            SYSTEM, unit=tree.one.id, code=code, title=title, valid_from=first, at=AT
        )


def test_closed_position_exists_until_its_last_day():
    position = PositionFactory()

    closed = organisations.close_position(
        SYSTEM, position=position.id, last_day=FRIDAY, at=AT, reason="QĐ 4"
    )

    assert closed.valid_to == FRIDAY
    assert [
        organisations.positions(on=day).count() for day in (FRIDAY, FRIDAY + dt.timedelta(days=1))
    ] == [1, 0]
    assert actions(position) == ["organisations.position.closed"]
    with pytest.raises(Conflict):
        organisations.close_position(SYSTEM, position=position.id, last_day=FRIDAY, at=AT)


def test_stand_in_holds_on_its_days_only():
    absent, other = PositionFactory(), PositionFactory()

    stand_in(absent, other)

    days = [MONDAY - dt.timedelta(days=1), MONDAY, FRIDAY, FRIDAY + dt.timedelta(days=1)]
    assert [organisations.stand_ins(absent.id, day) for day in days] == [
        (),
        (other.id,),
        (other.id,),
        (),
    ]
    assert [organisations.stands_in_for(other.id, day) for day in days] == [
        (),
        (absent.id,),
        (absent.id,),
        (),
    ]
    assert actions(absent) == ["organisations.stand_in.appointed"]


def test_stand_in_of_a_closed_position_holds_no_more():
    absent, other = PositionFactory(), PositionFactory()
    stand_in(absent, other)

    organisations.close_position(SYSTEM, position=other.id, last_day=MONDAY, at=AT)

    assert organisations.stand_ins(absent.id, MONDAY) == (other.id,)
    assert organisations.stand_ins(absent.id, FRIDAY) == ()


def test_wrong_or_repeated_stand_in_is_refused():
    absent, other = PositionFactory(), PositionFactory()
    stand_in(absent, other)

    for call, failure in [
        (lambda: stand_in(absent, other, (FRIDAY, MONDAY)), Invalid),
        (lambda: stand_in(absent, absent), Invalid),
        (lambda: stand_in(absent, other, (FRIDAY, FRIDAY)), Conflict),
    ]:
        with pytest.raises(failure):
            call()


@pytest.mark.parametrize(("last_day", "holds"), [(MONDAY, True), (dt.date(2026, 11, 22), False)])
def test_stand_in_may_end_early(last_day, holds):
    absent, other = PositionFactory(), PositionFactory()
    appointed = stand_in(absent, other)

    organisations.end_stand_in(SYSTEM, stand_in=appointed, last_day=last_day, at=AT)

    assert bool(organisations.stand_ins(absent.id, MONDAY)) is holds
    assert organisations.stand_ins(absent.id, FRIDAY) == ()
    assert actions(absent)[0] == "organisations.stand_in.ended"


def test_verbs_ask_for_the_right():
    absent, other = PositionFactory(), PositionFactory()
    appointed = stand_in(absent, other)

    for call in (
        lambda: organisations.add_position(
            OFFICIAL, unit=absent.unit_id, code="x", title={"vi": "x"}, valid_from=FIRST, at=AT
        ),
        lambda: organisations.close_position(OFFICIAL, position=absent.id, last_day=FRIDAY, at=AT),
        lambda: stand_in(absent, other, actor=OFFICIAL),
        lambda: organisations.end_stand_in(OFFICIAL, stand_in=appointed, last_day=MONDAY, at=AT),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_positions_are_found_by_words_of_title_and_unit_in_one_statement(
    tree, django_assert_num_queries
):
    def add(unit, code, title, **more):
        return organisations.add_position(
            SYSTEM, unit=unit.id, code=code, title={"vi": title}, valid_from=FIRST, at=AT, **more
        )

    clerk = add(tree.one, "clerk", "Văn thư")
    chair = add(tree.one, "chair", "Chủ tịch", is_head=True)
    other = add(tree.two, "clerk", "Văn thư")
    day = FIRST + dt.timedelta(days=1)
    legal.begin_request()

    assert organisations.find_positions("van thu", on=day) == [clerk, other]
    with django_assert_num_queries(1):
        assert organisations.find_positions("văn thư", on=day, limit=1) == [clerk]
    assert organisations.find_positions("thư", on=day, units={tree.two.id}) == [other]
    assert organisations.find_positions("", on=day, units={tree.one.id}) == [chair, clerk]
    assert organisations.find_positions(f"thu {tree.two.code}", on=day) == [other]
    assert organisations.find_positions("giám đốc", on=day) == []
    assert organisations.find_positions("t", on=day)[0] == chair
    thuc = add(tree.one, "thuc", "Thực tập văn phòng")
    assert organisations.find_positions("van thu", on=day)[0] != thuc
    assert thuc in organisations.find_positions("van thu", on=day)
    legal.end_request()

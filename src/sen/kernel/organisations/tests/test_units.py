from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from sen.base import row_security
from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.models import UnitClosure, UnitName
from sen.kernel.organisations.public import MANAGE_UNITS, UnitKind
from sen.kernel.organisations.tests.conftest import AT, FIRST, grow, new_unit

LATER = dt.date(2026, 12, 1)
OFFICIAL = Actor(account=new_id(), position=new_id())


def codes(ids) -> list[str]:
    return [organisations.unit_by_id(one).code for one in ids]


def line(action: str, subject) -> audit.Entry:
    return next(entry for entry in audit.trail(subject) if entry.action == action)


def subject(unit) -> audit.Subject:
    return audit.Subject("organisations.unit", unit.id, unit.code)


def test_tree_answers_what_is_below_and_above(tree):
    assert codes(organisations.below(tree.one.id, FIRST)) == ["H41.9.1", "H41.9.1.1", "H41.9.1.2"]
    assert codes(organisations.below(tree.one.id, FIRST, include_self=False)) == [
        "H41.9.1.1",
        "H41.9.1.2",
    ]
    assert codes(organisations.above(tree.room.id, FIRST)) == ["H41.9.1.2", "H41.9.1", "H41"]
    assert codes(organisations.above(tree.room.id, FIRST, include_self=False)) == ["H41.9.1", "H41"]
    assert organisations.below(tree.one.id, dt.date(2025, 6, 30)) == ()


def test_units_of_a_day_by_kind_and_place(tree):
    on = FIRST
    assert [unit.code for unit in organisations.units(UnitKind.COMMUNE, on=on)] == [
        "H41.9.1",
        "H41.9.2",
    ]
    assert [unit.code for unit in organisations.units(on=on, below=tree.two.id)] == [
        "H41.9.2",
        "H41.9.2.1",
    ]
    assert list(organisations.units(on=dt.date(2025, 6, 30))) == []


def test_unit_by_code_id_and_area(tree):
    governed = grow(
        "H41.9.3", "UBND xã 3", tree.province, UnitKind.COMMUNE, statistics_code="17713"
    )

    assert organisations.unit("H41.9.3", FIRST) == governed
    assert organisations.unit_by_id(governed.id) == governed
    assert organisations.unit_of_area("17713", FIRST) == governed
    for ask in (
        lambda: organisations.unit("H41.9.3", dt.date(2025, 6, 30)),
        lambda: organisations.unit("H99", FIRST),
        lambda: organisations.unit_by_id(new_id()),
        lambda: organisations.unit_of_area("00001", FIRST),
        lambda: organisations.unit_name(new_id(), FIRST),
    ):
        with pytest.raises(NotFound):
            ask()


def test_reads_are_remembered_until_the_tree_changes(tree, django_assert_num_queries):
    legal.begin_request()
    organisations.unit_name(tree.one.id, FIRST), organisations.below(tree.one.id, FIRST)
    with django_assert_num_queries(0):
        assert organisations.unit_name(tree.one.id, FIRST) == "UBND xã 1"
        assert len(organisations.below(tree.one.id, FIRST)) == 3

    grow("H41.9.1.3", "Phòng mới", tree.one)

    assert len(organisations.below(tree.one.id, FIRST)) == 4
    legal.end_request()


def test_added_unit_is_audited_and_told(tree, told):
    added = grow("H41.9.1.3", "Phòng mới", tree.one)

    assert line("organisations.unit.added", subject(added)).at == AT
    assert told() == [organisations.UnitAdded(unit=added.id, code="H41.9.1.3", on=FIRST)]
    assert (added.is_active, added.is_code_official) == (True, False)


@pytest.mark.parametrize(
    ("unit", "field"),
    [
        (new_unit("h41", "Sai"), "code"),
        (new_unit("H41.9.1", "Trùng"), "code"),
        (new_unit("H41.9.8", " "), None),
    ],
)
def test_unit_with_a_wrong_code_or_no_name_is_refused(tree, unit, field):
    with pytest.raises(Invalid) as refused:
        organisations.add_unit(SYSTEM, unit=unit, parent=tree.province.id, valid_from=FIRST, at=AT)

    assert list(refused.value.fields) == ([field] if field else [])


@pytest.mark.parametrize("parent", ["unknown", "later"])
def test_unit_under_a_parent_that_is_not_there_is_refused(tree, parent):
    if parent == "later":
        parent_id = grow("H41.9.5", "Xã mới", tree.province, UnitKind.COMMUNE, first=LATER).id
    else:
        parent_id = new_id()

    with pytest.raises(Conflict):
        organisations.add_unit(
            SYSTEM, unit=new_unit("H41.9.5.1", "Phòng"), parent=parent_id, valid_from=FIRST, at=AT
        )


def test_rename_keeps_the_earlier_name_for_earlier_days(tree, told):
    organisations.rename_unit(
        SYSTEM,
        unit=tree.one.id,
        name={"vi": "UBND phường Một", "en": "Ward One", "fr": " "},
        short_name={"vi": "P. Một"},
        on=LATER,
        decision="NQ 1",
        at=AT,
    )

    names = [
        organisations.unit_name(tree.one.id, day)
        for day in (FIRST, LATER - dt.timedelta(days=1), LATER)
    ]
    assert names == ["UBND xã 1", "UBND xã 1", "UBND phường Một"]
    assert organisations.unit_name(tree.one.id, LATER, "en") == "Ward One"
    assert organisations.unit_name(tree.one.id, LATER, short=True) == "P. Một"
    assert organisations.unit_names([tree.one.id, new_id()], LATER) == {
        tree.one.id: "UBND phường Một"
    }
    entry = line("organisations.unit.renamed", subject(tree.one))
    assert (entry.reason, sorted(entry.fields)) == ("NQ 1", ["name", "short_name"])
    with connection.cursor() as cursor:  # kept values are for the system alone
        cursor.execute(row_security.ENTER_SQL, row_security.enter_values(is_system=True))
    assert [change.old for _entry, change in audit.revisions(subject(tree.one))] == ["UBND xã 1"]
    assert told() == [organisations.UnitRenamed(unit=tree.one.id, on=LATER)]


@pytest.mark.parametrize("on", [FIRST, dt.date(2025, 1, 1)])
def test_rename_of_the_past_is_refused(tree, on):
    with pytest.raises(Conflict):
        organisations.rename_unit(
            SYSTEM,
            unit=tree.one.id,
            name={"vi": "x"},
            short_name={"vi": "x"},
            on=on,
            decision="",
            at=AT,
        )


def test_rename_of_an_unknown_unit_is_refused(db):
    with pytest.raises(NotFound):
        organisations.rename_unit(
            SYSTEM,
            unit=new_id(),
            name={"vi": "x"},
            short_name={"vi": "x"},
            on=LATER,
            decision="",
            at=AT,
        )


def test_move_takes_the_whole_branch_along_from_its_day(tree, told):
    part = grow("H41.9.1.2.1", "Tổ", tree.room)
    told.forget()

    organisations.move_unit(
        SYSTEM, unit=tree.room.id, parent=tree.two.id, on=LATER, decision="QĐ 2", at=AT
    )

    before = LATER - dt.timedelta(days=1)
    assert codes(organisations.below(tree.one.id, before)) == [
        "H41.9.1",
        "H41.9.1.1",
        "H41.9.1.2",
        "H41.9.1.2.1",
    ]
    assert codes(organisations.below(tree.one.id, LATER)) == ["H41.9.1", "H41.9.1.1"]
    assert codes(organisations.below(tree.two.id, LATER)) == [
        "H41.9.2",
        "H41.9.1.2",
        "H41.9.2.1",
        "H41.9.1.2.1",
    ]
    assert codes(organisations.above(part.id, LATER)) == [
        "H41.9.1.2.1",
        "H41.9.1.2",
        "H41.9.2",
        "H41",
    ]
    assert (
        len(organisations.below(tree.province.id, LATER))
        == len(organisations.below(tree.province.id, before))
        == 7
    )
    assert line("organisations.unit.moved", subject(tree.room)).reason == "QĐ 2"
    assert told() == [organisations.UnitMoved(unit=tree.room.id, parent=tree.two.id, on=LATER)]


def test_move_there_and_back_leaves_each_day_as_it_was(tree):
    days = [dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    organisations.move_unit(
        SYSTEM, unit=tree.room.id, parent=tree.two.id, on=days[0], decision="", at=AT
    )
    organisations.move_unit(
        SYSTEM, unit=tree.room.id, parent=tree.one.id, on=days[1], decision="", at=AT
    )

    nearest = [organisations.above(tree.room.id, day)[1] for day in (FIRST, *days)]
    assert nearest == [tree.one.id, tree.two.id, tree.one.id]


@pytest.mark.parametrize(
    ("unit", "parent", "on"),
    [
        ("one", "room", LATER),
        ("one", "one", LATER),
        ("room", "two", FIRST),
        ("room", "two", dt.date(2025, 1, 1)),
    ],
)
def test_impossible_moves_are_refused(tree, unit, parent, on):
    with pytest.raises(Conflict):
        organisations.move_unit(
            SYSTEM,
            unit=getattr(tree, unit).id,
            parent=getattr(tree, parent).id,
            on=on,
            decision="",
            at=AT,
        )


def test_move_to_an_unknown_parent_is_refused(tree):
    with pytest.raises(NotFound):
        organisations.move_unit(
            SYSTEM, unit=tree.room.id, parent=new_id(), on=LATER, decision="", at=AT
        )


def test_verbs_ask_for_the_right_in_the_units_concerned(tree, rights):
    rename = {"name": {"vi": "x"}, "short_name": {"vi": "x"}, "on": LATER, "decision": "", "at": AT}
    calls = {
        lambda: organisations.add_unit(
            OFFICIAL,
            unit=new_unit("H41.9.1.7", "Phòng"),
            parent=tree.one.id,
            valid_from=LATER,
            at=AT,
        ): {tree.one.id},
        lambda: organisations.rename_unit(OFFICIAL, unit=tree.one.id, **rename): {tree.one.id},
        lambda: organisations.move_unit(
            OFFICIAL, unit=tree.room.id, parent=tree.two.id, on=LATER, decision="", at=AT
        ): {tree.room.id, tree.two.id},
    }
    for call, units in calls.items():
        for missing in units:
            rights.clear()
            rights.update((MANAGE_UNITS, unit) for unit in units - {missing})
            with pytest.raises(NotAllowed):
                call()
        rights.update((MANAGE_UNITS, unit) for unit in units)
        call()


def test_database_keeps_one_open_name_and_parent(tree):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitName.objects.create(
            unit=tree.one, name={"vi": "x"}, short_name={"vi": "x"}, valid_from=LATER
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitClosure.objects.create(
            ancestor=tree.one, descendant=tree.one, depth=0, valid_from=FIRST
        )


def test_parts_of_a_unit_to_come_are_the_business_of_whoever_stands_above(tree, rights):
    rights.add((MANAGE_UNITS, tree.one.id))
    actor = Actor(account=new_id(), position=new_id())
    soon = dt.date(2027, 1, 1)

    def add(code, parent):
        return organisations.add_unit(
            actor, unit=new_unit(code, code), parent=parent, valid_from=soon, at=AT
        )

    office = add("H41.9.1.8", tree.one.id)
    part = add("H41.9.1.8.1", office.id)
    with pytest.raises(NotAllowed):
        add("H41.9.2.8", tree.two.id)

    assert organisations.above(part.id, soon)[:2] == (part.id, office.id)

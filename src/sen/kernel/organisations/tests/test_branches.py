"""Branches added at once are what units added one by one would be."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.models import UnitClosure
from sen.kernel.organisations.public import (
    MANAGE_UNITS,
    Branch,
    NewPosition,
    UnitAdded,
    UnitKind,
)
from sen.kernel.organisations.tests.conftest import AT, FIRST, grow, new_unit


def branch(number):
    code = f"H41.9.{number}"
    return Branch(
        new_unit(code, f"UBND xã {number}", UnitKind.COMMUNE),
        (NewPosition("chair", {"vi": "Chủ tịch"}, is_head=True),),
        (Branch(new_unit(f"{code}.1", "Trung tâm", UnitKind.CENTRE)),),
    )


def add(tree, *branches, actor=SYSTEM, first=FIRST):
    return organisations.add_branches(
        actor, branches=branches, parent=tree.province.id, valid_from=first, at=AT
    )


def links_of(code):
    return sorted(
        UnitClosure.objects.filter(descendant__code=code).values_list(
            "ancestor__code", "depth", "valid_from", "valid_to"
        )
    )


def test_a_branch_stands_in_the_tree_as_units_added_one_by_one(tree, told):
    alone = grow("H41.9.8", "UBND xã 8", tree.province, UnitKind.COMMUNE)
    grow("H41.9.8.1", "Trung tâm", alone, UnitKind.CENTRE)
    told.forget()

    assert add(tree, branch(7)) == 2

    for part in ("", ".1"):
        expected = [(c.replace("9.8", "9.7"), *rest) for c, *rest in links_of(f"H41.9.8{part}")]
        assert links_of(f"H41.9.7{part}") == expected
    commune, centre = (organisations.unit(code, FIRST) for code in ("H41.9.7", "H41.9.7.1"))
    assert organisations.above(centre.id, FIRST) == (centre.id, commune.id, tree.province.id)
    assert organisations.unit_name(commune.id, FIRST) == "UBND xã 7"
    [chair] = organisations.positions(on=FIRST, unit=commune.id)
    assert (chair.code, chair.is_head, chair.valid_from) == ("chair", True, FIRST)
    assert told() == [
        UnitAdded(unit=commune.id, code="H41.9.7", on=FIRST),
        UnitAdded(unit=centre.id, code="H41.9.7.1", on=FIRST),
    ]
    for kind, one in (("unit", commune), ("unit", centre), ("position", chair)):
        subject = audit.Subject(f"organisations.{kind}", one.id, one.code)
        assert [line.action for line in audit.trail(subject)] == [f"organisations.{kind}.added"]


def test_three_branches_cost_the_statements_of_one(tree, assert_statements):
    for numbers in ((20,), (21, 22, 23)):
        with assert_statements(11):
            add(tree, *map(branch, numbers))


@pytest.mark.parametrize(
    ("codes", "said"),
    [(["7", "7"], "H41.9.7 đã có"), (["1"], "H41.9.1 đã có"), (["x"], "không đúng dạng")],
)
def test_codes_that_are_used_or_malformed_are_refused(tree, told, codes, said):
    with pytest.raises(Invalid, match=said):
        add(tree, *map(branch, codes))
    assert told() == []


def test_a_parent_that_has_not_begun_takes_no_branch(tree):
    with pytest.raises(Conflict, match="không tồn tại vào ngày này"):
        add(tree, branch(7), first=FIRST - dt.timedelta(days=1))


def test_adding_asks_for_both_rights_in_the_parent(tree, rights):
    actor = Actor(account=new_id(), position=new_id())
    rights.add((MANAGE_UNITS, tree.province.id))
    with pytest.raises(NotAllowed):
        add(tree, branch(7), actor=actor)
    rights.add((organisations.MANAGE_POSITIONS, tree.province.id))
    assert add(tree, branch(7), actor=actor) == 2

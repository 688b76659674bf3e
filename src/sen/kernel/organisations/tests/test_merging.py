from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations import registry
from sen.kernel.organisations.public import MERGE_UNITS, MergeConcern, OpenWork, UnitKind
from sen.kernel.organisations.tests.conftest import AT, FIRST, grow

ON = dt.date(2026, 11, 20)
EVE = dt.date(2026, 11, 19)


@pytest.fixture
def posts(tree):
    """Give both communes a chair and the first one's centre a desk."""

    def add(unit, code):
        return organisations.add_position(
            SYSTEM, unit=unit.id, code=code, title={"vi": code}, valid_from=FIRST, at=AT
        ).id

    return {
        "old_chair": add(tree.one, "chair"),
        "new_chair": add(tree.two, "chair"),
        "desk": add(tree.one_centre, "one_stop_officer"),
    }


def merge(tree, *, on=ON, actor=SYSTEM, dry_run=False):
    return organisations.merge_units(
        actor, old=[tree.one.id], new=tree.two.id, on=on, decision="NQ 9", at=AT, dry_run=dry_run
    )


def test_dry_run_tells_everything_and_changes_nothing(tree, posts, told, monkeypatch):
    asked = []
    monkeypatch.setattr(registry, "_concerns", {})
    organisations.register_merge_concerns(
        MergeConcern("workflow.tasks", "Việc đang mở", lambda units: asked.append(units) or 7)
    )

    plan = merge(tree, dry_run=True)

    assert plan == organisations.MergePlan(
        new=tree.two.id,
        on=ON,
        decision="NQ 9",
        closed=((tree.one.id, tree.two.id), (tree.one_centre.id, tree.two_centre.id)),
        moved=((tree.room.id, tree.two.id),),
        positions=tuple(sorted([(posts["old_chair"], posts["new_chair"]), (posts["desk"], None)])),
        open_work=(OpenWork("workflow.tasks", "Việc đang mở", 7),),
    )
    assert asked == [[tree.one.id, tree.one_centre.id]]
    assert organisations.unit_by_id(tree.one.id).is_active
    assert told() == []


def test_merger_ends_the_old_units_and_moves_the_rest(tree, posts, told):
    plan = merge(tree)

    assert [unit.code for unit in organisations.units(on=ON)] == [
        "H41",
        "H41.9.1.2",
        "H41.9.2",
        "H41.9.2.1",
    ]
    assert [unit.code for unit in organisations.units(on=EVE, below=tree.one.id)] == [
        "H41.9.1",
        "H41.9.1.1",
        "H41.9.1.2",
    ]
    assert organisations.above(tree.room.id, ON) == (tree.room.id, tree.two.id, tree.province.id)
    assert organisations.below(tree.one.id, ON) == ()
    assert organisations.unit_by_id(tree.one.id).valid_to == EVE
    assert organisations.unit_name(tree.one.id, dt.date(2027, 1, 1)) == "UBND xã 1"
    assert organisations.successors(tree.one.id, ON) == (tree.two.id,)
    assert organisations.successors(tree.one.id, EVE) == (tree.one.id,)
    assert [position.id for position in organisations.positions(on=ON)] == [posts["new_chair"]]
    entry = next(
        entry
        for entry in audit.trail(audit.Subject("organisations.unit", tree.two.id, tree.two.code))
        if entry.action == "organisations.units.merged"
    )
    assert (entry.reason, sorted(entry.fields)) == ("NQ 9", ["old", "on"])
    assert told() == [
        organisations.UnitsMerged(
            old=tuple(old for old, _new in plan.closed),
            new=tuple(new for _old, new in plan.closed),
            old_positions=(posts["old_chair"],),
            new_positions=(posts["new_chair"],),
            on=ON,
            decision="NQ 9",
        )
    ]


def test_merger_to_come_is_told_on_its_day(tree, posts, told):
    merge(tree, on=dt.date(2027, 1, 1))

    assert told() == []
    assert jobs.pending("organisations.announce_merger") == 1
    assert [
        unit.code for unit in organisations.units(UnitKind.COMMUNE, on=dt.date(2026, 12, 31))
    ] == ["H41.9.1", "H41.9.2"]
    assert [
        unit.code for unit in organisations.units(UnitKind.COMMUNE, on=dt.date(2027, 1, 1))
    ] == ["H41.9.2"]


def test_job_tells_of_the_merger(tree, told):
    from sen.kernel.jobs import registry as job_registry

    merged = organisations.UnitsMerged(
        old=(tree.one.id,),
        new=(tree.two.id,),
        old_positions=(),
        new_positions=(),
        on=ON,
        decision="NQ 9",
    )

    job_registry.job("organisations.announce_merger").run(
        unit=str(tree.two.id), payload=merged.to_payload()
    )

    assert told() == [merged]


def test_successors_follow_later_mergers(tree):
    third = grow("H41.9.3", "UBND xã 3", tree.province, UnitKind.COMMUNE)
    merge(tree)
    organisations.merge_units(
        SYSTEM, old=[tree.two.id], new=third.id, on=dt.date(2026, 11, 21), decision="NQ 10", at=AT
    )

    assert organisations.successors(tree.one.id, dt.date(2026, 11, 21)) == (third.id,)


@pytest.mark.parametrize(
    ("old", "new", "on"),
    [
        ([], "two", ON),
        (["one", "one"], "two", ON),
        (["one", "two"], "two", ON),
        (["one_centre"], "two", ON),
        (["one"], "two", FIRST),
        (["one"], "two", dt.date(2025, 1, 1)),
        (["room"], "part", ON),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_impossible_mergers_are_refused(tree, old, new, on, dry_run):
    tree.part = grow("H41.9.1.2.1", "Tổ", tree.room)

    with pytest.raises(Conflict):
        organisations.merge_units(
            SYSTEM,
            old=[getattr(tree, name).id for name in old],
            new=getattr(tree, new).id,
            on=on,
            decision="",
            at=AT,
            dry_run=dry_run,
        )


def test_merger_into_a_unit_that_does_not_exist_yet_is_refused(tree):
    third = grow("H41.9.3", "UBND xã 3", tree.province, UnitKind.COMMUNE, first=dt.date(2027, 1, 1))

    with pytest.raises(Conflict, match="không tồn tại vào ngày sáp nhập"):
        organisations.merge_units(
            SYSTEM, old=[tree.one.id], new=third.id, on=ON, decision="", at=AT
        )


@pytest.mark.parametrize("dry_run", [True, False])
def test_merger_of_an_unknown_unit_is_refused(tree, dry_run):
    with pytest.raises(NotFound):
        organisations.merge_units(
            SYSTEM, old=[new_id()], new=tree.two.id, on=ON, decision="", at=AT, dry_run=dry_run
        )


@pytest.mark.parametrize("missing", ["one", "two"])
def test_merger_asks_for_the_right_in_every_unit(tree, rights, missing):
    rights.update((MERGE_UNITS, unit.id) for name, unit in vars(tree).items() if name != missing)

    with pytest.raises(NotAllowed):
        merge(tree, actor=Actor(account=new_id(), position=new_id()), dry_run=True)

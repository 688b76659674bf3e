"""Units: each change tried first, then done; positions and stand-ins; their pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import to_base32
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import Reach, Renaming, UnitDraft
from sen.systems.administration.queries import people
from sen.systems.administration.queries import units as reads
from sen.systems.administration.services import units
from sen.systems.administration.tests.test_pages import text
from sen.systems.administration.tests.test_services import place, said

WARD = "H41.9.11"
OFFICE = "H41.9.11.2"
CULTURE = "H41.9.11.3"
SOON = dt.date(2096, 1, 1)
DRAFT = UnitDraft(
    parent=WARD, code="H41.9.11.9", kind="office", level="commune", name="Phòng Kinh tế",
    short_name="Phòng Kinh tế", name_en="Economy Office", valid_from=SOON, decision="QĐ 1",
)  # fmt: skip
RENAMING = Renaming(name="Phòng Mới", short_name="Phòng Mới", on=SOON, decision="QĐ 2")


def unit(code: str, on: dt.date = SOON) -> organisations.Unit:
    return organisations.unit(code, on)


def add(province, *, actor=None, dry_run=False, **more):
    return units.add_unit(
        actor=actor or province.administrator,
        draft=replace(DRAFT, **more),
        at=province.at,
        dry_run=dry_run,
    )


def merge(province, **more):
    order = {"old": [CULTURE], "new": OFFICE, "on": SOON, "decision": "QĐ 3", **more}
    return units.merge_units(actor=province.administrator, **order, at=province.at)


# -- Add


def test_a_unit_is_added_and_a_trial_leaves_nothing(province):
    add(province, dry_run=True)
    with pytest.raises(NotFound):
        unit(DRAFT.code)

    made = add(province)

    assert unit(DRAFT.code).id == made.id
    assert organisations.unit_name(made.id, SOON, "en") == "Economy Office"
    assert reads.path(made.id, SOON)[-1][0].code == WARD
    assert said(province)[0] == ("organisations.unit.added", DRAFT.code)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"parent": "H41.9.99"}, ["parent"]),
        ({"name": " "}, ["name"]),
        ({"short_name": ""}, ["short_name"]),
        ({"code": "abc"}, ["code"]),
        ({"code": OFFICE}, ["code"]),
        ({"statistics_code": "40"}, ["statistics_code"]),
        ({"kind": "castle"}, []),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(province, more, fields):
    with pytest.raises(Invalid) as refused:
        add(province, **more)
    assert sorted(refused.value.fields) == fields


def test_changes_of_units_need_the_right(province):
    clerk = {"actor": province.clerk, "at": province.at}
    for act in (
        lambda: add(province, actor=province.clerk),
        lambda: units.rename_unit(code=OFFICE, renaming=RENAMING, **clerk),
        lambda: units.move_unit(code=OFFICE, parent="H41.9.2", on=SOON, decision="x", **clerk),
        lambda: units.merge_units(old=[CULTURE], new=OFFICE, on=SOON, decision="x", **clerk),
        lambda: units.add_position(unit=OFFICE, code="x", title="x", valid_from=SOON, **clerk),
        lambda: units.close_position(
            unit=OFFICE, position=place("clerk").id, last_day=SOON, reason="x", **clerk
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


# -- Rename, move, merge


def test_a_unit_is_renamed_from_a_day(province):
    order = {"actor": province.administrator, "code": OFFICE, "renaming": RENAMING}
    tried = units.rename_unit(**order, at=province.at, dry_run=True)
    assert organisations.unit_name(unit(OFFICE).id, SOON) != "Phòng Mới"

    done = units.rename_unit(**order, at=province.at)

    assert tried == done == Reach(units=1, positions=3, officials=3)
    assert organisations.unit_name(unit(OFFICE).id, SOON) == "Phòng Mới"
    assert organisations.unit_name(unit(OFFICE).id, dt.date(2095, 12, 31)) != "Phòng Mới"
    assert said(province)[0] == ("organisations.unit.renamed", OFFICE)
    with pytest.raises(Conflict):
        units.rename_unit(**order, at=province.at)


def test_a_unit_is_moved_and_says_what_goes_along(province):
    order = {"actor": province.administrator, "code": CULTURE, "parent": "H41.9.2", "on": SOON}
    tried = units.move_unit(**order, decision="QĐ 4", at=province.at, dry_run=True)
    assert reads.path(unit(CULTURE).id, SOON)[-1][0].code == WARD

    done = units.move_unit(**order, decision="QĐ 4", at=province.at)

    assert tried == done
    assert (done.former, done.parent) == (unit(WARD).id, unit("H41.9.2").id)
    assert (done.reach.units, done.reach.positions) == (1, 2)
    assert reads.path(unit(CULTURE).id, SOON)[-1][0].code == "H41.9.2"
    assert [one.code for one in reads.children(unit("H41.9.2").id, SOON)] == [CULTURE]
    with pytest.raises(Conflict):
        units.move_unit(**{**order, "parent": CULTURE}, decision="x", at=province.at)


def test_a_merger_is_planned_first(province):
    plan = merge(province, dry_run=True)
    assert unit(CULTURE).valid_to is None

    done = merge(province)

    assert plan == done
    assert done.closed == ((unit(CULTURE, clock.day(province.at)).id, unit(OFFICE).id),)
    assert organisations.successors(done.closed[0][0], SOON) == (unit(OFFICE).id,)
    assert said(province)[0] == ("organisations.units.merged", OFFICE)


def test_officials_of_a_merged_unit_stay_the_province_s_to_place_anew(province):
    """Whose every position ended with its unit is found, and takes up another one."""
    on = clock.day(province.at)
    [held] = people.posts(province.clerk.account)
    position = organisations.Position.objects.filter(id=held.position_id)
    position.update(valid_to=on - dt.timedelta(days=1))
    legal.forget()

    found = people.account(province.administrator, province.clerk.account, on=on)

    assert found.pk == province.clerk.account


def test_a_decision_is_asked_for(province):
    order = {"actor": province.administrator, "at": province.at}
    for act in (
        lambda: merge(province, decision=" "),
        lambda: units.move_unit(code=CULTURE, parent="H41", on=SOON, decision="", **order),
        lambda: units.rename_unit(code=OFFICE, renaming=replace(RENAMING, decision=""), **order),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.fields) == ["decision"]


def test_units_of_another_kind_are_not_merged(province):
    with pytest.raises(Conflict):
        merge(province, new=WARD)


# -- Positions and stand-ins


def test_a_position_is_added_and_ends(province):
    order = {"actor": province.administrator, "unit": OFFICE, "at": province.at}
    made = units.add_position(
        **order, code="archivist", title="Lưu trữ viên", title_en="Archivist", valid_from=SOON
    )
    units.close_position(**order, position=made.id, last_day=dt.date(2096, 6, 30), reason="Hết")

    held = organisations.position(made.id)
    assert (held.title, held.valid_to) == (
        {"vi": "Lưu trữ viên", "en": "Archivist"},
        dt.date(2096, 6, 30),
    )
    assert said(province)[:2] == [
        ("organisations.position.closed", "archivist"),
        ("organisations.position.added", "archivist"),
    ]
    with pytest.raises(Conflict):
        units.close_position(**order, position=made.id, last_day=SOON, reason="Hết")
    with pytest.raises(Conflict):
        units.add_position(**order, code="archivist", title="x", valid_from=SOON)


def test_a_position_is_refused(province):
    order = {"actor": province.administrator, "unit": OFFICE, "at": province.at}
    with pytest.raises(Invalid) as untitled:
        units.add_position(**order, code="x", title=" ", valid_from=SOON)
    with pytest.raises(Invalid) as unsaid:
        units.close_position(**order, position=place("clerk").id, last_day=SOON, reason="")
    with pytest.raises(NotFound):
        units.close_position(
            **{**order, "unit": CULTURE}, position=place("clerk").id, last_day=SOON, reason="x"
        )
    assert [list(one.value.fields) for one in (untitled, unsaid)] == [["title"], ["reason"]]


def stand_in(province, **more):
    today = clock.day(province.at)
    order = {
        "actor": province.administrator, "unit": OFFICE, "position": place("clerk").id,
        "stand_in": place("civil_status_officer").id, "first": today,
        "last": today + dt.timedelta(days=7), "decision": "QĐ 5", "at": province.at, **more,
    }  # fmt: skip
    return units.appoint_stand_in(**order)


def test_a_stand_in_is_appointed_and_ends(province):
    today = clock.day(province.at)
    made = stand_in(province)
    listed = reads.stand_ins(unit(OFFICE).id, today)

    units.end_stand_in(actor=province.administrator, unit=OFFICE, stand_in=made.id, at=province.at)

    assert [one.id for one in listed] == [made.id]
    assert reads.stand_ins(unit(OFFICE).id, today) == []
    assert [action for action, _ in said(province)][:2] == [
        "organisations.stand_in.ended",
        "organisations.stand_in.appointed",
    ]


def test_a_stand_in_is_refused(province):
    today = clock.day(province.at)
    early = today - dt.timedelta(days=9)
    for more, fields in (
        ({"decision": ""}, ["decision"]),
        ({"first": early, "last": early}, ["last"]),
        ({"stand_in": place("clerk").id}, []),
    ):
        with pytest.raises(Invalid) as refused:
            stand_in(province, **more)
        assert list(refused.value.fields) == fields
    with pytest.raises(NotAllowed):
        stand_in(province, actor=province.clerk)
    made = stand_in(province)
    with pytest.raises(Conflict):
        stand_in(province)
    order = {"actor": province.administrator, "at": province.at}
    with pytest.raises(NotFound):
        units.end_stand_in(**order, unit=CULTURE, stand_in=made.id)
    with pytest.raises(NotFound):
        units.end_stand_in(**order, unit=OFFICE, stand_in=place("clerk").id)


# -- Pages

PAGES = ["?q=truong vinh", "?q=khong-co", "?loai=commune", "H41/", f"{OFFICE}/", f"{OFFICE}/them/",
         f"{OFFICE}/doi-ten/", f"{OFFICE}/chuyen/", f"{OFFICE}/sap-nhap/", "H41/sap-nhap/",
         f"{OFFICE}/vi-tri/", f"{OFFICE}/thay-the/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_units_are_for_administrators(administrator, clerk, path):
    assert administrator.get(f"/quan-tri/don-vi/{path}").status_code == 200
    assert clerk.get(f"/quan-tri/don-vi/{path}").status_code == 403


def test_units_that_are_not_there_are_not_found(administrator):
    nobody = "a" * 26
    for path in ("H99/them/", f"{CULTURE}/vi-tri/{to_base32(place('clerk').id)}/ket-thuc/"):
        page = {"last_day": "01/01/2096", "reason": "x"}
        assert administrator.post(f"/quan-tri/don-vi/{path}", page).status_code == 404
    gone = administrator.post(f"/quan-tri/don-vi/{OFFICE}/thay-the/{nobody}/ket-thuc/")
    assert gone.status_code == 404


def test_a_unit_is_added_by_page_in_two_steps(administrator):
    here = f"/quan-tri/don-vi/{WARD}/them/"
    typed = {
        "code": DRAFT.code, "kind": "office", "level": "commune", "name": "Phòng Kinh tế",
        "short_name": "Phòng Kinh tế", "valid_from": "21/11/2026", "name_en": "",
        "short_name_en": "", "statistics_code": "", "decision": "QĐ 1",
    }  # fmt: skip
    bad = administrator.post(here, {**typed, "valid_from": "32/13/2026"})
    taken = administrator.post(here, {**typed, "code": OFFICE})
    asked = administrator.post(here, typed)
    with pytest.raises(NotFound):
        unit(DRAFT.code)
    changed = administrator.post(here, {**typed, "change": "1"})
    done = administrator.post(here, {**typed, "confirmed": "1"})

    assert [one.status_code for one in (bad, taken, asked, changed, done)] == [
        422, 422, 200, 200, 303,
    ]  # fmt: skip
    assert 'value="32/13/2026"' in text(bad)
    assert "Việc này chạm tới" in text(asked)
    assert 'name="code" value="H41.9.11.9"' in text(asked)
    assert done["Location"] == f"/quan-tri/don-vi/{WARD}/"
    assert unit(DRAFT.code).code == DRAFT.code


def test_a_unit_is_renamed_moved_merged_by_page(administrator):
    root = "/quan-tri/don-vi/"
    name = {"name": "Phòng Mới", "short_name": "Phòng Mới", "on": "01/01/2096", "decision": "QĐ"}
    move = {"parent": "H41.9.2", "on": "01/01/2096", "decision": "QĐ"}
    merge_order = {"old": [CULTURE], "on": "01/02/2096", "decision": "QĐ"}
    sure = {"confirmed": "1"}

    tried = administrator.post(f"{root}{OFFICE}/doi-ten/", name)
    renamed = administrator.post(f"{root}{OFFICE}/doi-ten/", {**name, **sure})
    again = administrator.post(f"{root}{OFFICE}/doi-ten/", name)
    none = administrator.post(f"{root}{OFFICE}/sap-nhap/", {**merge_order, "old": []})
    plan = administrator.post(f"{root}{OFFICE}/sap-nhap/", merge_order)
    merged = administrator.post(f"{root}{OFFICE}/sap-nhap/", {**merge_order, **sure})
    moved = administrator.post(f"{root}{OFFICE}/chuyen/", {**move, **sure})
    names = text(administrator.get(f"{root}{OFFICE}/"))

    answers = (tried, renamed, again, none, plan, merged, moved)
    assert [one.status_code for one in answers] == [200, 303, 409, 422, 200, 303, 303]
    assert 'value="Phòng Mới"' in text(again)
    assert "Kết thúc, do đơn vị khác kế thừa" in text(plan)
    assert "Các tên đã và sẽ dùng" in names


def test_positions_and_stand_ins_by_page(administrator):
    root = f"/quan-tri/don-vi/{OFFICE}/"
    order = {"title": "Lưu trữ viên", "code": "archivist", "valid_from": "01/11/2026",
             "title_en": ""}  # fmt: skip
    made = administrator.post(f"{root}vi-tri/", order)
    twice = administrator.post(f"{root}vi-tri/", order)
    bad = administrator.post(f"{root}vi-tri/", {**order, "code": "a b"})
    held = place("archivist", OFFICE)
    end = f"{root}vi-tri/{to_base32(held.id)}/ket-thuc/"
    shown = administrator.get(end)
    unsaid = administrator.post(end, {"last_day": "30/11/2096", "reason": ""})
    closed = administrator.post(end, {"last_day": "30/11/2096", "reason": "Hết việc"})
    absent = {"position": str(place("clerk").id), "stand_in": str(place("head_of_office").id),
              "first": "21/11/2026", "last": "31/12/2096", "decision": "QĐ 7"}  # fmt: skip
    wrong = administrator.post(f"{root}thay-the/", {**absent, "last": "01/11/2026"})
    appointed = administrator.post(f"{root}thay-the/", absent)
    [row] = reads.stand_ins(unit(OFFICE).id, dt.date(2096, 12, 1))
    page = text(administrator.get(root))
    ended = administrator.post(f"{root}thay-the/{to_base32(row.id)}/ket-thuc/")

    answers = (made, twice, bad, shown, unsaid, closed, wrong, appointed, ended)
    assert [one.status_code for one in answers] == [303, 409, 422, 200, 422, 303, 422, 303, 303]
    assert 'value="Lưu trữ viên"' in text(bad)
    assert "QĐ 7" in page


def test_lists_of_units_cost_the_same_for_one_and_for_three(administrator, province):
    def statements(path: str) -> int:
        administrator.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(path).status_code == 200
        return len(captured)

    add(province, code="H41.9.11.8", name="Giả định một", valid_from=dt.date(2026, 1, 1))
    one = [statements(f"/quan-tri/don-vi/{path}") for path in ("?q=gia dinh", f"{WARD}/")]
    for number in (6, 7):
        add(province, code=f"H41.9.11.{number}", name="Giả định", valid_from=dt.date(2026, 1, 1))
    three = [statements(f"/quan-tri/don-vi/{path}") for path in ("?q=gia dinh", f"{WARD}/")]
    assert one == three


def test_lists_of_units_go_on_page_by_page(administrator, monkeypatch):
    monkeypatch.setattr("sen.systems.administration.views.units.PAGE", 1)
    first = text(administrator.get("/quan-tri/don-vi/?loai=commune"))
    assert "sau=H41.9.11" in first
    assert "Về đầu danh sách" in text(
        administrator.get("/quan-tri/don-vi/?loai=commune&sau=H41.9.11")
    )


def test_the_trail_says_why(province):
    merge(province)
    entry = audit.trail(audit.Subject("organisations.unit", unit(OFFICE).id, OFFICE))[0]
    assert entry.reason == "QĐ 3"

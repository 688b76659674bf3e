from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.public import AreaKind, NewArea
from sen.kernel.organisations.services.areas import THE_LIST
from sen.kernel.organisations.tests.conftest import AT, FIRST

LATER = dt.date(2026, 8, 24)
PROVINCE = NewArea(code="40", name={"vi": "Tỉnh Nghệ An"}, kind=AreaKind.PROVINCE, valid_from=FIRST)
COMMUNE = NewArea(
    code="17713", name={"vi": "Xã Đại Đồng"}, kind=AreaKind.COMMUNE, parent="40", valid_from=FIRST
)

pytestmark = pytest.mark.django_db


def load(*lines, actor=SYSTEM):
    return organisations.load_areas(actor, areas=lines, source="QĐ 19/2025/QĐ-TTg", at=AT)


def test_list_is_loaded_in_any_order_and_again_without_change():
    assert load(COMMUNE, PROVINCE) == (2, 0)
    assert load(PROVINCE, COMMUNE) == (0, 0)

    commune = organisations.area("17713", FIRST)
    assert (commune.name, commune.parent.code) == ({"vi": "Xã Đại Đồng"}, "40")
    assert list(organisations.areas(AreaKind.COMMUNE, on=FIRST, parent="40")) == [commune]
    assert [area.code for area in organisations.areas(AreaKind.PROVINCE, on=FIRST)] == ["40"]
    entry, _first = audit.trail(audit.Subject("organisations.areas", THE_LIST))
    assert (entry.action, entry.reason) == ("organisations.areas.loaded", "QĐ 19/2025/QĐ-TTg")


def test_changed_area_keeps_its_past():
    load(PROVINCE, COMMUNE)
    ward = NewArea(
        code="17713",
        name={"vi": "Phường Đại Đồng"},
        kind=AreaKind.COMMUNE,
        parent="40",
        valid_from=LATER,
    )

    assert load(ward) == (0, 1)

    names = [
        organisations.area("17713", day).name["vi"]
        for day in (FIRST, LATER - dt.timedelta(days=1), LATER)
    ]
    assert names == ["Xã Đại Đồng", "Xã Đại Đồng", "Phường Đại Đồng"]
    with pytest.raises(NotFound):
        organisations.area("17713", dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    "line",
    [
        COMMUNE,
        NewArea(
            code="41", name={"vi": "Tỉnh"}, kind=AreaKind.PROVINCE, parent="40", valid_from=FIRST
        ),
        NewArea(code="41", name={"en": "Province"}, kind=AreaKind.PROVINCE, valid_from=FIRST),
    ],
)
def test_impossible_lines_are_refused(line):
    if line.parent != "40" or line.kind == AreaKind.PROVINCE:
        load(PROVINCE)

    with pytest.raises(Invalid):
        load(line)


def test_change_of_the_past_is_refused():
    load(PROVINCE)

    with pytest.raises(Invalid, match="đã thay đổi từ ngày đó"):
        load(NewArea(code="40", name={"vi": "Thành phố"}, kind=AreaKind.PROVINCE, valid_from=FIRST))


def test_loading_asks_for_the_right():
    with pytest.raises(NotAllowed):
        load(PROVINCE, actor=Actor(account=new_id(), position=new_id()))


def test_other_spellings_are_put_right_where_they_stand():
    plain = NewArea(
        code="16939", name={"vi": "Phường Thái Hòa"}, kind=AreaKind.COMMUNE, parent="40",
        valid_from=FIRST,
    )  # fmt: skip
    load(PROVINCE, plain)

    assert load(replace(plain, aliases=("Phường Thái Hoà",))) == (0, 0)

    assert organisations.area("16939", FIRST).aliases == ["Phường Thái Hoà"]
    assert organisations.Area.objects.filter(code="16939").count() == 1


def test_the_list_costs_the_same_for_one_area_and_for_three(assert_statements):
    load(PROVINCE)
    communes = [replace(COMMUNE, code=code) for code in ("17713", "1", "2", "3")]
    with assert_statements(6):
        load(communes[0])
    with assert_statements(6):
        load(*communes[1:])

"""A province from nothing: root, communes, usual departments; done twice, nothing more."""

from __future__ import annotations

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound
from sen.base.identifiers import new_id
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.public import NewProvince
from sen.kernel.organisations.tests.conftest import AT

pytestmark = pytest.mark.django_db
ON = AT.date()  # a fixed moment of the tests, in the law's zone
CAO_BANG = NewProvince(area="04", code="H14")
NOBODY = Actor(account=new_id(), position=new_id())


def test_thirty_four_provinces_can_be_chosen():
    listed = organisations.listed_provinces()
    assert (len(listed), listed["04"], listed["40"]) == (34, "Tỉnh Cao Bằng", "Tỉnh Nghệ An")


def test_a_province_is_founded_with_its_communes_and_usual_units():
    assert organisations.province_name(ON) == ""
    root = organisations.found_province(SYSTEM, province=CAO_BANG, at=AT)

    assert organisations.unit_name(root.id, ON) == "Ủy ban nhân dân tỉnh Cao Bằng"
    assert organisations.province_name(ON) == "Tỉnh Cao Bằng"
    assert organisations.province_name(ON, "en") == "Cao Bang Province"
    assert (root.code, root.statistics_code, root.is_code_official) == ("H14", "04", False)
    assert [one.code for one in organisations.positions(on=ON, unit=root.id)] == [
        "chair", "administrator", "vice_chair",
    ]  # fmt: skip

    missing = organisations.communes_to_come(ON)
    added = organisations.add_communes(SYSTEM, at=AT)
    assert added == 4 * len(missing) > 0
    assert organisations.communes_to_come(ON) == []
    assert organisations.add_communes(SYSTEM, at=AT) == 0
    commune = organisations.unit_of_area(missing[0].code, ON)
    assert commune is not None
    assert commune.code == f"H14.9.{missing[0].code[1:]}"
    assert not commune.is_code_official


def test_usual_units_bear_the_provinces_name_and_are_added_once():
    organisations.found_province(SYSTEM, province=CAO_BANG, at=AT)
    usual = organisations.usual_units(ON)
    names = [one.name["vi"] for one in usual]

    assert "Sở Tư pháp tỉnh Cao Bằng" in names
    assert "Trung tâm Phục vụ hành chính công tỉnh Cao Bằng" in names
    assert not [name for name in names if "Nghệ An" in name]
    assert not any(one.is_there for one in usual)

    chosen = [usual[0].code, usual[1].code]
    assert organisations.add_usual_units(SYSTEM, codes=chosen, at=AT) == 2
    assert organisations.add_usual_units(SYSTEM, codes=chosen, at=AT) == 0
    assert [one.code for one in organisations.usual_units(ON) if one.is_there] == chosen
    with pytest.raises(Invalid):
        organisations.add_usual_units(SYSTEM, codes=["H14.9.9999"], at=AT)


def test_there_is_one_province_and_before_it_nothing():
    for ask in (organisations.province_root, organisations.usual_units):
        with pytest.raises(NotFound):
            ask(ON)
    with pytest.raises(Invalid):
        organisations.found_province(SYSTEM, province=NewProvince(area="99", code="H99"), at=AT)
    with pytest.raises(Invalid):
        organisations.found_province(SYSTEM, province=NewProvince(area="04", code="x"), at=AT)
    with pytest.raises(NotAllowed):
        organisations.found_province(NOBODY, province=CAO_BANG, at=AT)
    organisations.found_province(SYSTEM, province=CAO_BANG, at=AT)
    with pytest.raises(Conflict):
        organisations.found_province(SYSTEM, province=CAO_BANG, at=AT)
    with pytest.raises(NotAllowed):
        organisations.add_communes(NOBODY, at=AT)

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction

from sen.base.identifiers import is_agency_code
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.models import Area, Position, Unit, UnitClosure
from sen.kernel.organisations.public import Province, UnitKind
from sen.kernel.organisations.services.seeding import in_english
from sen.kernel.organisations.tests.conftest import AT

ON = dt.date(2026, 11, 21)


def test_seed_lays_down_the_reference_province_once(db):
    organisations.seed(AT)
    counted = [model.objects.count() for model in (Unit, Position, UnitClosure)]
    organisations.seed(AT)

    assert (
        [model.objects.count() for model in (Unit, Position, UnitClosure)]
        == counted
        == [11, 41, 27]
    )
    ward = organisations.unit_of_area("16690", ON)
    assert organisations.unit_name(ward.id, ON) == "Ủy ban nhân dân phường Trường Vinh"
    assert organisations.area("16690", ON).name == {
        "vi": "Phường Trường Vinh",
        "en": "Truong Vinh Ward",
    }
    assert [unit.code for unit in organisations.units(on=ON, below=ward.id)] == [
        "H41.9.11", "H41.9.11.1", "H41.9.11.2", "H41.9.11.3",
    ]  # fmt: skip
    desk = organisations.unit("H41.9.11.1", ON)
    assert [position.code for position in organisations.positions(on=ON, unit=desk.id)] == [
        "centre_director", "one_stop_officer",
    ]  # fmt: skip


def test_every_code_chosen_here_says_so(db):
    organisations.seed(AT)

    marked = {unit.code: unit.is_code_official for unit in Unit.objects.all()}
    assert {code for code, is_official in marked.items() if is_official} == {"H41"}
    assert all(code.startswith("H41.9") for code, is_official in marked.items() if not is_official)
    assert all(map(is_agency_code, marked))


@pytest.fixture(scope="module")
def laid_down(django_db_setup, django_db_blocker) -> Iterator[Province]:
    """The whole province, laid down once for the module and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        organisations.seed(AT)
        yield organisations.seed_province(AT)
        transaction.set_rollback(True)


@pytest.fixture
def whole(laid_down, django_db_blocker) -> Iterator[Province]:
    """What the test writes is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield laid_down
        transaction.set_rollback(True)


def test_the_whole_province_is_laid_down_once_and_the_two_communes_stay(whole):
    before = set(Unit.objects.filter(code__startswith="H41.9.1").values_list("id", "code"))

    assert whole == Province(areas=3352, units=527)
    assert organisations.seed_province(AT) == Province(areas=0, units=0)
    assert set(Unit.objects.filter(code__startswith="H41.9.1").values_list("id", "code")) == before
    assert Counter(Unit.objects.values_list("kind", flat=True)) == {
        "province": 1, "department": 16, "commune": 130, "centre": 131, "office": 260,
    }  # fmt: skip
    assert Counter(Area.objects.values_list("kind", flat=True)) == {
        "province": 34, "commune": 3321,
    }  # fmt: skip
    assert organisations.unit_of_area("16690", ON).code == "H41.9.11"
    assert Unit.objects.values("statistics_code").filter(kind="commune").distinct().count() == 130


def test_a_commune_has_its_centre_offices_and_positions_as_the_two_first_ones(whole):
    ward = organisations.unit_of_area("16939", ON)

    assert organisations.unit_name(ward.id, ON) == "Ủy ban nhân dân phường Thái Hòa"
    assert organisations.unit_name(ward.id, ON, "en") == "People's Committee of Thai Hoa Ward"
    parts = {unit.code for unit in organisations.units(on=ON, below=ward.id)}
    assert parts == {"H41.9.6939", "H41.9.6939.1", "H41.9.6939.2", "H41.9.6939.3"}
    assert organisations.above(ward.id, ON) == (ward.id, organisations.unit("H41", ON).id)
    first = organisations.unit("H41.9.11", ON)
    assert [places(unit) for unit in organisations.units(on=ON, below=ward.id)] == [
        places(unit) for unit in organisations.units(on=ON, below=first.id)
    ]


def places(unit: Unit) -> list[str]:
    return [one.code for one in organisations.positions(on=ON, unit=unit.id)]


def test_every_code_of_the_whole_province_that_was_chosen_here_says_so(whole):
    marked = {unit.code: unit.is_code_official for unit in Unit.objects.all()}
    assert {code for code, is_official in marked.items() if is_official} == {"H41"}
    assert all(code.startswith("H41.9.") for code in marked if code != "H41")
    assert all(map(is_agency_code, marked))


@pytest.mark.parametrize(
    "words", ["Thái Hòa", "Thái Hoà", "thai hoa", "phuong THAI HOA", "H41.9.6939"]
)
def test_a_commune_is_found_however_it_is_typed(whole, words):
    found = organisations.find_units(words, on=ON, kind=UnitKind.COMMUNE)
    assert [unit.code for unit in found] == ["H41.9.6939"]


def test_a_part_is_found_by_a_spelling_of_the_area_above_it(whole):
    Area.objects.filter(code="16939").update(aliases=["Phường Nghĩa Đàn Cũ"])
    legal.forget()

    found = organisations.find_units("nghĩa đàn cũ", on=ON, kind=UnitKind.CENTRE)
    assert [unit.code for unit in found] == ["H41.9.6939.1"]
    assert organisations.find_units("không đâu cả", on=ON) == []


def test_units_are_found_in_one_statement_and_the_edition_however_many(
    whole, django_assert_num_queries
):
    organisations.find_units("hoa", on=ON)
    for words in ("Yên Hoà", "xa"):
        with django_assert_num_queries(2):
            organisations.find_units(words, on=ON)


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Thành phố Đà Nẵng", "Da Nang City"),
        ("Đặc khu Phú Quốc", "Phu Quoc Special Zone"),
        ("Xã Yên Hòa", "Yen Hoa Commune"),
    ],
)
def test_areas_have_english_names_without_marks(name, english):
    assert in_english(name) == english

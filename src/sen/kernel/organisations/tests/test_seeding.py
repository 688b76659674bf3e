from __future__ import annotations

import datetime as dt

from sen.base.identifiers import is_agency_code
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.models import Position, Unit, UnitClosure
from sen.kernel.organisations.tests.conftest import AT

ON = dt.date(2026, 11, 21)


def test_seed_lays_down_the_reference_province_once(db):
    organisations.seed(AT)
    counted = [model.objects.count() for model in (Unit, Position, UnitClosure)]
    organisations.seed(AT)

    assert (
        [model.objects.count() for model in (Unit, Position, UnitClosure)]
        == counted
        == [11, 27, 27]
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

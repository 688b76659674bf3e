from __future__ import annotations

import json

import pytest

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Invalid, NotAllowed
from sen.base.identifiers import new_id
from sen.kernel.audit import public as audit
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.adapters import geojson
from sen.kernel.organisations.public import AreaKind, Boundaries, NewArea
from sen.kernel.organisations.services.areas import THE_LIST
from sen.kernel.organisations.tests.conftest import AT, FIRST

RING = [[105, 18], [106, 18], [106, 19], [105, 18]]
CODES = ("17713", "16690")

pytestmark = pytest.mark.django_db


@pytest.fixture
def communes():
    lines = [
        NewArea(code="40", name={"vi": "Tỉnh Nghệ An"}, kind=AreaKind.PROVINCE, valid_from=FIRST),
        *(
            NewArea(
                code=code, name={"vi": f"Xã {code}"}, kind=AreaKind.COMMUNE, parent="40",
                valid_from=FIRST,
            )
            for code in CODES
        ),
    ]  # fmt: skip
    organisations.load_areas(SYSTEM, areas=lines, source="QĐ 19/2025/QĐ-TTg", at=AT)


def feature(code="17713", kind="Polygon", coordinates=None) -> dict:
    drawn = [RING] if coordinates is None else coordinates
    return {"properties": {"code": code}, "geometry": {"type": kind, "coordinates": drawn}}


def file(*features, **said) -> bytes:
    told = {"type": "FeatureCollection", "attribution": "Người vẽ", "features": features, **said}
    return json.dumps(told).encode()


def load(content: bytes, actor=SYSTEM, **said) -> Boundaries:
    return organisations.load_boundaries(actor, content=content, at=AT, **said)


def kept() -> list[tuple]:
    return [(one.code, one.polygons, one.source) for one in organisations.boundaries(CODES)]


def test_shapes_are_kept_as_they_were_drawn_and_told_in_the_trail(communes):
    done = load(file(feature(), feature("16690", "MultiPolygon", [[RING], [RING, RING]])))

    assert done == Boundaries(loaded=2, removed=0, source="Người vẽ")
    assert kept() == [
        ("16690", [[RING], [RING, RING]], "Người vẽ"),
        ("17713", [[RING]], "Người vẽ"),
    ]
    [line] = audit.trail(audit.Subject(kind="organisations.areas", id=THE_LIST), limit=1)
    assert (line.action, line.reason) == ("organisations.boundaries.loaded", "Người vẽ")


def test_a_file_replaces_what_is_there_and_an_empty_one_takes_all_away(communes):
    load(file(feature(), feature("16690")))

    assert load(file(feature())) == Boundaries(1, 2, "Người vẽ")
    assert [code for code, *_rest in kept()] == ["17713"]
    assert load(file(attribution="")) == Boundaries(0, 1, "")
    assert kept() == []


def test_a_dry_run_changes_nothing(communes):
    assert load(file(feature()), is_dry=True) == Boundaries(1, 0, "Người vẽ")
    assert kept() == []


def test_the_source_is_told_by_the_file_or_by_whoever_loads_it(communes):
    assert load(file(feature(), attribution=""), source=" Sở ").source == "Sở"
    with pytest.raises(Invalid) as refused:
        load(file(feature(), attribution=5))
    assert "attribution" in refused.value.message


def test_whoever_may_not_keep_areas_is_refused(communes):
    with pytest.raises(NotAllowed):
        load(file(feature()), actor=Actor(account=new_id()))


def test_each_row_that_does_not_hold_is_named_and_nothing_is_kept(communes):
    load(file(feature("16690")))
    open_ring = [[[105, 18], [106, 18], [106, 19], [105, 19]]]
    rows = [
        feature(),
        "x",
        feature(5),
        feature("", coordinates=[]),
        feature(kind="Point"),
        feature(coordinates=open_ring),
        feature(coordinates=[[[181, 18]] * 4]),
        feature(coordinates=[[[105, 91]] * 4]),
        feature(coordinates=[[["105", 18]] * 4]),
        feature(coordinates=[[[105]] * 4]),
        feature(coordinates=[[[105, 18]] * 3]),
        feature(coordinates=[]),
        feature(coordinates=[[]]),
        feature("99999"),
        feature("16690"),
        feature("16690"),
        {"properties": {"code": "17713"}, "geometry": None},
    ]

    with pytest.raises(Invalid) as refused:
        load(file(*rows))

    code = "Thiếu mã đơn vị hành chính (properties.code)."
    kind = "Hình phải là Polygon hoặc MultiPolygon."
    ring = "Đường bao không khép kín hoặc có tọa độ sai."
    said = [
        *("Mã 17713 có hơn một dòng.", code, code, code, kind, ring, ring, ring, ring, ring, ring),
        *(ring, ring, "Không có đơn vị hành chính mã 99999."),
        *("Mã 16690 có hơn một dòng.", "Mã 16690 có hơn một dòng.", kind),
    ]
    assert refused.value.fields == {f"Dòng {number}": [one] for number, one in enumerate(said, 1)}
    assert [one for one, *_rest in kept()] == ["16690"]


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"type": "Feature"}', b'{"type": "X", "features": []}', b"\xff"],
)
def test_what_is_no_collection_is_refused_whole(content):
    with pytest.raises(Invalid) as refused:
        geojson.read(content)
    assert refused.value.fields == {}

"""The map and the costs, with every unit of a province."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.kernel.organisations import public as organisations
from sen.systems.operations.queries import scope
from sen.systems.operations.queries.tiles import tiles
from sen.systems.operations.tests import factories as f
from sen.systems.operations.tests.factories import NOW, ON

WARD, FAR = "H41.9.11", "H41.9.12"
HERE = "/dieu-hanh/"


@pytest.fixture(scope="module")
def seeded(seeded) -> None:
    """The demo of other modules, and every unit of the province, laid down once."""
    organisations.seed_province(NOW)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_provincial_leader_looks_after_every_commune_and_agency(province):
    seen = scope.scope(province.chair, on=ON)

    assert len(seen.places) == 1 + 1 + 15 + 130  # the province, its centre, departments, communes
    assert len(seen.seen) == organisations.units(on=ON).count()


def marks(page: str) -> dict[str, tuple[str, str]]:
    """The depth and the number of each commune on the map, by name."""
    found = re.findall(r'<a\s+class="op-mark"(.*?)</a>', page, re.DOTALL)
    told = {}
    for one in found:
        name = re.search(r'data-name="([^"]+)"', one)[1]
        number = re.search(r"<text[^>]*>\s*([^<\s]*)\s*</text>", one)
        told[name] = (re.search(r'data-level="([^"]+)"', one)[1], number[1] if number else "")
    return told


def test_the_map_has_a_tile_for_each_commune_with_number_and_depth(chair):
    for _turn in range(3):
        f.late(WARD)
    f.dossier(FAR)
    f.settled(FAR, at=f.days(-3))
    f.settled(FAR, at=f.days(-3), is_late=True)

    late = marks(chair.get(HERE).content.decode())
    share = marks(chair.get(HERE + "?mau=on_time").content.decode())

    ward, far, other = "UBND phường Trường Vinh", "UBND xã Đại Đồng", "UBND phường Thái Hòa"
    assert len(late) == len(tiles()) == 130
    assert (late[ward], late[far], late[other]) == (("2", "3"), ("0", "0"), ("none", "–"))
    assert (share[ward], share[far]) == (("none", "–"), ("4", "50"))


def cost(desk: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(page).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_with_one_late_dossier_and_with_many(chair):
    f.late(WARD)
    chair.get(HERE)
    few = cost(chair, HERE)
    for area in list(tiles())[:20]:
        f.late(organisations.unit_of_area(area, ON).code)

    assert cost(chair, HERE) == few


# -- Boundaries


def shapes(path, communes: int, **said):
    """A file of squares for the first communes of the province."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": area},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[n, 0], [n + 1, 0], [n + 1, 1], [n, 1], [n, 0]]],
            },
        }
        for n, area in enumerate(list(tiles())[:communes])
    ]
    told = {
        "type": "FeatureCollection",
        "features": features,
        "attribution": "Người vẽ thử",
        **said,
    }
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def load(path, *options: str) -> str:
    told = io.StringIO()
    call_command("import", "boundaries", str(path), *options, stdout=told)
    return told.getvalue()


def test_boundaries_switch_the_map_and_taking_them_away_switches_back(chair, tmp_path):
    load(shapes(tmp_path / "tried.geojson", 130), "--dry-run")
    assert "is-shapes" not in text(chair.get(HERE))

    said = load(shapes(tmp_path / "all.geojson", 130))
    page = text(chair.get(HERE))
    assert "130 ranh giới thay cho 0 đang có. Nguồn: Người vẽ thử" in said
    assert ("is-shapes" in page, "Người vẽ thử" in page, len(marks(page))) == (True, True, 130)
    assert "is-shapes" not in text(chair.get(HERE + "?ve=tiles"))

    unsigned = load(shapes(tmp_path / "unsigned.geojson", 130, attribution=""))
    assert "Nguồn: tệp unsigned.geojson, không ghi ai vẽ" in unsigned

    load(shapes(tmp_path / "one_is_missing.geojson", 129))
    assert "is-shapes" not in text(chair.get(HERE))

    load(shapes(tmp_path / "all.geojson", 130))
    load(shapes(tmp_path / "none.geojson", 0))
    assert "is-shapes" not in text(chair.get(HERE))


def test_a_broken_file_of_boundaries_names_its_rows(province, tmp_path):
    path = shapes(tmp_path / "a.geojson", 2, features=[{"properties": {"code": "99999"}}])

    with pytest.raises(CommandError) as refused:
        load(path)

    assert str(refused.value).splitlines() == [
        "Tệp ranh giới có dòng chưa đúng; chưa ghi gì.",
        "Dòng 1: Hình phải là Polygon hoặc MultiPolygon.",
    ]

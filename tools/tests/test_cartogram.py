"""The cartogram: its figures, and that the committed tiles are what the tool lays."""

from __future__ import annotations

from math import isqrt

import pytest

from tools import cartogram
from tools.cartogram import Point, Tile

TILES = {
    code: Tile(int(column), int(row))
    for code, column, row in (
        line.split("\t") for line in cartogram.TARGET.read_text(encoding="utf-8").splitlines()
    )
}
POINTS = cartogram.read(cartogram.SOURCE)
SQUARE = {"a": Point(0, 0), "b": Point(9000, 0), "c": Point(9000, 9000), "d": Point(0, 8000)}


def test_every_commune_of_the_reference_province_has_its_own_tile():
    assert (POINTS.keys(), len(TILES)) == (TILES.keys(), 130)


def test_the_committed_tiles_are_as_good_as_asked():
    found = cartogram.figures(POINTS, TILES)

    assert (found.tiles, found.parts, found.holes) == (130, 1, 0)
    assert found.touching >= 0.60
    assert found.order_x >= 0.95
    assert found.order_y >= 0.95


def test_the_tool_lays_the_committed_tiles(tmp_path, capsys):
    target = tmp_path / "tiles.tsv"

    cartogram.main([str(cartogram.SOURCE), str(target)])

    assert target.read_text(encoding="utf-8") == cartogram.TARGET.read_text(encoding="utf-8")
    assert capsys.readouterr().out.split() == [
        *("tiles", "130", "parts", "1", "holes", "0"),
        *("touching", "0.743", "order_x", "0.987", "order_y", "0.982"),
    ]


def test_the_tiles_fit_a_telephone_held_upright():
    """13 columns and a half: at 390 px each tile is wider than the 24 px a finger needs."""
    assert (
        max(tile.column for tile in TILES.values()),
        min(tile.row for tile in TILES.values()),
    ) == (12, 0)


def test_a_triangulation_takes_the_shorter_diagonal():
    assert cartogram.triangulation(SQUARE) == {
        ("a", "b"), ("b", "c"), ("c", "d"), ("a", "d"), ("b", "d"),
    }  # fmt: skip


def test_whoever_is_nearest_is_joined():
    """Delaunay holds the graph of nearest neighbours, and 3n - 3 - (corners of the hull) edges."""
    edges = cartogram.triangulation(POINTS)

    for code, point in POINTS.items():
        others = POINTS.keys() - {code}
        nearest = min(others, key=lambda one: cartogram._square(POINTS[one], point))
        assert (min(code, nearest), max(code, nearest)) in edges
    assert len(edges) == 3 * 130 - 3 - 9


def test_neighbours_are_not_further_than_fifty_kilometres():
    far = {**SQUARE, "e": Point(200_000, 4000)}

    assert cartogram.neighbours(far) == cartogram.neighbours(SQUARE)
    assert all(
        isqrt((POINTS[a].x - POINTS[b].x) ** 2 + (POINTS[a].y - POINTS[b].y) ** 2) <= cartogram.FAR
        for a, b in cartogram.neighbours(POINTS)
    )


def test_a_tile_touches_six_at_one_step():
    for tile in (Tile(3, 4), Tile(3, 5)):
        assert [tile.steps_to(other) for other in tile.around] == [1] * 6
        assert all(tile in other.around for other in tile.around)
    assert Tile(0, 0).steps_to(Tile(3, 2)) == 4


def test_holes_and_parts_are_counted():
    ring = set(Tile(2, 2).around)

    assert (cartogram.parts(ring), cartogram.holes(ring)) == (1, 1)
    assert (cartogram.parts({Tile(0, 0), Tile(5, 5)}), cartogram.holes({Tile(0, 0)})) == (2, 0)


@pytest.mark.parametrize(
    ("pairs", "coefficient"),
    [
        ([(1, 10), (2, 20), (3, 30)], 1.0),
        ([(1, 30), (2, 20), (3, 10)], -1.0),
        ([(1, 1), (2, 1), (3, 3), (4, 4)], 0.9486832980505138),
    ],
)
def test_rank_correlation(pairs, coefficient):
    assert cartogram.rank_correlation(pairs) == pytest.approx(coefficient)

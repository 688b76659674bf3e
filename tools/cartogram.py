"""Lay a province's communes out as hexagons of one size: `seed/tiles.tsv` of operations.

    python -m tools.cartogram                  # the reference province
    python -m tools.cartogram POINTS TILES     # another one

Input, one line a commune: code, longitude and latitude of the point where a map writes its name.
Output: code, column, row. Rows are counted from the north; odd rows stand half a tile further east.

1. Neighbours are the edges of the Delaunay triangulation that are no longer than 50 km.
2. Points are pushed apart and neighbours pulled together until everyone has a tile's room.
3. Each takes the nearest free tile. Then tiles are exchanged and moved at random, worse layouts
   being taken less and less often: neighbours come together, who stands far from their place goes
   back, and the whole stays in one piece without a hole.

Nothing depends on the machine: coordinates are whole metres, every comparison is of whole numbers,
and the random numbers are made here. Standard library only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from math import isqrt, sqrt
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parent / "label_points.tsv"
TARGET = Path(__file__).parent.parent / "src/sen/systems/operations/seed/tiles.tsv"

FAR = 50_000
"""Metres beyond which two communes are no neighbours, though nobody stands between."""
EAST, NORTH = 105, 111
"""Metres in a thousandth of a degree in the north of the country: a label needs no more."""
TILE = 2000
"""The width of a tile in the room where points are pushed about; a row is ROW high."""
ROW = 1732
SQUEEZE = (80, 125)
"""Per cent of width and height: a province that is wide fits a telephone, held upright."""
PUSHES = 300
SHIFTS = 60_000
WARMTH = 20
"""How much worse a layout may become by one shift at the beginning; at the end nothing."""

Edge = tuple[str, str]


class Point(NamedTuple):
    """A place in whole metres, or thousandths of half a tile, east and north."""

    x: int
    y: int


class Tile(NamedTuple):
    """A hexagon: its column, and its row from the north."""

    column: int
    row: int

    @property
    def centre(self) -> Point:
        """Where its middle lies in the room of the points."""
        return Point(TILE * self.column + TILE // 2 * (self.row & 1), -ROW * self.row)

    @property
    def around(self) -> tuple[Tile, ...]:
        """The six tiles that it touches."""
        column, row = self
        left = column - 1 + (row & 1)
        return (
            Tile(column - 1, row),
            Tile(column + 1, row),
            Tile(left, row - 1),
            Tile(left + 1, row - 1),
            Tile(left, row + 1),
            Tile(left + 1, row + 1),
        )

    def steps_to(self, other: Tile) -> int:
        """Return over how many edges one walks to another tile."""
        down = other.row - self.row
        across = (other.column - other.row // 2) - (self.column - self.row // 2)
        return max(abs(down), abs(across), abs(down + across))


class Figures(NamedTuple):
    """How good a layout is."""

    tiles: int
    parts: int
    holes: int
    touching: float
    order_x: float
    order_y: float


class Dice:
    """Random numbers that are the same everywhere (Knuth's linear congruential generator)."""

    def __init__(self) -> None:
        self.state = 1

    def roll(self, sides: int) -> int:
        """Return a number from 0 to one less than the sides."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % sides


# -- who is whose neighbour


def read(path: Path) -> dict[str, Point]:
    """Return the points of a table in metres, by code."""
    points = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        code, east, north = line.split("\t")
        points[code] = Point(round(float(east) * 1000) * EAST, round(float(north) * 1000) * NORTH)
    return dict(sorted(points.items()))


def neighbours(points: Mapping[str, Point]) -> list[Edge]:
    """Return the pairs of communes that are neighbours, each once."""
    return sorted(
        (one, other)
        for one, other in triangulation(points)
        if _square(points[one], points[other]) <= FAR**2
    )


def triangulation(points: Mapping[str, Point]) -> set[Edge]:
    """Return the edges of the Delaunay triangulation (Bowyer and Watson), in whole numbers."""
    wide = 10**9
    place = {**points, "<": Point(-3 * wide, -wide), ">": Point(3 * wide, -wide)}
    place["^"] = Point(0, 3 * wide)
    triangles = {("<", ">", "^")}
    for code, point in points.items():
        broken = [
            (one, two, three)
            for one, two, three in triangles
            if _encircles(place[one], place[two], place[three], point)
        ]
        rim = {edge for one in broken for edge in _sides(one)}
        triangles.difference_update(broken)
        triangles.update((*edge, code) for edge in rim if edge[::-1] not in rim)
    edges = {edge for one in triangles for edge in _sides(one)}
    return {(min(edge), max(edge)) for edge in edges if points.keys() >= set(edge)}


def _sides(triangle: tuple[str, str, str]) -> tuple[Edge, Edge, Edge]:
    one, two, three = triangle
    return (one, two), (two, three), (three, one)


def _encircles(one: Point, two: Point, three: Point, point: Point) -> bool:
    """Tell whether a point lies within the circle through a triangle's corners."""
    (ax, ay), (bx, by), (cx, cy) = (
        (corner.x - point.x, corner.y - point.y) for corner in (one, two, three)
    )
    return (
        (ax * ax + ay * ay) * (bx * cy - cx * by)
        - (bx * bx + by * by) * (ax * cy - cx * ay)
        + (cx * cx + cy * cy) * (ax * by - bx * ay)
    ) > 0


def _square(one: Point, other: Point) -> int:
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2


# -- a tile's room for everyone


def spread(points: Mapping[str, Point], edges: Sequence[Edge]) -> dict[str, Point]:
    """Return the points moved so that neighbours stand about one tile apart, and squeezed."""
    length = sum(isqrt(_square(points[one], points[other])) for one, other in edges) // len(edges)
    middle = Point(
        sum(point.x for point in points.values()) // len(points),
        sum(point.y for point in points.values()) // len(points),
    )
    room = {
        code: Point((point.x - middle.x) * TILE // length, (point.y - middle.y) * TILE // length)
        for code, point in points.items()
    }
    joined = set(edges)
    for _ in range(PUSHES):
        room = _pushed(room, joined)
    width, height = SQUEEZE
    return {code: Point(x * width // 100, y * height // 100) for code, (x, y) in room.items()}


def _pushed(room: Mapping[str, Point], joined: set[Edge]) -> dict[str, Point]:
    """Return the points after one push: who is too near moves off, neighbours move together."""
    pushes = dict.fromkeys(room, (0, 0, 0))
    codes = list(room)
    for number, one in enumerate(codes):
        for other in codes[number + 1 :]:
            x, y = room[other].x - room[one].x, room[other].y - room[one].y
            apart = isqrt(x * x + y * y) or 1
            if apart >= TILE and (one, other) not in joined:
                continue
            weight = 3 if apart < TILE else 2
            across = x * (TILE - apart) * weight // (4 * apart)
            along = y * (TILE - apart) * weight // (4 * apart)
            left, right = pushes[one], pushes[other]
            pushes[one] = (left[0] - across, left[1] - along, left[2] + weight)
            pushes[other] = (right[0] + across, right[1] + along, right[2] + weight)
    return {
        code: Point(
            point.x + 2 * pushes[code][0] // (pushes[code][2] or 1),
            point.y + 2 * pushes[code][1] // (pushes[code][2] or 1),
        )
        for code, point in room.items()
    }


# -- tiles


class Layout:
    """Which commune stands on which tile, while that is being improved."""

    def __init__(self, room: Mapping[str, Point], edges: Sequence[Edge]) -> None:
        self.room = room
        self.near: dict[str, list[str]] = {code: [] for code in room}
        for one, other in edges:
            self.near[one].append(other)
            self.near[other].append(one)
        self.tiles: dict[str, Tile] = {}
        self.taken: dict[Tile, str] = {}
        for code in sorted(room, key=lambda code: (_square(room[code], Point(0, 0)), code)):
            self._put(code, self._nearest_free(room[code]))

    def _nearest_free(self, point: Point) -> Tile:
        column, row = point.x // TILE, -point.y // ROW
        free = (
            tile
            for tile in (
                Tile(column + across, row + down)
                for across in range(-6, 8)
                for down in range(-6, 8)
            )
            if tile not in self.taken
        )
        return min(free, key=lambda tile: (_square(tile.centre, point), tile))

    def _put(self, code: str, tile: Tile) -> None:
        self.tiles[code] = tile
        self.taken[tile] = code

    def _cost(self, code: str) -> int:
        """Return how badly a commune stands: away from its neighbours, away from its place."""
        tile = self.tiles[code]
        steps = sum(_price(tile.steps_to(self.tiles[other])) for other in self.near[code])
        return steps + _square(tile.centre, self.room[code]) * 4 // TILE**2

    def improve(self, dice: Dice) -> None:
        """Exchange and move tiles, worse layouts being taken less and less often."""
        codes = sorted(self.tiles)
        for number in range(SHIFTS):
            code = codes[dice.roll(len(codes))]
            to = self.tiles[code].around[dice.roll(6)]
            if dice.roll(3) == 0:
                to = to.around[dice.roll(6)]
            if to != self.tiles[code]:
                self._shift(code, to, patience=WARMTH * (SHIFTS - number) // SHIFTS)

    def _shift(self, code: str, to: Tile, patience: int) -> None:
        """Move a commune, exchanging it with whoever stands there, unless that is too bad."""
        start, other = self.tiles[code], self.taken.get(to)
        moved = [code] if other is None else [code, other]
        before = sum(map(self._cost, moved))
        del self.taken[start]
        self._put(code, to)
        if other is not None:
            self._put(other, start)
        worse = sum(map(self._cost, moved)) - before
        if worse <= patience and (other is not None or _is_whole(self.taken)):
            return
        del self.taken[to]
        self._put(code, start)
        if other is not None:
            self._put(other, to)


def _price(steps: int) -> int:
    """Return what it costs that two neighbours stand some steps apart."""
    return 0 if steps <= 1 else 10 if steps == 2 else 10 + 2 * steps  # noqa: PLR2004 - steps


def _is_whole(tiles: Iterable[Tile]) -> bool:
    tiles = set(tiles)
    return parts(tiles) == 1 and holes(tiles) == 0


def parts(tiles: Iterable[Tile]) -> int:
    """Return in how many pieces tiles lie."""
    left, count = set(tiles), 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            for tile in waiting.pop().around:
                if tile in left:
                    left.discard(tile)
                    waiting.append(tile)
    return count


def holes(tiles: set[Tile]) -> int:
    """Return how many places without a tile are closed in by tiles."""
    columns = [tile.column for tile in tiles]
    rows = [tile.row for tile in tiles]
    field = {
        Tile(column, row)
        for column in range(min(columns) - 2, max(columns) + 3)
        for row in range(min(rows) - 2, max(rows) + 3)
    }
    return parts(field - tiles) - 1


def lay(points: Mapping[str, Point]) -> dict[str, Tile]:
    """Return the tile of each commune; columns and rows begin at 0."""
    edges = neighbours(points)
    layout = Layout(spread(points, edges), edges)
    layout.improve(Dice())
    return _from_nought(layout.tiles)


def _from_nought(tiles: Mapping[str, Tile]) -> dict[str, Tile]:
    """Return the tiles with columns and rows that begin at 0, by code."""
    top = min(tile.row for tile in tiles.values())
    odd = top & 1  # then the other rows stand half a tile further east, and all go along
    begun = {code: Tile(x + (y & odd), y - top) for code, (x, y) in sorted(tiles.items())}
    first = min(tile.column for tile in begun.values())
    return {code: Tile(x - first, y) for code, (x, y) in begun.items()}


# -- how good it is


def figures(points: Mapping[str, Point], tiles: Mapping[str, Tile]) -> Figures:
    """Measure a layout."""
    edges = neighbours(points)
    touching = sum(tiles[other] in tiles[one].around for one, other in edges)
    centres = {code: tiles[code].centre for code in points}
    return Figures(
        tiles=len(set(tiles.values())),
        parts=parts(tiles.values()),
        holes=holes(set(tiles.values())),
        touching=touching / len(edges),
        order_x=rank_correlation([(points[code].x, centres[code].x) for code in points]),
        order_y=rank_correlation([(points[code].y, centres[code].y) for code in points]),
    )


def rank_correlation(pairs: Sequence[tuple[int, int]]) -> float:
    """Return Spearman's coefficient; equal values share their ranks."""
    first, second = _ranks([one for one, _ in pairs]), _ranks([other for _, other in pairs])
    mean = len(pairs) + 1
    both = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    return both / sqrt(sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second))


def _ranks(values: Sequence[int]) -> list[int]:
    """Return twice the rank of each value, so that shared ranks are whole."""
    ordered = sorted(values)
    low = {value: number for number, value in reversed(list(enumerate(ordered)))}
    high = {value: number for number, value in enumerate(ordered)}
    return [low[value] + high[value] + 2 for value in values]


def text(tiles: Mapping[str, Tile]) -> str:
    """Return the table as it is committed."""
    return "".join(f"{code}\t{tile.column}\t{tile.row}\n" for code, tile in tiles.items())


def main(words: Sequence[str]) -> None:
    """Write the table and print its figures."""
    source, target = map(Path, words) if words else (SOURCE, TARGET)
    points = read(source)
    tiles = lay(points)
    target.write_text(text(tiles), encoding="utf-8")
    for name, value in figures(points, tiles)._asdict().items():
        print(f"{name:10} {value:.3f}" if isinstance(value, float) else f"{name:10} {value}")


if __name__ == "__main__":
    main(sys.argv[1:])

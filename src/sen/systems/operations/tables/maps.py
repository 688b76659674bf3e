"""The map: a commune as a tile, or as its shape where shapes are there; number, depth, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sen.systems.operations import rules
from sen.systems.operations.choices import Measure
from sen.systems.operations.data import Board, Drawn, Line, Path, Tile
from sen.systems.operations.queries.tiles import tiles
from sen.systems.operations.tables.board import href_of, late_label, percent

STEP_X, STEP_Y = 52, 45
"""From tile to tile and from row to row; a tile is 52 wide and 60 high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A commune on the map. number: what stands in it. words: all that is known, for everybody."""

    name: str
    href: str
    level: str
    number: str
    words: str
    x: int
    y: int
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """One depth of colour and what it means."""

    level: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map as it is drawn. is_shapes: by shapes, else by tiles; source: who drew the shapes."""

    title: str
    width: int
    height: int
    marks: tuple[Mark, ...]
    legend: tuple[Legend, ...]
    is_shapes: bool = False
    source: str = ""


def communes(board: Board) -> list[Line]:
    """Return the lines that have a place on a map: whoever governs a commune."""
    return [line for line in board.lines if line.place.area in tiles()]


def tile_map(lines: Sequence[Line], measure: Measure) -> Map | None:
    """Return communes as a map of tiles, None where there are none."""
    known = tiles()
    marks = [_tile(line, measure, known[line.place.area]) for line in lines]
    if not marks:
        return None
    marks.sort(key=lambda mark: (mark.y, mark.x))  # as one reads, so goes the keyboard
    columns = max(tile.column for tile in known.values()) + 1
    last = max(tile.row for tile in known.values())
    return Map(
        title=_title(measure),
        width=columns * STEP_X + STEP_X // 2,
        height=last * STEP_Y + 60,
        marks=tuple(marks),
        legend=legend(measure),
    )


def shape_map(lines: Sequence[Line], measure: Measure, drawn: Drawn) -> Map:
    """Return communes as a map of their shapes."""
    return Map(
        title=_title(measure),
        width=drawn.width,
        height=drawn.height,
        marks=tuple(_shape(line, measure, drawn.paths[line.place.area]) for line in lines),
        legend=legend(measure),
        is_shapes=True,
        source=drawn.source,
    )


def _title(measure: Measure) -> str:
    return _("Bản đồ các xã, phường: %(measure)s") % {"measure": measure.label}


def _tile(line: Line, measure: Measure, tile: Tile) -> Mark:
    x = tile.column * STEP_X + STEP_X // 2 * (tile.row % 2)
    return _mark(line, measure, number(line, measure), x, tile.row * STEP_Y)


def _shape(line: Line, measure: Measure, path: Path) -> Mark:
    x, y = path.label or (0, 0)
    is_well = rules.level(measure, line.sum) in {"0", rules.NONE}
    told = number(line, measure) if path.label and not is_well else ""
    return replace(_mark(line, measure, told, x, y), path=path.line)


def _mark(line: Line, measure: Measure, told: str, x: int, y: int) -> Mark:
    return Mark(
        name=line.name,
        href=href_of(line.place),
        level=rules.level(measure, line.sum),
        number=told,
        words=words(line),
        x=x,
        y=y,
    )


def number(line: Line, measure: Measure) -> str:
    """Return what stands in the place: the count, or whole per cents."""
    if rules.level(measure, line.sum) == rules.NONE:
        return "–"
    if measure == Measure.LATE:
        return str(line.sum.late)
    return str(int(line.sum.share or 0))


def words(line: Line) -> str:
    """Return what is told of a place when it is pointed at."""
    one = line.sum
    said = _(
        "%(late)s trong %(open)d hồ sơ chưa xong; đúng hạn %(share)s"
        " trong %(settled)d hồ sơ đã giải quyết"
    )
    counts = {"late": late_label(one.late), "open": one.open, "settled": one.settled}
    return said % {**counts, "share": percent(one.share)}


def legend(measure: Measure) -> tuple[Legend, ...]:
    """Return what the colours mean."""
    if measure == Measure.LATE:
        one, two, three, four = rules.LATE_FROM
        labels: Mapping[str, str] = {
            "0": "0",
            "1": f"{one}–{two - 1}",
            "2": f"{two}–{three - 1}",
            "3": f"{three}–{four - 1}",
            "4": _("từ %(count)d") % {"count": four},
            rules.NONE: _("không có hồ sơ"),
        }
    else:
        one, two, three, four = rules.SHARE_BELOW
        labels = {
            "0": _("từ %(share)d%%") % {"share": one},
            "1": f"{two}–{one}%",
            "2": f"{three}–{two}%",
            "3": f"{four}–{three}%",
            "4": _("dưới %(share)d%%") % {"share": four},
            rules.NONE: _("chưa giải quyết"),
        }
    return tuple(Legend(level=level, label=label) for level, label in labels.items())

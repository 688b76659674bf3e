"""How the board counts and colours: pure functions on values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sen.systems.operations.choices import Measure, Term
from sen.systems.operations.data import Days, Drawn, Line, Month, Path, Sum

MONTHS = 12
"""How many months the trend shows, the present one included."""
COUNTED_AGAIN = dt.timedelta(hours=1)
"""After how long a month that is over is counted anew, for history that was brought in."""
NONE = "none"
"""The level of a place of which nothing can be said."""
LATE_FROM = (1, 3, 6, 11)
"""From how many late dossiers on a place is coloured one level deeper."""
SHARE_BELOW = (95, 90, 80, 60)
"""Below which on-time share a place is coloured one level deeper."""
ROOM = 36
"""How wide and high a shape has to be for a number to stand in it."""
WORST = 8
"""How many places the first look names."""


def days(term: Term, today: dt.date) -> Days:
    """Return the days of a period; what has not come yet is not in it."""
    month = today.replace(day=1)
    if term == Term.LAST_MONTH:
        last = month - dt.timedelta(days=1)
        return Days(first=last.replace(day=1), last=last)
    first = {
        Term.MONTH: month,
        Term.QUARTER: month.replace(month=(today.month - 1) // 3 * 3 + 1),
        Term.YEAR: month.replace(month=1),
        Term.TWELVE_MONTHS: trend_from(today),
    }[term]
    return Days(first=first, last=today)


def trend_from(today: dt.date) -> dt.date:
    """Return the first day of the first month of the trend."""
    months = today.year * 12 + today.month - MONTHS
    return dt.date(months // 12, months % 12 + 1, 1)


def months_over(today: dt.date) -> list[dt.date]:
    """Return the first days of the trend's months that are over, the earliest first."""
    first = trend_from(today)
    numbers = [first.year * 12 + first.month - 1 + number for number in range(MONTHS - 1)]
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def counted_months(today: dt.date) -> dict[dt.date, dt.date | None]:
    """Return the trend's months that are counted ahead, and up to which day: None for all of it.

    The month that runs is counted up to today, from its second day on.
    """
    found: dict[dt.date, dt.date | None] = dict.fromkeys(months_over(today))
    return found if today.day == 1 else found | {today.replace(day=1): today}


def last_of_month(month: dt.date) -> dt.date:
    """Return the last day of the month that begins on a day."""
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def share(settled: int, late: int) -> float | None:
    """Return the on-time share in per cent with one decimal, None where nothing was settled.

    Rounded down, so that 100 means that not one was late.
    Nguồn: Quyết định 766/QĐ-TTg ngày 23/6/2022, nhóm chỉ số về tiến độ giải quyết.
    """
    return (settled - late) * 1000 // settled / 10 if settled else None


def added(sums: Iterable[Sum]) -> Sum:
    """Return the figures of several places together."""
    listed = list(sums)
    names = ("late", "today", "week", "waiting", "paused", "open")
    flows = ("received", "settled", "settled_late")
    told = {name: sum(getattr(one, name) for one in listed) for name in (*names, *flows)}
    since = [one.late_since for one in listed if one.late_since is not None]
    return Sum(
        **told,
        share=share(told["settled"], told["settled_late"]),
        late_since=min(since, default=None),
    )


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """Return lines by how much is late, for how long, how little was on time, and by code."""
    far = dt.datetime.max.replace(tzinfo=dt.UTC)

    def rank(line: Line) -> tuple[object, ...]:
        one = line.sum
        on_time = 101.0 if one.share is None else one.share
        return (-one.late, one.late_since or far, on_time, -one.week, line.place.code)

    return sorted(lines, key=rank)


def level(measure: Measure, one: Sum) -> str:
    """Return how deep a place is coloured: "0" for all well up to "4", "none" without anything."""
    if measure == Measure.LATE:
        if not one.open:
            return NONE
        return str(sum(one.late >= bound for bound in LATE_FROM))
    if one.share is None:
        return NONE
    return str(sum(one.share < bound for bound in SHARE_BELOW))


def months(flows: Sequence[tuple[dt.date, int, int, int]], today: dt.date) -> list[Month]:
    """Return the trend, a month without anything among the others.

    flows: first day, received, settled, settled late; several of one month are added up.
    """
    found = {month: [0, 0, 0] for month in (*months_over(today), today.replace(day=1))}
    for month, *counts in flows:
        found[month] = [a + b for a, b in zip(found[month], counts, strict=True)]
    return [
        Month(first=month, received=received, settled=settled, late=late)
        for month, (received, settled, late) in found.items()
    ]


# -- shapes


def drawn(polygons: Mapping[str, Sequence[Any]], width: int) -> Drawn:
    """Return shapes as SVG paths on a field of a width, north above, in whole units of the field.

    polygons: as GeoJSON's MultiPolygon, by code. Points that fall together are drawn once; borders
    that two shapes share stay shared, since both are rounded alike.
    """
    points = [
        point for shape in polygons.values() for rings in shape for ring in rings for point in ring
    ]
    if not points:
        return Drawn(width=width, height=0, paths={})
    west, east = min(one[0] for one in points), max(one[0] for one in points)
    south, north = min(one[1] for one in points), max(one[1] for one in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = width / (((east - west) * narrow) or 1)

    def place(point: Sequence[float]) -> tuple[int, int]:
        return round((point[0] - west) * narrow * scale), round((north - point[1]) * scale)

    paths = {}
    for code, shape in polygons.items():
        rings = [_thinned([place(point) for point in ring]) for rings in shape for ring in rings]
        whole = [ring for ring in rings if len(ring) >= 3]  # noqa: PLR2004 - a triangle
        paths[code] = Path(
            line="".join(map(_line, whole)), label=_label(max(whole, key=_extent, default=[]))
        )
    return Drawn(width=width, height=round((north - south) * scale), paths=paths)


def _thinned(ring: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a ring without points that fall on the one before, and without its closing point."""
    found: list[tuple[int, int]] = []
    for point in ring:
        if not found or point != found[-1]:
            found.append(point)
    return found[:-1] if len(found) > 1 and found[0] == found[-1] else found


def _line(ring: Sequence[tuple[int, int]]) -> str:
    """Return a closed line in steps from point to point, as short as SVG allows."""
    steps = [f"{x - before[0]} {y - before[1]}" for before, (x, y) in pairwise(ring)]
    joined = " ".join(steps).replace(" -", "-")
    return f"M{ring[0][0]} {ring[0][1]}l{joined}z"


def _extent(ring: Sequence[tuple[int, int]]) -> int:
    """Return the height times the width of a ring."""
    across, down = [x for x, _y in ring], [y for _x, y in ring]
    return (max(across) - min(across)) * (max(down) - min(down))


def _label(ring: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where a number stands in a ring, None where there is no room for one."""
    if _extent_too_small(ring):
        return None
    return sum(x for x, _y in ring) // len(ring), sum(y for _x, y in ring) // len(ring)


def _extent_too_small(ring: Sequence[tuple[int, int]]) -> bool:
    if not ring:
        return True
    across, down = [x for x, _y in ring], [y for _x, y in ring]
    return max(across) - min(across) < ROOM or max(down) - min(down) < ROOM

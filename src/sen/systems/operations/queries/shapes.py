"""The shapes of communes as they are drawn, where somebody has loaded them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.operations import rules
from sen.systems.operations.data import Drawn

WIDTH = 1000
"""Of the field on which shapes are drawn: some 190 metres a unit in the reference province."""


def shapes(areas: Iterable[str]) -> Drawn | None:
    """Return the shapes of all these areas, None unless each has one; remembered while they stay.

    One statement where nothing is remembered, none afterwards.
    """
    codes = tuple(sorted(areas))
    return legal.cached("units", ("operations.shapes", codes), lambda: _drawn(codes))


def _drawn(codes: tuple[str, ...]) -> Drawn | None:
    found = organisations.boundaries(codes)
    if not found or len(found) < len(codes):
        return None
    drawn = rules.drawn({one.code: one.polygons for one in found}, WIDTH)
    return replace(drawn, source="; ".join(dict.fromkeys(one.source for one in found)))

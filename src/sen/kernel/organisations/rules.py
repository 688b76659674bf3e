"""The arithmetic of dated trees and of mergers: pure functions on values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sen.base.vietnamese import fold
from sen.kernel.organisations.data import DatedName, Link, Localised, Part, Span

ONE_DAY = dt.timedelta(days=1)


def text_of(localised: Localised, language: str) -> str:
    """Return the text in a language, in Vietnamese where that language is missing."""
    return localised.get(language) or localised["vi"]


def day_before(on: dt.date) -> dt.date:
    """Return the last day of what ends because something else begins on a day."""
    return on - ONE_DAY


def overlap(*spans: Span) -> Span | None:
    """Return the days that all spans share, None if there are none."""
    first = max(span.first for span in spans)
    lasts = [span.last for span in spans if span.last is not None]
    last = min(lasts) if lasts else None
    return None if last is not None and last < first else Span(first, last)


def name_on(names: Sequence[DatedName], on: dt.date) -> DatedName:
    """Return the name that holds on a day.

    names: of one unit, oldest first, at least one. Before the first name it is the first, after
    the end of the unit the last: a record of a closed unit still shows whose it was.
    """
    begun = [name for name in names if name.span.first <= on]
    return begun[-1] if begun else names[0]


def links_through(above: Iterable[Link], below: Sequence[Link], *, since: dt.date) -> list[Link]:
    """Return the closure lines that come about when a unit is put under a parent.

    above: the lines that end at the parent. below: the lines that begin at the unit.
    since: the first day under the parent.
    """
    found = []
    for upper in above:
        for lower in below:
            span = overlap(upper.span, lower.span, Span(since))
            if span is not None:
                depth = upper.depth + 1 + lower.depth
                found.append(Link(upper.ancestor, lower.descendant, depth, span))
    return found


def links_broken(
    links: Iterable[Link], below: Sequence[Link], *, above: frozenset[UUID], since: dt.date
) -> list[Link]:
    """Return the closure lines that end when a unit leaves its parent on the day `since`.

    links: candidates. below: the lines that begin at the unit. above: every unit that stood over
    it. A line that leads to a part only after that part had left the unit goes on.
    """
    return [
        link
        for link in links
        if link.ancestor in above
        and any(
            link.descendant == lower.descendant
            and overlap(link.span, lower.span, Span(since)) is not None
            for lower in below
        )
    ]


def match_parts(
    pairs: Iterable[tuple[UUID, UUID]], parts: Mapping[UUID, Sequence[Part]]
) -> tuple[list[tuple[UUID, UUID]], list[tuple[UUID, UUID]]]:
    """Return which units end in which successor and which parts move under which unit.

    pairs: the units that end, each with its successor. parts: the units directly below a unit.
    A part finds its counterpart below the successor by kind and short name (the letters only); a
    part with none, or with several, goes on as it is, with everything below it.
    """
    closed: list[tuple[UUID, UUID]] = []
    moved: list[tuple[UUID, UUID]] = []
    waiting = list(pairs)
    while waiting:
        old, new = waiting.pop(0)
        closed.append((old, new))
        for part in parts.get(old, ()):
            same = [
                other.id
                for other in parts.get(new, ())
                if (other.kind, fold(other.short_name)) == (part.kind, fold(part.short_name))
            ]
            if len(same) == 1:
                waiting.append((part.id, same[0]))
            else:
                moved.append((part.id, new))
    return closed, moved

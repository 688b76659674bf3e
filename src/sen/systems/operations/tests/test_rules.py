"""Periods, shares, order, colours and shapes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.systems.operations import rules
from sen.systems.operations.choices import Measure, Term
from sen.systems.operations.data import Days, Drawn, Line, Month, Path, Place, Sum

D = dt.date


@pytest.mark.parametrize(
    ("term", "today", "first", "last"),
    [
        (Term.MONTH, D(2026, 11, 20), D(2026, 11, 1), D(2026, 11, 20)),
        (Term.LAST_MONTH, D(2026, 1, 5), D(2025, 12, 1), D(2025, 12, 31)),
        (Term.LAST_MONTH, D(2026, 3, 31), D(2026, 2, 1), D(2026, 2, 28)),
        (Term.QUARTER, D(2026, 11, 20), D(2026, 10, 1), D(2026, 11, 20)),
        (Term.QUARTER, D(2026, 3, 31), D(2026, 1, 1), D(2026, 3, 31)),
        (Term.YEAR, D(2026, 1, 1), D(2026, 1, 1), D(2026, 1, 1)),
        (Term.TWELVE_MONTHS, D(2026, 11, 20), D(2025, 12, 1), D(2026, 11, 20)),
        (Term.TWELVE_MONTHS, D(2026, 12, 31), D(2026, 1, 1), D(2026, 12, 31)),
    ],
)
def test_a_period_ends_today_at_the_latest(term, today, first, last):
    assert rules.days(term, today) == Days(first=first, last=last)


@given(st.dates(D(2000, 1, 1), D(2100, 12, 31)), st.sampled_from(Term))
def test_every_period_lies_within_the_trend_but_for_last_month(today, term):
    found = rules.days(term, today)

    assert rules.trend_from(today) <= found.first <= found.last <= today
    assert found.first.day == 1


@pytest.mark.parametrize(
    ("settled", "late", "share"),
    [(0, 0, None), (3, 0, 100), (3, 1, 66.6), (1000, 1, 99.9), (10000, 1, 99.9), (2, 2, 0)],
)
def test_the_share_is_rounded_down(settled, late, share):
    """Nguồn: Quyết định 766/QĐ-TTg: đúng hạn trên tổng số đã giải quyết."""
    assert rules.share(settled, late) == share


@given(st.integers(1, 10**6), st.data())
def test_a_share_of_a_hundred_means_that_none_was_late(settled, data):
    late = data.draw(st.integers(0, settled))

    assert (rules.share(settled, late) == 100) == (late == 0)


def test_figures_of_places_add_up():
    early, later = (
        dt.datetime(2026, 11, 1, tzinfo=clock.ZONE),
        dt.datetime(2026, 11, 5, tzinfo=clock.ZONE),
    )
    one = Sum(late=2, open=3, received=4, settled=3, settled_late=1, late_since=later)
    other = Sum(late=1, today=1, week=2, waiting=3, paused=4, open=9, settled=1, late_since=early)

    assert rules.added([one, other]) == Sum(
        late=3, today=1, week=2, waiting=3, paused=4, open=12, received=4, settled=4,
        settled_late=1, share=75.0, late_since=early,
    )  # fmt: skip
    assert rules.added([]) == Sum()


def line(code: str, one: Sum) -> Line:
    return Line(place=Place(unit=dt.date, code=code, area="", members=()), name=code, sum=one)


def test_the_worst_comes_first():
    long_ago, lately = (dt.datetime(2026, 11, day, tzinfo=clock.ZONE) for day in (1, 9))
    lines = [
        line("g", Sum(share=100.0)),
        line("f", Sum(week=2)),
        line("e", Sum(week=3)),
        line("d", Sum(share=40.0)),
        line("c", Sum(late=1, late_since=lately)),
        line("b", Sum(late=1, late_since=long_ago)),
        line("a", Sum(late=5, late_since=lately)),
    ]

    assert "".join(one.name for one in rules.worst_first(reversed(lines))) == "abcdgef"


@pytest.mark.parametrize(
    ("measure", "one", "level"),
    [
        (Measure.LATE, Sum(), "none"),
        (Measure.LATE, Sum(open=9), "0"),
        (Measure.LATE, Sum(open=9, late=1), "1"),
        (Measure.LATE, Sum(open=9, late=3), "2"),
        (Measure.LATE, Sum(open=9, late=6), "3"),
        (Measure.LATE, Sum(open=19, late=11), "4"),
        (Measure.ON_TIME, Sum(open=9), "none"),
        (Measure.ON_TIME, Sum(share=95.0), "0"),
        (Measure.ON_TIME, Sum(share=94.9), "1"),
        (Measure.ON_TIME, Sum(share=89.9), "2"),
        (Measure.ON_TIME, Sum(share=60.0), "3"),
        (Measure.ON_TIME, Sum(share=59.9), "4"),
    ],
)
def test_a_place_is_coloured_by_what_is_late_or_was_in_time(measure, one, level):
    assert rules.level(measure, one) == level


def test_the_trend_has_twelve_months_with_the_empty_ones():
    told = [(D(2026, 11, 1), 5, 4, 1), (D(2026, 11, 1), 1, 1, 0), (D(2025, 12, 1), 2, 0, 0)]

    found = rules.months(told, D(2026, 11, 20))

    assert [one.first.month for one in found] == [12, *range(1, 12)]
    assert found[0] == Month(first=D(2025, 12, 1), received=2, settled=0, late=0)
    assert found[-1] == Month(first=D(2026, 11, 1), received=6, settled=5, late=1)
    assert sum(one.received for one in found) == 8


def square(west: float, south: float, size: float) -> list:
    east, north = west + size, south + size
    return [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]


def test_shapes_are_drawn_with_the_north_above():
    """On the equator a degree is as wide as high: two squares side by side, one further north."""
    found = rules.drawn({"a": square(0, -0.5, 1), "b": square(1, 0.5, 1)}, 200)

    assert found == Drawn(
        width=200,
        height=200,
        paths={
            "a": Path(line="M0 200l100 0 0-100-100 0z", label=(50, 150)),
            "b": Path(line="M100 100l100 0 0-100-100 0z", label=(150, 50)),
        },
    )


def test_what_falls_together_is_not_drawn_and_small_shapes_have_no_number():
    tiny = [[[0, 0], [0.001, 0], [0.001, 0.001], [0, 0]]]

    found = rules.drawn({"a": [*square(0, -0.1, 0.2), tiny], "b": square(0.9, 0, 0.1)}, 100)

    assert found.paths["a"].line.count("M") == 1
    assert (found.paths["a"].label, found.paths["b"].label) == (None, None)
    assert rules.drawn({}, 100) == Drawn(width=100, height=0, paths={})
    assert rules.drawn({"a": [tiny], "b": square(10, 10, 10)}, 100).paths["a"] == Path(
        line="", label=None
    )

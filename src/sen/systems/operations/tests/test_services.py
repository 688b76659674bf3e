"""Months that are over are counted once an hour, and the board says the same before and after."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.systems.operations import services
from sen.systems.operations.choices import Term
from sen.systems.operations.models import CountedMonth, MonthCount
from sen.systems.operations.queries import board as reads
from sen.systems.operations.queries import months
from sen.systems.operations.tests import factories as f
from sen.systems.operations.tests.factories import NOW, ON

WARD, FAR = "H41.9.11", "H41.9.12"
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def lives() -> None:
    """Dossiers of this month, of October, of a year ago."""
    for days, is_late in ((-1, False), (-30, True), (-31, False), (-340, False), (-400, True)):
        f.settled(WARD, at=f.days(days), is_late=is_late)
    f.settled(FAR, at=f.days(-30))


def kept() -> list[tuple]:
    rows = MonthCount.objects.order_by("month_id", "unit__code")
    return [
        (row.month_id.isoformat(), row.unit.code, row.received, row.settled, row.late)
        for row in rows
    ]


def test_every_month_that_is_over_is_counted_unit_by_unit(province):
    lives()

    assert services.count_months(at=NOW) == 12
    assert kept() == [
        ("2025-12-01", WARD, 1, 1, 0),
        ("2026-10-01", WARD, 2, 2, 1),
        ("2026-10-01", FAR, 1, 1, 0),
        ("2026-11-01", WARD, 1, 1, 0),
    ]
    assert CountedMonth.objects.filter(counted_at=NOW, until=None).count() == 11
    assert CountedMonth.objects.get(until=ON).month == NOVEMBER


def test_an_hour_counts_once_and_the_next_counts_history_that_came_later(province):
    services.count_months(at=NOW)
    f.settled(WARD, at=f.days(-30))

    assert services.count_months(at=NOW + dt.timedelta(minutes=59)) == 0
    assert kept() == []
    assert services.count_months(at=NOW + dt.timedelta(hours=1)) == 12
    assert kept() == [("2026-10-01", WARD, 1, 1, 0)]


def test_what_a_clock_counted_that_was_ahead_is_counted_again(province):
    """It may have taken a month for over that was not."""
    services.count_months(at=NOW + dt.timedelta(hours=40))
    f.settled(WARD, at=f.days(-30))

    assert services.count_months(at=NOW) == 12
    assert kept() == [("2026-10-01", WARD, 1, 1, 0)]


def test_the_board_says_the_same_before_and_after(province):
    lives()
    before = reads.board(province.chair, term=Term.TWELVE_MONTHS, now=NOW)

    services.count_months(at=NOW)

    assert reads.board(province.chair, term=Term.TWELVE_MONTHS, now=NOW) == before
    assert before.total.settled == 5


def test_what_is_counted_is_not_counted_again_and_a_month_that_is_not_is(province):
    lives()
    services.count_months(at=NOW)
    units = [f.unit(WARD), f.unit(FAR)]
    MonthCount.objects.filter(month_id=OCTOBER).update(received=50)
    assert {one.received for one in months.flows(units, today=ON) if one.month == OCTOBER} == {50}

    CountedMonth.objects.filter(month=OCTOBER).delete()
    with CaptureQueriesContext(connection) as asked:
        found = months.flows(units, today=ON)

    assert sorted(one.received for one in found if one.month == OCTOBER) == [1, 2]
    assert len(asked) == 3


def test_the_month_that_runs_is_counted_up_to_today_and_anew_with_each_day(province):
    f.settled(WARD, at=f.days(-1))
    f.settled(WARD, at=NOW - dt.timedelta(minutes=20))
    units = [f.unit(WARD)]
    services.count_months(at=NOW)
    assert kept() == [("2026-11-01", WARD, 2, 1, 0)]
    found = [one for one in months.flows(units, today=ON) if one.month == NOVEMBER]
    assert [one.settled for one in found] == [1, 1]

    tomorrow = f.days(1).replace(hour=0, minute=1)
    assert services.count_months(at=tomorrow) == 12
    assert kept() == [("2026-11-01", WARD, 2, 2, 0)]
    assert [one.settled for one in months.flows(units, today=tomorrow.date())] == [2]
    # a day before the one up to which it was counted: nothing of the month is believed
    assert [one.settled for one in months.flows(units, today=ON)] == [2]


def test_a_month_that_was_running_is_counted_in_full_when_it_is_over(province):
    services.count_months(at=NOW)
    f.settled(WARD, at=f.days(3))
    units = [f.unit(WARD)]
    december = dt.date(2026, 12, 1)
    assert [one.settled for one in months.flows(units, today=december)] == [1]

    services.count_months(at=clock.moment(december) + dt.timedelta(minutes=1))

    assert CountedMonth.objects.get(month=NOVEMBER).until is None
    assert not CountedMonth.objects.filter(month=december).exists()
    assert [one.settled for one in months.flows(units, today=december)] == [1]

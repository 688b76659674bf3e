"""The SQL text of growing tables."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock, partitions
from sen.base.identifiers import id_floor

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        ("2026-11-01", 0, "2026-11-01"),
        ("2026-11-01", 1, "2026-12-01"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-01", -1, "2025-12-01"),
        ("2026-11-01", -13, "2025-10-01"),
    ],
)
def test_add_months(month, count, expected):
    found = partitions.add_months(dt.date.fromisoformat(month), count)

    assert found.isoformat() == expected


def test_months_from_reach_from_the_month_before_to_a_year_ahead():
    months = partitions.months_from(dt.date(2026, 11, 21))

    assert (months[0], months[-1], len(months)) == (
        dt.date(2026, 10, 1),
        dt.date(2027, 11, 1),
        14,
    )


@given(DAYS)
def test_months_follow_one_another_without_a_gap(on):
    months = partitions.months_from(on)

    assert all(partitions.add_months(one, 1) == two for one, two in itertools.pairwise(months))


def test_create_sql_cuts_at_midnight_in_the_laws_zone():
    first = id_floor(dt.datetime(2026, 10, 31, 17, tzinfo=dt.UTC))
    last = id_floor(dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC))

    assert partitions.create_sql("events_event", dt.date(2026, 11, 1)) == (
        "CREATE TABLE IF NOT EXISTS events_event_202611 PARTITION OF events_event "
        f"FOR VALUES FROM ('{first}') TO ('{last}')"
    )
    assert id_floor(clock.moment(dt.date(2026, 11, 1))) == first


@given(DAYS)
def test_a_name_tells_its_month(on):
    month = partitions.month_of(on)

    assert partitions.month_named("t", partitions.name_of("t", month)) == month


@pytest.mark.parametrize("name", ["t", "t_default", "t_2026", "t_202613", "t_202600", "u_202611x"])
def test_a_foreign_name_has_no_month(name):
    assert partitions.month_named("t", name) is None


def test_outdated_are_those_before_the_months_kept():
    existing = ["t_202509", "t_202510", "t_202611", "t_default", "t_202508"]

    found = partitions.outdated("t", existing, on=dt.date(2026, 11, 21), keep_months=13)

    assert found == [dt.date(2025, 8, 1), dt.date(2025, 9, 1)]


def test_drop_sql():
    assert partitions.drop_sql("t", dt.date(2026, 1, 1)) == "DROP TABLE IF EXISTS t_202601"


def test_rights_are_taken_and_given_by_quoted_name():
    assert partitions.close_sql("t_202601", 'a"b') == 'REVOKE ALL ON t_202601 FROM "a""b"'
    assert partitions.allow_only_sql("t", "sen_app", "SELECT", "INSERT") == [
        'REVOKE ALL ON t FROM "sen_app"',
        'GRANT SELECT, INSERT ON t TO "sen_app"',
    ]

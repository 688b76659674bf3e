"""The law's clock."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock

SEVEN = dt.timedelta(hours=7)


def test_now_is_aware_and_in_the_laws_zone(monkeypatch):
    monkeypatch.delenv("SEN_CLOCK", raising=False)

    found = clock.now()

    assert (found.tzinfo, found.utcoffset()) == (clock.ZONE, SEVEN)
    assert abs(found - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


@pytest.mark.parametrize(
    ("frozen", "expected"),
    [
        ("2026-11-21T08:30:00", "2026-11-21T08:30:00+07:00"),
        ("2026-11-21T18:30:00+00:00", "2026-11-22T01:30:00+07:00"),
        ("2026-11-21", "2026-11-21T00:00:00+07:00"),
    ],
)
def test_now_can_be_frozen(monkeypatch, frozen, expected):
    monkeypatch.setenv("SEN_CLOCK", frozen)

    assert clock.now().isoformat() == expected


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-12-31T16:59:59+00:00", "2026-12-31"),
        ("2026-12-31T17:00:00+00:00", "2027-01-01"),
        ("2026-11-21T00:00:00+07:00", "2026-11-21"),
    ],
)
def test_day_is_counted_in_the_laws_zone(at, day):
    assert clock.day(dt.datetime.fromisoformat(at)).isoformat() == day


def test_local_keeps_the_moment():
    at = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    assert (clock.local(at), clock.local(at).hour) == (at, 19)


@pytest.mark.parametrize("read", [clock.day, clock.local])
def test_a_moment_without_a_zone_is_refused(read):
    with pytest.raises(ValueError, match="zone"):
        read(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused


def test_moment_is_midnight_unless_told():
    on = dt.date(2026, 11, 21)

    assert clock.moment(on).isoformat() == "2026-11-21T00:00:00+07:00"
    assert clock.moment(on, dt.time(15)).isoformat() == "2026-11-21T15:00:00+07:00"


@given(st.dates(dt.date(1976, 1, 1), dt.date(2200, 1, 1)), st.times())
def test_day_undoes_moment(on, time):
    assert clock.day(clock.moment(on, time)) == on

"""When a failed job runs again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.kernel.jobs import rules
from sen.kernel.jobs.data import DEFAULT_RETRY, ONCE, RetryRule


def test_the_default_rule_tries_eight_times_over_about_a_day():
    waits = [rules.wait_seconds(DEFAULT_RETRY, failures) for failures in range(1, 9)]

    assert waits == [5, 25, 125, 625, 3125, 15625, 36000, None]
    assert 12 * 3600 < sum(wait for wait in waits if wait) < 24 * 3600


def test_once_means_no_second_try():
    assert rules.wait_seconds(ONCE, 1) is None


@given(
    st.builds(
        RetryRule,
        tries=st.integers(1, 50),
        first_seconds=st.floats(0, 100),
        factor=st.floats(1, 10),
        most_seconds=st.floats(100, 10_000),
    ),
    st.integers(1, 60),
)
def test_waits_grow_up_to_the_most_and_end_with_the_tries(rule, failures):
    wait = rules.wait_seconds(rule, failures)
    earlier = rules.wait_seconds(rule, failures - 1) if failures > 1 else 0

    if failures >= rule.tries:
        assert wait is None
    else:
        assert 0 <= (earlier or 0) <= wait <= rule.most_seconds


@pytest.mark.parametrize("wrong", [{"tries": 0}, {"first_seconds": -1}, {"factor": 0.5}])
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="retry rule"):
        RetryRule(**wrong)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 2), (5, 32), (6, 60), (1000, 60)])
def test_a_lost_database_is_waited_for_at_most_a_minute_at_a_time(failures, seconds):
    assert rules.wait_for_database(failures) == seconds


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("ValueError", "first\nsecond", "ValueError: first"),
        ("KeyError", "", "KeyError"),
        ("KeyError", "  \n ", "KeyError"),
        ("E", "x" * 600, "E: " + "x" * 497),
    ],
)
def test_a_reason_is_one_short_line(kind, text, reason):
    assert rules.reason_of(kind, text) == reason


@pytest.mark.parametrize(
    ("cron", "at", "turn"),
    [
        ("17 2 * * *", "2026-11-21T02:16:59", "2026-11-20T02:17:00"),
        ("17 2 * * *", "2026-11-21T02:17:00", "2026-11-21T02:17:00"),
        ("0 * * * *", "2026-11-21T12:30:00", "2026-11-21T12:00:00"),
        ("0 0 1 1 *", "2026-11-21T12:30:00", "2026-01-01T00:00:00"),
    ],
)
def test_the_latest_turn_is_read_in_the_laws_zone(cron, at, turn):
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=clock.ZONE)

    found = dt.datetime.fromtimestamp(rules.latest_turn(cron, moment), clock.ZONE)

    assert found.replace(tzinfo=None).isoformat() == turn


def test_a_line_that_is_no_cron_line_is_refused():
    with pytest.raises(ValueError, match=r"columns|Exactly"):
        rules.latest_turn("nonsense", clock.now())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("17 2 * * *", True), ("* * * * * *", False), ("61 * * * *", False), ("", False)],
)
def test_a_cron_line_has_five_fields(text, expected):
    assert rules.is_cron_line(text) is expected

"""Limits on trying: a window has its end, whatever the clock did."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import clock
from sen.base.errors import TooMany
from sen.kernel.identity.models import Attempt
from sen.kernel.identity.services import attempts

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
LIMIT = attempts.Limit(what="test", who="somebody", most=2, window=15 * MINUTE)


def test_a_window_counts_until_its_end_and_begins_anew():
    at = clock.now()
    for minute in (0, 1):
        attempts.note_attempt([LIMIT], at=at + minute * MINUTE)

    with pytest.raises(TooMany):
        attempts.note_attempt([LIMIT], at=at + 14 * MINUTE)
    attempts.note_attempt([LIMIT], at=at + 15 * MINUTE)
    assert Attempt.objects.get().count == 1


def test_a_window_of_a_clock_that_was_ahead_locks_nobody_out():
    at = clock.now()
    for _time in range(2):
        attempts.note_attempt([LIMIT], at=at + 40 * 60 * MINUTE)

    attempts.note_attempt([LIMIT], at=at)

    found = Attempt.objects.get()
    assert (found.count, found.until) == (1, at + 15 * MINUTE)


def test_clocks_that_differ_by_seconds_begin_no_new_window():
    """Another machine's clock is a little ahead: its attempts count with the others."""
    at = clock.now()
    for _time in range(2):
        attempts.note_attempt([LIMIT], at=at + 2 * MINUTE)

    with pytest.raises(TooMany):
        attempts.note_attempt([LIMIT], at=at)

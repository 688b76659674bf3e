"""Times and sizes in words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sen.web import wording

AMOUNTS = [
    (0, "dưới 1 phút"), (1, "1 phút"), (60, "1 giờ"), (61, "1 giờ 1 phút"), (480, "1 ngày"),
    (481, "1 ngày"), (540, "1 ngày 1 giờ"), (1505, "3 ngày 1 giờ"),
]  # fmt: skip
SIZES = [
    (0, "0 B"), (1023, "1.023 B"), (1024, "1 KB"), (182_400, "178 KB"), (1_468_006, "1,4 MB"),
    (52_428_800, "50 MB"), (2 * 1024**3, "2,0 GB"),
]  # fmt: skip


@pytest.mark.parametrize(("minutes", "said"), AMOUNTS)
def test_working_time_in_two_units_at_most(minutes, said):
    assert wording.working_time(minutes, day_minutes=480) == said


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=60, max_value=600))
def test_working_time_always_says_something(minutes, day_minutes):
    said = wording.working_time(minutes, day_minutes=day_minutes)
    assert said
    assert len(said.split()) <= 4


@pytest.mark.parametrize(("size", "said"), SIZES)
def test_file_sizes(size, said):
    assert wording.file_size(size) == said


def test_moments_and_days():
    at = dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.UTC)
    assert (wording.moment(at), wording.day(dt.date(2026, 3, 4))) == (
        "03:30, 22/11/2026",
        "04/03/2026",
    )
    with translation.override("en"):
        assert (wording.moment(at), wording.day(dt.date(2026, 3, 4))) == (
            "03:30, 22 Nov 2026",
            "4 Mar 2026",
        )


def test_money_in_the_language_of_the_page():
    assert wording.money(8000) == "8.000 đồng"
    with translation.override("en"):
        assert wording.money(8000) == "VND 8,000"

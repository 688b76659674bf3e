"""Dates and numbers as people here write and read them (trial M15: Django's own formats do not)."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.utils import formats, translation

from sen.base import clock

LANGUAGES = ["vi", "en"]
READ = [
    ("03/04/2026", dt.date(2026, 4, 3)),
    ("21/11/2026", dt.date(2026, 11, 21)),
    ("21-11-2026", dt.date(2026, 11, 21)),
    ("21.11.2026", dt.date(2026, 11, 21)),
    ("21 11 2026", dt.date(2026, 11, 21)),
    ("21112026", dt.date(2026, 11, 21)),
    ("2026-11-21", dt.date(2026, 11, 21)),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "day"), READ)
def test_a_day_is_read_before_its_month(language, typed, day):
    with translation.override(language):
        assert forms.DateField().clean(typed) == day


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["11/21/2026", "31/02/2026", "hôm nay"])
def test_what_is_no_day_is_refused(language, typed):
    with translation.override(language), pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.parametrize(("language", "said"), [("vi", "21/11/2026"), ("en", "21 Nov 2026")])
def test_a_day_is_read_the_languages_way_and_typed_the_countrys(language, said):
    with translation.override(language):
        day, at = dt.date(2026, 11, 21), dt.datetime(2026, 11, 21, 9, 5, tzinfo=clock.ZONE)
        for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT"):
            assert formats.date_format(day, name) == said
        assert formats.date_format(at, "SHORT_DATETIME_FORMAT") == f"09:05, {said}"
        assert formats.localize_input(day) == "21/11/2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_week_begins_on_monday(language):
    with translation.override(language):
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_numbers_carry_the_marks_of_the_language():
    with translation.override("vi"):
        assert formats.number_format(1234567.5, 1, force_grouping=True) == "1.234.567,5"
    with translation.override("en"):
        assert formats.number_format(1234567.5, 1, force_grouping=True) == "1,234,567.5"


def test_months_are_named_in_words():
    with translation.override("vi"):
        assert (
            formats.date_format(dt.date(2026, 11, 21), "YEAR_MONTH_FORMAT") == "tháng 11 năm 2026"
        )

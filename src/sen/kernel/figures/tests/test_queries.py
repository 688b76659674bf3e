from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.kernel.figures import public as figures

PERIOD = figures.Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
HERE, THERE = new_id(), new_id()


def days(period, units):
    return {HERE: (period.last - period.first).days + 1}


FIGURE = figures.Figure(code="trial.days", title="Số ngày", unit_of_measure="ngày", compute=days)


@pytest.fixture(autouse=True)
def registered():
    figures.register_figures(FIGURE)


def test_count_gives_every_unit_its_figure():
    assert figures.count("trial.days", period=PERIOD, units=[HERE, THERE]) == {HERE: 31, THERE: 0}
    assert figures.figures()["trial.days"] is FIGURE


def test_unknown_figure_is_refused():
    with pytest.raises(NotFound):
        figures.count("trial.none", period=PERIOD, units=[])


def test_registry_refuses_other_types_and_second_figures():
    with pytest.raises(ImproperlyConfigured):
        figures.register_figures("trial.days")
    with pytest.raises(ImproperlyConfigured):
        figures.register_figures(
            figures.Figure(code="trial.days", title="", unit_of_measure="", compute=days)
        )


def test_period_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="does not end"):
        figures.Period(dt.date(2026, 1, 2), dt.date(2026, 1, 1))

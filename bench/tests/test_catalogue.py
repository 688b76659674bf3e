"""The made-up list of the import's benchmark holds, and has the portal's faults in it."""

from __future__ import annotations

from bench import catalogue
from sen.systems.public_services.rules import lists


def test_every_made_up_row_can_be_taken_in():
    rows = list(catalogue.made_up(10))
    assert [lists.row_faults(row) for row in rows] == [[]] * 10
    assert len({row["code"] for row in rows}) == 10


def test_the_made_up_list_has_faults_for_the_lint():
    found = [[one.code for one in lists.row_doubts(row, ())] for row in catalogue.made_up(5)]
    assert found == [[], ["free_by_council"], ["torn_amount"], ["unnamed_days"], ["default_time"]]


def test_the_figures_are_told_beside_the_floor():
    said = catalogue.table(catalogue.Measured(3300, 4.5, 4000.0, 1000.0, 60.0, 100.0))
    assert "3300 procedures" in said
    assert said.endswith("30.0")

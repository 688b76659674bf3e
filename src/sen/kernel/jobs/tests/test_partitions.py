"""Partitions made ahead and dropped old, by the owner."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connections

from sen.base import clock
from sen.kernel.jobs import public as jobs
from sen.kernel.jobs import registry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def growing(db, monkeypatch):
    """Make a growing table and let it be the only one."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE t_growing (id uuid PRIMARY KEY) PARTITION BY RANGE (id)")
    monkeypatch.setattr(registry, "_tables", {})
    jobs.register_partitions("t_growing", keep_months=2)
    return "t_growing"


def test_months_are_made_ahead_once_and_old_ones_dropped(growing):
    made, dropped = jobs.keep_partitions(on=dt.date(2026, 11, 21))

    assert (made[0], made[-1], len(made), dropped) == (
        "t_growing_202610", "t_growing_202711", 14, [],
    )  # fmt: skip
    assert jobs.keep_partitions(on=dt.date(2026, 11, 30)) == ([], [])
    assert jobs.keep_partitions(on=dt.date(2027, 2, 1)) == (
        ["t_growing_202712", "t_growing_202801", "t_growing_202802"],
        ["t_growing_202610", "t_growing_202611"],
    )


def test_without_an_end_every_month_is_kept(growing):
    jobs.register_partitions(growing)
    jobs.keep_partitions(on=dt.date(2026, 11, 21))

    assert jobs.keep_partitions(on=dt.date(2036, 11, 21))[1] == []


def test_the_application_has_no_right_on_a_partition_itself(growing):
    month = jobs.keep_partitions(on=clock.day(clock.now()))[0][1]

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('sen_app', %s, 'SELECT, INSERT, UPDATE, DELETE'),"
            " has_table_privilege('sen_app', 't_growing', 'SELECT')",
            [month],
        )
        assert cursor.fetchone() == (False, True)


def test_the_command_says_what_it_did(growing, capsys):
    jobs.keep_partitions(on=dt.date(2020, 1, 1))

    call_command("partitions")

    lines = capsys.readouterr().out.splitlines()
    assert ({line[:12] for line in lines}, len(lines)) == ({"+ t_growing_", "- t_growing_"}, 28)

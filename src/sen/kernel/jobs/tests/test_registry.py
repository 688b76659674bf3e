"""What packages contribute to the jobs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from sen.kernel.jobs import public as jobs
from sen.kernel.jobs import registry


def one() -> None:
    """Do nothing."""


def other() -> int:
    """Do nothing else."""
    return 0


def test_a_job_is_registered_with_its_rule():
    rule = jobs.RetryRule(tries=2)

    assert jobs.job("t.one", queue="slow", retry=rule, every="0 1 * * *", atomic=True)(one) is one

    found = registry.job("t.one")
    assert (found.name, found.run, found.queue, found.retry, found.every, found.atomic) == (
        "t.one", one, "slow", rule, "0 1 * * *", True,
    )  # fmt: skip
    assert registry.jobs()["t.one"] is found


def test_the_same_job_may_be_registered_again():
    jobs.job("t.one")(one)
    jobs.job("t.one")(one)

    assert registry.job("t.one").run is one


def test_two_jobs_of_one_name_are_refused():
    jobs.job("t.one")(one)

    with pytest.raises(ImproperlyConfigured, match=r"two jobs are called t\.one"):
        jobs.job("t.one")(other)


def test_a_wrong_cron_line_is_refused_at_once():
    with pytest.raises(ImproperlyConfigured, match=r"t\.one"):
        jobs.job("t.one", every="61 * * * *")(one)


def test_an_unknown_job_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"no job is called t\.none"):
        registry.job("t.none")


def test_a_loop_is_registered_once():
    jobs.register_loop("t.loop", 2, other, busy_seconds=5)
    jobs.register_loop("t.loop", 2, other)

    loop = next(loop for loop in registry.loops() if loop.name == "t.loop")
    assert (loop.run, loop.idle_seconds, loop.busy_seconds) == (other, 2, 0)
    with pytest.raises(ImproperlyConfigured, match=r"two loops are called t\.loop"):
        jobs.register_loop("t.loop", 2, one)


def test_a_growing_table_is_registered():
    jobs.register_partitions("t_table", keep_months=3)

    found = {table.table: table.keep_months for table in registry.tables()}
    assert found["t_table"] == 3


def test_what_happens_before_each_job_is_registered_once():
    jobs.register_before_job(one)
    jobs.register_before_job(one)

    assert registry.before().count(one) == 1

"""The command that shows the queue."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from sen.kernel.jobs import public as jobs
from sen.kernel.jobs.tests.factories import deferred

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead() -> int:
    """Leave one dead job."""

    @jobs.job("t.fail", retry=jobs.ONCE)
    def fail() -> None:
        raise ValueError("hết giấy")

    job = deferred("t.fail")
    jobs.run_pending()
    return job


def test_the_queue_and_its_dead_are_shown(dead, capsys):
    call_command("jobs")

    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["t.fail", "0", "0", "1", "0"]
    assert lines[2].startswith(f"dead {dead} t.fail after 1 tries, ")
    assert lines[2].endswith("ValueError: hết giấy")


def test_a_dead_job_is_put_back(dead, capsys):
    call_command("jobs", "replay", str(dead))

    assert (capsys.readouterr().out, jobs.pending()) == (f"{dead}: back in the queue\n", 1)
    with pytest.raises(CommandError, match="no failed job 0"):
        call_command("jobs", "replay", "0")


def test_a_job_that_will_be_tried_again_is_shown_with_its_moment(capsys):
    @jobs.job("t.fail")
    def fail() -> None:
        raise ValueError("hết giấy")

    job = deferred("t.fail")
    jobs.run_pending()
    [failing] = jobs.failing()

    call_command("jobs")

    assert capsys.readouterr().out.splitlines()[2] == (
        f"failing {job} t.fail, 1 tries, next {failing.due_at}: ValueError: hết giấy"
    )

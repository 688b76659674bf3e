"""The queue's own periodic jobs."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.jobs import registry, services
from sen.kernel.jobs.data import Job


def purge() -> None:
    """Delete jobs that were done for a week."""
    services.purge_finished()


def partition() -> None:
    """Make the partitions of the year ahead and drop old ones."""
    services.keep_partitions(on=clock.day(clock.now()))


registry.add_job(Job(name="jobs.purge", run=purge, every="17 2 * * *"))
registry.add_job(Job(name="jobs.partition", run=partition, every="27 2 * * *"))

"""What a worker does for the administration beside the jobs."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.jobs import public as jobs
from sen.systems.administration.services import alarms


def watch() -> None:
    """Look at every alarm; where no worker lives, a web process does."""
    alarms.watch(at=clock.now())


jobs.register_watch("administration.alarms", 60, watch)

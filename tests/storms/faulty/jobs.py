"""A job that takes its worker with it each time."""

from __future__ import annotations

import os
import signal

from sen.kernel.jobs import public as jobs

POISON = "faulty.poison"


@jobs.job(POISON, retry=jobs.RetryRule(tries=2, first_seconds=0.5))
def poison() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

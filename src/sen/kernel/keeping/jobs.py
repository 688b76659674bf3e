"""What keeping does by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.jobs import public as jobs
from sen.kernel.keeping import services


class RulesFailed(Exception):
    """Some rules of retention did not come to their end; the text names them."""


@jobs.job("keeping.retain", every="10 3 * * *")
def retain() -> None:
    """Let every rule erase what it no longer keeps.

    Raises RulesFailed, so that the job is tried again: a rule may be run twice.
    """
    outcomes = services.retain(SYSTEM, at=clock.now())
    failed = [one.kind for one in outcomes if one.failure]
    if failed:
        raise RulesFailed(", ".join(failed))

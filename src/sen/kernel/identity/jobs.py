"""What identity does by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.identity.services import accounts, attempts, sessions
from sen.kernel.jobs import public as jobs


@jobs.job("identity.purge", every="17 * * * *")
def purge() -> None:
    """Delete sessions and attempts that are over."""
    at = clock.now()
    sessions.purge_sessions(at=at)
    attempts.purge_attempts(at=at)


@jobs.job("identity.disable_idle", every="40 1 * * *")
def disable_idle() -> None:
    """Disable officials' accounts that nobody used for 45 days."""
    accounts.disable_idle(SYSTEM, at=clock.now())

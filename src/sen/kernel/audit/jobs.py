"""The hourly anchor."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.audit import services
from sen.kernel.jobs import public as jobs


@jobs.job("audit.anchor", every="7 * * * *", retry=jobs.RetryRule(tries=3, first_seconds=60))
def anchor() -> None:
    """Have the last seal stamped by the authority, if one is set."""
    services.anchor(at=clock.now())

"""What the forms do by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.forms.services.drafts import expire_drafts
from sen.kernel.jobs import public as jobs

_BATCH = 1000


@jobs.job("forms.expire_drafts", every="17 2 * * *", retry=jobs.ONCE)
def expire() -> None:
    """Delete the drafts that nobody saved for thirty days, every night."""
    while expire_drafts(at=clock.now(), limit=_BATCH) == _BATCH:
        pass

"""Work of access that comes by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.access.services import keys
from sen.kernel.jobs import public as jobs


@jobs.job("access.forget_keys", every="17 2 * * *")
def forget_keys() -> None:
    """Delete the one-time keys that are past their days."""
    keys.forget_keys(at=clock.now())

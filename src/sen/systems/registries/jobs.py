"""What the registries do by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.jobs import public as jobs
from sen.systems.registries import services


@jobs.job("registries.erase_lookups", every="10 3 * * *")
def erase_lookups() -> None:
    """Erase the lookups that are older than the rule lets them be."""
    services.erase_old(SYSTEM, at=clock.now())

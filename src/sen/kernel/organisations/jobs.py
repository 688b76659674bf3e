"""Work of organisations that comes by the clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sen.base import clock
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations.events import UnitsMerged
from sen.kernel.organisations.services import merging


@jobs.job(merging.ANNOUNCE, atomic=True, far=True)
def announce_merger(*, unit: str, payload: dict[str, Any]) -> None:
    """Tell of a merger on its day."""
    merging.announce(UUID(unit), UnitsMerged.from_payload(payload), at=clock.now())

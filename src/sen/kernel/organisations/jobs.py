"""Work of organisations that comes by the clock."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations.services import merging


@jobs.job(merging.ANNOUNCE, atomic=True)
def announce_merger(
    *, new: str, pairs: list[list[str]], positions: list[list[str]], on: str, decision: str
) -> None:
    """Tell of a merger on its day."""
    merging.announce(
        new=new, pairs=pairs, positions=positions, on=on, decision=decision, at=clock.now()
    )

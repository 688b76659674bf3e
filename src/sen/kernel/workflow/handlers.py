"""What the workflow does after events of others."""

from __future__ import annotations

from typing import cast

from sen.kernel.events.public import Delivery
from sen.kernel.organisations.public import UnitsMerged
from sen.kernel.workflow.services import upkeep


def follow_merger(delivery: Delivery) -> None:
    """Open work of units that ended goes on in the units they ended in."""
    event = cast("UnitsMerged", delivery.event)
    upkeep.follow_merger(list(zip(event.old, event.new, strict=True)), on=event.on)

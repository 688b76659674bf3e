"""What access does after events of others."""

from __future__ import annotations

from typing import cast

from sen.kernel.access.services import grants, participation
from sen.kernel.events import public as events
from sen.kernel.organisations import public as organisations


def follow_merger(delivery: events.Delivery) -> None:
    """Let the units that took over take part in the records of the old ones, and be listed."""
    merged = cast(organisations.UnitsMerged, delivery.event)
    pairs = list(zip(merged.old, merged.new, strict=True))
    participation.hand_over(pairs, at=delivery.published_at)
    grants.follow_merger(pairs)

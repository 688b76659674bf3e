"""The door of the events: publish, register handlers, look at deliveries, replay."""

from __future__ import annotations

from sen.kernel.events.data import FailedDelivery
from sen.kernel.events.events import Event
from sen.kernel.events.queries import failed_deliveries, relay_lag
from sen.kernel.events.registry import Delivery, Handler, handlers, register_handlers
from sen.kernel.events.services import past, publish, relay, replay, run_all

__all__ = [
    "Delivery", "Event", "FailedDelivery", "Handler", "failed_deliveries", "handlers", "past",
    "publish", "register_handlers", "relay", "relay_lag", "replay", "run_all",
]  # fmt: skip

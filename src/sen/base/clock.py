"""The law's clock: one zone, aware moments, and the only way from a moment to a day."""

from __future__ import annotations

import datetime as dt
import os
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone in which Vietnamese law counts days and hours."""


def now() -> dt.datetime:
    """Return the present moment, aware, in the law's zone.

    The environment's SEN_CLOCK (ISO 8601, with or without an offset) freezes it, for pictures and
    journeys. Only edges call this: rules and services are handed the moment.
    """
    frozen = os.environ.get("SEN_CLOCK")
    if frozen:
        moment = dt.datetime.fromisoformat(frozen)
        return moment.astimezone(ZONE) if moment.tzinfo else moment.replace(tzinfo=ZONE)
    return dt.datetime.now(ZONE)


def day(at: dt.datetime) -> dt.date:
    """Return the calendar day of a moment as the law counts it.

    Raises ValueError for a moment without a zone.
    """
    return local(at).date()


def local(at: dt.datetime) -> dt.datetime:
    """Return the same moment in the law's zone.

    Raises ValueError for a moment without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return at.astimezone(ZONE)


def moment(on: dt.date, time: dt.time = dt.time()) -> dt.datetime:
    """Return the moment at which it is `time` on the day `on` in the law's zone."""
    return dt.datetime.combine(on, time, tzinfo=ZONE)

"""Values of the outbox: a delivery that failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    """An event that one handler could not take up, after all its tries."""

    job_id: int
    handler: str
    event_id: UUID
    event: str
    record: UUID | None
    attempts: int
    reason: str
    failed_at: dt.datetime | None

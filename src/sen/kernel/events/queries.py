"""The reads: deliveries that failed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from sen.base.identifiers import made_at
from sen.kernel.events.data import FailedDelivery
from sen.kernel.jobs import public as jobs

JOB = "events.deliver"


def failed_deliveries(*, limit: int = 50) -> list[FailedDelivery]:
    """Return the deliveries that failed for good, the latest first. Two statements."""
    dead = jobs.dead(limit=limit, name=JOB)
    if not dead:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, record FROM events_event WHERE id = ANY(%s)",
            [[UUID(str(job.arguments["event"])) for job in dead]],
        )
        events = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    found = []
    for job in dead:
        event_id = UUID(str(job.arguments["event"]))
        name, record = events.get(event_id, ("", None))
        found.append(
            FailedDelivery(
                job_id=job.id,
                handler=str(job.arguments["handler"]),
                event_id=event_id,
                event=name,
                record=record,
                attempts=job.attempts,
                reason=job.reason,
                failed_at=job.failed_at,
            )
        )
    return found


def relay_lag() -> tuple[int, dt.datetime | None]:
    """Return how many events wait for the relay, and since when the first does. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), (array_agg(id ORDER BY id))[1] FROM events_pending")
        count, first = cursor.fetchone()
    return int(count), made_at(first) if first else None

"""The verbs: publish an event, relay what waits, deliver to one handler, replay."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from sen.base import clock, locks
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.base.identifiers import new_id
from sen.kernel.database import public as database
from sen.kernel.events import registry
from sen.kernel.events.events import Event
from sen.kernel.events.models import StoredEvent, TakenUp
from sen.kernel.events.registry import Delivery, Handler
from sen.kernel.jobs import public as jobs

log = structlog.get_logger(__name__)

JOB = "events.deliver"
BATCH = 500


def publish(event: Event, *, record: UUID, at: dt.datetime) -> UUID:
    """Write an event into the outbox with the caller's transaction; return its id.

    record: the record it is about; each handler hears of a record's events in their order. Workers
    deliver after the commit, but for handlers that do so at once: these run here and now, as the
    system, so let nothing follow that is to see less. Raises TypeError for an event without a name.
    """
    if not event.name:
        raise TypeError(f"{type(event).__name__} has no name")
    delivery = Delivery(event_id=new_id(), event=event, record=record, published_at=at)
    handlers = registry.handlers_of(event.name)
    at_once = [handler for handler in handlers if handler.at_once]
    if not (at_once and _deliver_at_once(delivery, at_once, later=len(handlers) > len(at_once))):
        _write(delivery, is_pending=bool(handlers))
    return delivery.event_id


def past(
    event: Event, *, record: UUID, at: dt.datetime, event_id: UUID
) -> list[StoredEvent | TakenUp]:
    """Return the rows of an event of the past, which every handler of today has taken up.

    To be loaded with what it tells of: nobody hears of it any more, and a replay changes nothing.
    """
    stored = StoredEvent(
        id=event_id,
        name=event.name,
        version=event.version,
        record=record,
        payload=event.to_payload(),
        published_at=at,
    )
    taken = [
        TakenUp(event_id=event_id, handler=handler.name, taken_at=at)
        for handler in registry.handlers_of(event.name)
    ]
    return [stored, *taken]


def _write(delivery: Delivery, *, is_pending: bool) -> None:
    """Insert an event, and whether the relay has to find handlers for it."""
    event = delivery.event
    database.insert_row(
        "events_event",
        {
            "id": delivery.event_id,
            "name": event.name,
            "version": event.version,
            "record": delivery.record,
            "payload": json.dumps(event.to_payload()),
            "published_at": delivery.published_at,
        },
    )
    if is_pending:
        database.insert_row(
            "events_pending",
            {"id": delivery.event_id, "name": event.name, "record": delivery.record},
        )


def _deliver_at_once(delivery: Delivery, handlers: Sequence[Handler], *, later: bool) -> bool:
    """Let handlers take up an event in this transaction; False undoes it and leaves it to jobs.

    later: other handlers hear of it by the relay; a job for one of these then finds it done.
    """
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            _write(delivery, is_pending=later)
            for handler in handlers:
                handler.handle(delivery)
                database.insert_row(
                    "events_taken_up",
                    {
                        "event_id": delivery.event_id,
                        "handler": handler.name,
                        "taken_at": clock.now(),
                    },
                )
    except Exception:
        log.exception("event.not_handled_at_once", name=delivery.event.name)
        return False
    return True


def relay(*, limit: int = BATCH) -> int:
    """Turn waiting events into jobs, one for each handler of each; return how many events.

    Rows are taken as they are found committed, never after a high-water mark: an event whose
    transaction took long is not passed over. One relay works at a time, on whichever machine; the
    others do not wait for it. One statement when nothing waits, else three.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM events_pending)")
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic():
        return _relay(limit)


def _relay(limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM events_pending WHERE id = ANY(ARRAY("
            " SELECT id FROM events_pending WHERE (SELECT pg_try_advisory_xact_lock(%s))"
            " ORDER BY id LIMIT %s)) RETURNING id, name, record",
            [locks.RELAY, limit],
        )
        waiting = sorted(cursor.fetchall())
    jobs.defer_many(
        JOB,
        [
            {
                "arguments": {"event": str(event), "handler": handler.name},
                "lock": f"{handler.name}:{record}",
                "queue": handler.queue,
            }
            for event, name, record in waiting
            for handler in registry.handlers_of(name)
        ],
    )
    return len(waiting)


@transaction.atomic(savepoint=False)
def deliver(*, event: str, handler: str) -> bool:
    """Let one handler take up one event; return False if it had done so before.

    That it has taken it up is written in the same transaction as what it does.
    """
    known = registry.handler(handler)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (INSERT INTO events_taken_up (event_id, handler, taken_at)"
            " VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING event_id)"
            " SELECT id, version, record, payload, published_at"
            " FROM events_event JOIN taken ON id = event_id",
            [event, handler, clock.now()],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    event_id, version, record, payload, published_at = row
    known.handle(
        Delivery(
            event_id=event_id,
            event=known.event.from_payload(json.loads(payload), version=version),
            record=record,
            published_at=published_at,
        )
    )
    return True


@transaction.atomic
def replay(*, actor: Actor, event_id: UUID, handler: str) -> None:
    """Let a handler have another try at an event that it has not taken up.

    What it has taken up stays done once. The right is checked by whoever offers this
    (`administration`). Raises NotFound for an unknown event or handler.
    """
    if handler not in registry.handlers():
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM events_event WHERE id = %s", [event_id])
        row = cursor.fetchone()
        if row is None:
            raise NotFound
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s"
            " AND args @> %s::jsonb ORDER BY id DESC LIMIT 1",
            [JOB, json.dumps({"event": str(event_id), "handler": handler})],
        )
        dead = cursor.fetchone()
    if dead is not None:
        jobs.replay(actor=actor, job_id=dead[0])
        return
    jobs.defer(JOB, lock=f"{handler}:{row[0]}", event=str(event_id), handler=handler)


def lost_waiting(limit: int) -> list[str]:
    """Return events that wait for the relay and are not kept."""
    return database.found(
        "SELECT p.name || ' ' || p.id FROM events_pending p"
        " WHERE NOT EXISTS (SELECT FROM events_event e WHERE e.id = p.id)",
        limit,
    )


def run_all(*, limit: int = 1000) -> int:
    """Relay and run jobs in this process until all is quiet; return how many jobs ran.

    For tests and commands.
    """
    count = 0
    while count < limit:
        relayed = relay()
        ran = jobs.run_pending(limit=limit - count)
        count += ran
        if relayed == 0 and ran == 0:
            break
    return count

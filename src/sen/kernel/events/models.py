"""The outbox: what happened, what still waits for the relay, what each handler has taken up.

All three are only added to by the application's role; the waiting list is also emptied.
"""

from __future__ import annotations

from django.db import models

from sen.base.identifiers import new_id


class StoredEvent(models.Model):
    """One published event. Partitioned by month of its id, kept 13 months."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    version = models.PositiveSmallIntegerField()
    record = models.UUIDField()
    payload = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "events_event"


class PendingEvent(models.Model):
    """An event that the relay has not turned into jobs yet; the row goes when it has."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    record = models.UUIDField()

    class Meta:
        db_table = "events_pending"


class TakenUp(models.Model):
    """A handler has taken up an event: written in the transaction of what the handler did."""

    pk = models.CompositePrimaryKey("event_id", "handler")
    event_id = models.UUIDField()
    handler = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "events_taken_up"

"""Tables of the notifications: messages in inboxes, deliveries, preferences."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.kernel.notifications.choices import DeliveryState, Medium


class Notification(models.Model):
    """A message in the inbox of an account. Partitioned by id, kept 13 months.

    template and slots: the text is put together when it is read, in the reader's language.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    template = models.CharField(max_length=120)
    slots = models.JSONField()
    link = models.CharField(max_length=300)
    record = models.UUIDField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "id"], name="notifications_of_account"),
            models.Index(
                fields=["account"], name="notifications_unread", condition=Q(read_at=None)
            ),
        ]


class Delivery(models.Model):
    """A message on its way out by one medium. Partitioned by id, kept 13 months.

    account or person: whose address of the day is used; no address is kept here. error: why the
    last try failed, in words of the program, nothing personal. taken_at: since when a try has it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    medium = models.CharField(max_length=10, choices=Medium)
    template = models.CharField(max_length=120)
    slots = models.JSONField()
    link = models.CharField(max_length=300)
    record = models.UUIDField()
    state = models.CharField(max_length=10, choices=DeliveryState)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="notifications_failed",
                condition=Q(state=DeliveryState.FAILED),
            ),
            models.Index(fields=["record"], name="notifications_by_record"),
        ]


class Preference(models.Model):
    """What an account has chosen for one medium; without a row it is on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField()
    medium = models.CharField(max_length=10, choices=Medium)
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "medium"], name="notifications_preference_once"
            )
        ]

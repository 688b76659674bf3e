"""Tables of the administration: the door of a first run, and its steps that were put off."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id


class FirstRunDoor(models.Model):
    """The one-time link by which the first administrator comes in ("liên kết cài đặt").

    digest: of the link's secret, which stands nowhere. used_at: when it was used, once; account:
    the administrator that it made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    account = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="administration_door_ends",
                condition=Q(expires_at__gt=F("made_at")),
            ),
            models.CheckConstraint(
                name="administration_door_used_by_somebody",
                condition=Q(used_at__isnull=True, account__isnull=True)
                | Q(used_at__isnull=False, account__isnull=False),
            ),
        ]


class AlarmState(models.Model):
    """Whether an alarm rings ("cảnh báo"), since when, and what was seen last.

    is_told: whether those who are to know have been told of what is so now.
    """

    code = models.CharField(primary_key=True, max_length=80)
    is_ringing = models.BooleanField(default=False)
    is_told = models.BooleanField(default=True)
    since = models.DateTimeField()
    looked_at = models.DateTimeField()
    value = models.FloatField(null=True)
    said = models.CharField(max_length=300, blank=True)


class PutOffStep(models.Model):
    """A step of the first run that was put off ("để sau"): by whom and when.

    account: null for the system.
    """

    code = models.CharField(primary_key=True, max_length=80)
    at = models.DateTimeField()
    account = models.UUIDField(null=True)

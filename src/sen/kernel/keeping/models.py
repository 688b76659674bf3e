"""What was erased by rule, and which backups were made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id


class RetentionRun(models.Model):
    """One run of one rule of retention ("lượt xóa theo thời hạn").

    erased: how many records went. failure: why it did not come to its end, empty if it did.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    erased = models.BigIntegerField()
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="keeping_run_erased", condition=Q(erased__gte=0)),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="keeping_run_latest")]


class Backup(models.Model):
    """A backup that was written, read back and found whole ("bản sao lưu").

    The copy itself lies elsewhere; a row stays when it goes. drilled_at: when it was last restored
    somewhere else and found to work.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    place = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    size = models.BigIntegerField()
    rows = models.BigIntegerField()
    files = models.BigIntegerField()
    took_s = models.FloatField()
    drilled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "place"], name="keeping_backup_once"),
            models.CheckConstraint(
                name="keeping_backup_sizes",
                condition=Q(size__gte=0, rows__gte=0, files__gte=0, took_s__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["-made_at"], name="keeping_backup_latest")]

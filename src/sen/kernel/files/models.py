"""The table of files; their bytes lie in the storage under a random name."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from sen.base import clock
from sen.base.identifiers import new_id
from sen.kernel.files.choices import State


class File(models.Model):
    """A file that somebody sent in or that Sen made ("tệp"); its bytes never change.

    name: as its sender called it, in normal form. size: bytes announced; received: bytes here.
    sha256: hex digest, once finished. place: random name in the storage.
    made_by: the account, null for the system. owner_kind, owner_id: the one record it belongs to,
    which also decides who may read it. free_since: since when it belongs to none; such files go
    after a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    received = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State)
    place = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=60, blank=True)
    made_by = models.UUIDField(null=True)
    owner_kind = models.CharField(max_length=60, blank=True)
    owner_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    free_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="files_file_size", condition=Q(received__gte=0, received__lte=F("size"))
            ),
            models.CheckConstraint(
                name="files_file_finished",
                condition=Q(state=State.RECEIVING, finished_at__isnull=True, sha256="")
                | (
                    Q(state=State.FINISHED, finished_at__isnull=False, received=F("size"))
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="files_file_owned_or_free",
                condition=Q(owner_id__isnull=True, owner_kind="", free_since__isnull=False)
                | (
                    Q(owner_id__isnull=False, free_since__isnull=True, state=State.FINISHED)
                    & ~Q(owner_kind="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner_id"],
                condition=Q(owner_id__isnull=False),
                name="files_file_by_owner",
            ),
            models.Index(
                fields=["made_by", "free_since"],
                condition=Q(owner_id__isnull=True),
                name="files_file_free",
            ),
        ]

    @property
    def public(self) -> dict[str, Any]:
        """What whoever may read the file may know about it, as plain JSON values."""
        return {
            "id": str(self.id),
            "name": self.name,
            "size": self.size,
            "received": self.received,
            "sha256": self.sha256 or None,
            "media_type": self.media_type or None,
            "state": str(self.state),
            "created_at": clock.local(self.created_at).isoformat(),
        }

"""Life events: what happens to people, and the procedures that follow from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.systems.public_services.choices import ProcedureStatus


class LifeEvent(models.Model):
    """Something that happens in a life ("sự kiện"), such as a birth, with a guide through it.

    slug: its stable address. position: its place on the portal. is_shown: whether people see it;
    what they see is its published version.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveIntegerField(default=0)
    is_shown = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.slug


class LifeEventVersion(models.Model):
    """The guide of a life event as it was written; immutable once published.

    content: title, summary, words by which it is found, and steps in order; each with a title, a
    plain text, procedures by code, what follows by itself and what the law's time is, with its
    source (`rules.life_events`). edits: counts what was saved, by which two editors are told
    apart. reason: why it was published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(LifeEvent, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.TextField(choices=ProcedureStatus.choices, default=ProcedureStatus.DRAFT)
    content = models.JSONField()
    edits = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"], name="lifeeventversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(status=ProcedureStatus.DRAFT),
                name="lifeeventversion_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status=ProcedureStatus.DRAFT, published_at__isnull=True)
                | Q(status=ProcedureStatus.PUBLISHED, published_at__isnull=False),
                name="lifeeventversion_published_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.number}"

"""The record of lookups: who asked which registry, for what, and what came of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id
from sen.kernel.forms.public import FindingOutcome
from sen.systems.registries.choices import Failure, Registry


class Lookup(models.Model):
    """One question to a registry ("lượt tra cứu"), kept without what was asked or answered.

    account: who asked. person: about whom, the same one or whoever an official helps; unknown where
    Sen does not keep them. unit: where that official stands, none where people ask about
    themselves. draft: for which draft; a dossier carries its draft's id on. procedure: the code of
    what it is for. request: our number of the question, as the registry's own record has it.
    question: a keyed digest of whom it was about. fields: the names of the facts that came back,
    never what they say.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    account = models.UUIDField()
    person = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    draft = models.UUIDField(db_index=True)
    procedure = models.CharField(max_length=80)
    registry = models.CharField(max_length=20, choices=Registry)
    request = models.CharField(max_length=40)
    question = models.BinaryField()
    outcome = models.CharField(max_length=20, choices=FindingOutcome)
    failure = models.CharField(max_length=20, choices=Failure, blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    took_ms = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="registries_lookup_by_time"),
            models.Index(fields=["question"], name="registries_lookup_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "registry"],
                condition=Q(unit__isnull=True),
                name="registries_asked_once_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(outcome=FindingOutcome.FAILED) & ~Q(failure="")
                | ~Q(outcome=FindingOutcome.FAILED) & Q(failure=""),
                name="registries_failure_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registry} {self.request}"

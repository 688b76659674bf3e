"""The table that is searched."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from sen.base.identifiers import new_id


class SearchEntry(models.Model):
    """One record as it can be found.

    code: its public code. folded, exact: its words without and with their marks. units: the units
    that may see it; persons: the persons whose own it is. at: newer ones come first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    record = models.UUIDField()
    code = models.CharField(max_length=120)
    title = models.CharField(max_length=500)
    folded = SearchVectorField()
    exact = SearchVectorField()
    units = ArrayField(models.UUIDField())
    persons = ArrayField(models.UUIDField())
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["folded"], name="search_entry_words"),
            GinIndex(fields=["units"], name="search_entry_units"),
            GinIndex(fields=["persons"], name="search_entry_persons"),
        ]

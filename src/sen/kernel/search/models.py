"""The table that is searched, and the dictionary of what people say."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from sen.base.identifiers import new_id
from sen.kernel.search.choices import WordingKind


class SearchEntry(models.Model):
    """One record as it can be found.

    code: its public code. folded, exact: its words without and with their marks. units: the units
    that may see it; persons: the persons whose own it is. at: newer ones come first. said: of a
    row that is to be loaded, its texts with their weights.
    """

    said: Sequence[tuple[str, str]] = ()

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
            # one of all three: what words are common is found among what few units see
            GinIndex(fields=["folded", "units", "persons"], name="search_entry_found"),
            models.Index(fields=["-at", "-id"], name="search_entry_newest"),
        ]


LONGEST_PHRASE = 200


class SearchWording(models.Model):
    """A line of the dictionary: what people say, and what they mean by it.

    phrases: their words, each in one line only. kind: a value of `WordingKind`. means: how titles
    say it; records: keys of the records meant, such as codes of procedures; both only of what
    MEANS. topic: under which heading it stands. is_active: whether it is used. number: how often
    it was written, by which two editors are told apart.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    phrases = ArrayField(models.CharField(max_length=LONGEST_PHRASE))
    kind = models.CharField(max_length=20, choices=WordingKind, default=WordingKind.MEANS)
    means = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    records = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=WordingKind.values), name="search_wording_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(phrases=[]), name="search_wording_has_phrases"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind=WordingKind.MEANS) & (~models.Q(means=[]) | ~models.Q(records=[]))
                )
                | (~models.Q(kind=WordingKind.MEANS) & models.Q(means=[], records=[])),
                name="search_wording_says_what",
            ),
        ]
        indexes = [GinIndex(fields=["phrases"], name="search_wording_phrases")]

    @property
    def phrase(self) -> str:
        """The phrase by which the line is called: the first."""
        return self.phrases[0]


class SearchWordingChange(models.Model):
    """One change of a line of the dictionary, as it was before and after; never changed itself.

    number: that of the line after it. before: None for a new line. account: who did it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wording = models.ForeignKey(SearchWording, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    account = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wording", "number"], name="search_wordingchange_once")
        ]

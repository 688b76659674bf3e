"""Tables of the forms: published versions, answers of records, drafts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id


class FormVersion(models.Model):
    """A form as it was published ("phiên bản biểu mẫu"); never changed afterwards.

    document: the definition; digest: its SHA-256 in hex, the same for the same content.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="forms_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="forms_version_from_one"),
        ]


class Answers(models.Model):
    """The answers of one record, such as a dossier; opened only by `read_answers`.

    public_values: answers whose questions are public. sealed: the others by question key, each
    sealed with the record's key for this record and this question, base64. record_key: that key,
    wrapped; null once the answers were erased. provenance: source and moment of prefilled answers.
    unit, person: who sees the row beside those who take part in the record.
    """

    record = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    unit = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    public_values = models.JSONField()
    sealed = models.JSONField()
    record_key = models.BinaryField(null=True)
    provenance = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record_key__isnull=False, erased_at__isnull=True)
                | Q(record_key__isnull=True, erased_at__isnull=False, sealed={}),
                name="forms_answers_keyed_or_erased",
            )
        ]


class SavedDraft(models.Model):
    """A form being filled in ("hồ sơ nháp"), seen by its owner alone.

    owner: account; person: theirs, by which rows are closed to others. kind, subject, case: of what
    it will be, such as a dossier of a procedure. slot: 1 to 20, so that nobody has more drafts.
    content: answers, what was typed and did not hold, prefilled values; sealed for this draft.
    files: of answers and papers. papers: by paper code, lists of {"file": id, …}.
    page: where to go on. version: counts the saves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.UUIDField()
    person = models.UUIDField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    case = models.CharField(max_length=80, blank=True)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    record_key = models.BinaryField()
    papers = models.JSONField(default=dict)
    files = ArrayField(models.UUIDField(), default=list)
    page = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "slot"], name="forms_draft_slot"),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=20), name="forms_draft_twenty"
            ),
        ]

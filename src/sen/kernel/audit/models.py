"""The trail and its seals. The application's role adds to them and reads them, nothing else."""

from __future__ import annotations

from django.db import models

from sen.base.identifiers import new_id


class AuditEntry(models.Model):
    """Who did what to which record, when, why, acting for whom and how surely known.

    Partitioned by month of its id, kept for ever. `fields` maps names to keyed digests of values.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    action = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    subject_code = models.TextField()
    account = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    position = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    acting_for = models.UUIDField(null=True)
    token = models.UUIDField(null=True)
    strength = models.PositiveSmallIntegerField()
    channel = models.TextField()
    reason = models.TextField()
    fields = models.JSONField()

    class Meta:
        db_table = "audit_entry"


class PendingEntry(models.Model):
    """An entry that the sealer has not sealed yet; the row goes when it has."""

    id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "audit_pending"


class AuditSeal(models.Model):
    """A second's entries under one Merkle root, chained to the seal before.

    The table's arrays `entries` and `leaves` (ids and leaf hashes in the tree's order) are read by
    `queries` alone.
    """

    number = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    former = models.BinaryField()
    chain = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"


class Anchor(models.Model):
    """A time-stamp by an outside authority over a seal's chain (RFC 3161)."""

    seal = models.BigIntegerField(primary_key=True)
    token = models.BinaryField()
    authority = models.TextField()
    stamped_at = models.DateTimeField()

    class Meta:
        db_table = "audit_anchor"


class Revision(models.Model):
    """A field's value before and after an act, sealed, erasable, no part of the trail.

    Every act may leave one; only the system sees them again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    entry = models.UUIDField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    field = models.TextField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "audit_revision"
        indexes = [
            models.Index(fields=["subject_id", "id"], name="audit_revision_subject"),
        ]

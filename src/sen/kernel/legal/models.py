"""What the law may change, as dated rows with a source; and the one row of editions."""

from __future__ import annotations

from django.db import models

from sen.base.identifiers import new_id
from sen.kernel.legal.choices import Status


class LegalValue(models.Model):
    """A number, list or regime that a legal text sets, with the days on which it holds.

    key: `package.name`. value: JSON. valid_from: the first day; valid_to: the first day on which
    it holds no more, None while it holds. The values of one key never overlap: the database
    refuses it. source: number, article and clause of the text ("<số hiệu>, Điều …, khoản …").
    corrected_at, corrected_by, correction: when, by whom and why a value was taken back that had
    been written down wrongly; it is history then, and the row whose `corrects` names it holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.TextField()
    value = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    status = models.TextField(choices=Status)
    note = models.TextField(default="")
    corrected_at = models.DateTimeField(null=True)
    corrected_by = models.UUIDField(null=True)
    correction = models.TextField(default="", db_default="")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    class Meta:
        db_table = "legal_value"
        constraints = [
            models.CheckConstraint(
                name="legal_value_days_in_order",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="legal_value_key_and_source",
                condition=~models.Q(key="") & ~models.Q(source=""),
            ),
            models.CheckConstraint(
                name="legal_value_correction_whole",
                condition=models.Q(corrected_at=None, correction="")
                | (models.Q(corrected_at__isnull=False) & ~models.Q(correction="")),
            ),
            models.CheckConstraint(
                name="legal_value_status", condition=models.Q(status__in=Status.values)
            ),
        ]


class EditionRow(models.Model):
    """The one row whose numbers say whether what a process remembers still holds."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    values_edition = models.BigIntegerField(db_column="values", default=1)
    grants = models.BigIntegerField(default=1)
    units = models.BigIntegerField(default=1)
    menu = models.BigIntegerField(default=1)
    calendar = models.BigIntegerField(default=1)

    class Meta:
        db_table = "legal_editions"
        constraints = [
            models.CheckConstraint(name="legal_editions_one_row", condition=models.Q(id=1))
        ]

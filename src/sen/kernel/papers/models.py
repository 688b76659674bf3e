"""Tables of papers: the registers that number them, and the days' counts of dossier codes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sen.base.identifiers import new_id


class Register(models.Model):
    """A register of one unit, kind and year ("sổ đăng ký"): its numbers begin with 1, no gap.

    kind: what is registered, the caller's word. series: a run of numbers of its own within the
    kind ("general", or the notation's kind), empty for the only one.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 15, 22; Phụ lục I, phần II, mục II, khoản 3.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.UUIDField()
    kind = models.CharField(max_length=60)
    series = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "series", "year"], name="papers_register_once"
            ),
            models.CheckConstraint(name="papers_register_number", condition=Q(last_number__gte=1)),
        ]


class CodeCount(models.Model):
    """How many dossier codes an agency gave on a day; the next one is one more.

    pattern_key: the legal value that holds the pattern of the codes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pattern_key = models.CharField(max_length=100)
    unit = models.UUIDField()
    day = models.DateField()
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pattern_key", "unit", "day"], name="papers_code_count_once"
            ),
            models.CheckConstraint(
                name="papers_code_count_number", condition=Q(last_number__gte=1)
            ),
        ]

"""Tables of the board: what came and went on days that are over."""

from __future__ import annotations

from django.db import models

from sen.base.identifiers import new_id


class CountedMonth(models.Model):
    """A month that has been counted; month: its first day.

    until: the first day of the month that runs which is not counted, None for a month that is over.
    Nothing that a verb does changes what was received and settled on a day that is over. It is
    counted anew each hour all the same, so that history brought in later is in it soon.
    """

    month = models.DateField(primary_key=True)
    counted_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)


class MonthCount(models.Model):
    """What one unit received and settled in a counted month, and how much of that was late."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.ForeignKey(CountedMonth, on_delete=models.CASCADE, related_name="counts")
    unit = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    received = models.PositiveIntegerField()
    settled = models.PositiveIntegerField()
    late = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "unit"], name="monthcount_once"),
            models.CheckConstraint(
                condition=models.Q(late__lte=models.F("settled")), name="monthcount_late_of_settled"
            ),
        ]

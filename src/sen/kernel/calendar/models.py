"""Tables of the calendar: published years, ordinary weeks, days that differ.

A row holds from the edition `since_edition` up to before `until_edition`; a change closes the row
and writes another, so that every earlier edition can be read again.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from sen.base.identifiers import new_id
from sen.kernel.calendar.choices import DayKind, Standing


def in_edition(edition: int) -> Q:
    """Return the condition that a row belongs to an edition of the calendar."""
    return Q(
        Q(until_edition__isnull=True) | Q(until_edition__gt=edition), since_edition__lte=edition
    )


class CalendarYear(models.Model):
    """A year whose holidays are entered, so that time limits may be computed in it.

    source: the text the year rests on; standing: how sure it is.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=300)
    standing = models.CharField(max_length=10, choices=Standing)
    since_edition = models.PositiveBigIntegerField()


class WorkWeek(models.Model):
    """The hours of an ordinary week of a unit and those below it; no unit means the province.

    hours: seven lists from Monday, each of pairs ["07:30", "12:00"].
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit_id = models.UUIDField(null=True)
    valid_from = models.DateField()
    hours = models.JSONField()
    source = models.CharField(max_length=300)
    standing = models.CharField(max_length=10, choices=Standing)
    since_edition = models.PositiveBigIntegerField()
    until_edition = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "valid_from"],
                condition=Q(until_edition__isnull=True),
                nulls_distinct=False,
                name="calendar_week_one_current",
            ),
            models.CheckConstraint(
                condition=Q(until_edition__isnull=True) | Q(until_edition__gt=F("since_edition")),
                name="calendar_week_editions",
            ),
        ]


class CalendarDay(models.Model):
    """A day that differs from its weekday, for a unit and those below it or the whole province.

    opens, closes: its own hours, required for a half day, never for a holiday; a compensatory day
    without them takes the hours of an ordinary full day.
    title: Localised, what the day is. source: the decision it rests on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    on = models.DateField()
    unit_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, choices=DayKind)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    title = models.JSONField()
    source = models.CharField(max_length=300)
    standing = models.CharField(max_length=10, choices=Standing)
    since_edition = models.PositiveBigIntegerField()
    until_edition = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["on", "unit_id"],
                condition=Q(until_edition__isnull=True),
                nulls_distinct=False,
                name="calendar_day_one_current",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(opens__lt=F("closes")),
                name="calendar_day_hours",
            ),
            models.CheckConstraint(
                condition=(~Q(kind=DayKind.HALF) | Q(opens__isnull=False))
                & (~Q(kind=DayKind.HOLIDAY) | Q(opens__isnull=True)),
                name="calendar_day_hours_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(until_edition__isnull=True) | Q(until_edition__gt=F("since_edition")),
                name="calendar_day_editions",
            ),
            models.CheckConstraint(
                condition=Q(title__has_key="vi"), name="calendar_day_title_in_vietnamese"
            ),
        ]

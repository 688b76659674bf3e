"""Enumerations of the calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AllowanceUnit(models.TextChoices):
    """In what the law counts the time it allows."""

    WORKING_DAY = "working_day", _("ngày làm việc")
    WORKING_HOUR = "working_hour", _("giờ làm việc")
    CALENDAR_DAY = "calendar_day", _("ngày")


class DayKind(models.TextChoices):
    """How a day differs from the same weekday of other weeks."""

    HOLIDAY = "holiday", _("Ngày nghỉ")
    WORKING = "working", _("Ngày làm bù")
    HALF = "half", _("Làm việc một phần ngày")


class Standing(models.TextChoices):
    """How sure the source of a day or of working hours is."""

    CONFIRMED = "confirmed", _("Đã đối chiếu văn bản")
    PUBLISHED = "published", _("Đã công bố, chưa đối chiếu văn bản")
    UNKNOWN = "unknown", _("Chưa có văn bản")

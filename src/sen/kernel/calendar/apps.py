"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """Working time of each unit."""

    name = "sen.kernel.calendar"
    label = "calendar"
    verbose_name = _("Lịch làm việc")

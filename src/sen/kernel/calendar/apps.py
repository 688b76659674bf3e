"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    """Working time by unit."""

    name = "sen.kernel.calendar"
    label = "calendar"
    verbose_name = _("Lịch làm việc")

    def ready(self) -> None:
        """Register own rights."""
        from sen.kernel.access import public as access
        from sen.kernel.calendar import permissions

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )

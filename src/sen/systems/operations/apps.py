"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """The leader's board; the counts of months that are over."""

    name = "sen.systems.operations"
    label = "operations"
    verbose_name = _("Điều hành")

    def ready(self) -> None:
        """Register the counting of months that are over."""
        from sen.base import clock
        from sen.kernel.jobs import public as jobs
        from sen.systems.operations import services

        jobs.register_loop("operations.months", 600, lambda: services.count_months(at=clock.now()))

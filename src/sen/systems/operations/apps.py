"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Điều hành."""

    name = "sen.systems.operations"
    label = "operations"
    verbose_name = _("Điều hành")

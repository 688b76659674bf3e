"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Rights that hang on positions, and participation in records."""

    name = "sen.kernel.access"
    label = "access"
    verbose_name = _("Phân quyền")

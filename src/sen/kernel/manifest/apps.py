"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManifestConfig(AppConfig):
    """What a system contributes, and the check of it at start."""

    name = "sen.kernel.manifest"
    label = "manifest"
    verbose_name = _("Khai báo hệ thống")

"""The Django application."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ManifestConfig(AppConfig):
    """What a system contributes, and the check of it at start.

    Stands last among Sen's applications: by then every kernel package has registered its own.
    """

    name = "sen.kernel.manifest"
    label = "manifest"
    verbose_name = _("Khai báo hệ thống")

    def ready(self) -> None:
        from sen.kernel.manifest import registry

        autodiscover_modules("jobs")
        registry.load(registry.discover(), registry.known_permissions)

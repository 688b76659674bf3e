"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistriesConfig(AppConfig):
    """What registries outside the province know, so that nobody types it again."""

    name = "sen.systems.registries"
    label = "registries"
    verbose_name = _("Tra cứu cơ sở dữ liệu")

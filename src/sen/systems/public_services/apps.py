"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicServicesConfig(AppConfig):
    """Dossiers: filed, received, settled, handed over."""

    name = "sen.systems.public_services"
    label = "public_services"
    verbose_name = _("Dịch vụ công")

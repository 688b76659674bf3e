"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicServicesConfig(AppConfig):
    """Dossiers: filed, received, settled, handed over."""

    name = "sen.systems.public_services"
    label = "public_services"
    verbose_name = _("Dịch vụ công")

    def ready(self) -> None:
        """Let processes that answer people make the ranking of procedures as they start."""
        from sen.base import warming
        from sen.systems.public_services.queries import searching

        warming.register("public_services.search", searching.warm_up, for_pages=True)

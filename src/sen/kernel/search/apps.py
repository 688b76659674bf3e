"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Vietnamese search over what systems contribute."""

    name = "sen.kernel.search"
    label = "search"
    verbose_name = _("Tìm kiếm")

    def ready(self) -> None:
        """Register the rights of this package."""
        from sen.kernel.access import public as access
        from sen.kernel.search import permissions

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )

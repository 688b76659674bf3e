"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Rights that hang on positions, and participation in records."""

    name = "sen.kernel.access"
    label = "access"
    verbose_name = _("Phân quyền")

    def ready(self) -> None:
        """Register own rights and those of the packages below, the guard, and the handler."""
        from sen.kernel.access import handlers, permissions, public
        from sen.kernel.events import public as events
        from sen.kernel.organisations import public as organisations

        for titles in (permissions.TITLES, organisations.TITLES):
            public.register_permissions(
                *(public.Permission(name, title) for name, title in titles.items())
            )
        organisations.register_guard(public.guard)
        events.register_handlers(
            events.Handler(
                event=organisations.UnitsMerged,
                name="access.follow_merger",
                handle=handlers.follow_merger,
            )
        )

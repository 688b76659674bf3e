"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    """The connection to PostgreSQL, and the writing of an act in one statement."""

    name = "sen.kernel.database"
    label = "database"
    verbose_name = _("Cơ sở dữ liệu")

    def ready(self) -> None:
        """Let each process tell how many of its connections are lent out, and who waits for one."""
        from sen.base import metrics
        from sen.kernel.database.queries import pool_state

        for name in ("pool_open", "pool_lent", "pool_waiting"):
            metrics.register_value(name, lambda name=name: pool_state()[name])  # type: ignore[misc]  # default binds it

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    """The connection to PostgreSQL, and the writing of an act in one statement."""

    name = "sen.kernel.database"
    label = "database"
    verbose_name = _("Cơ sở dữ liệu")

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeepingConfig(AppConfig):
    """How long records are kept, and when the last backup was made."""

    name = "sen.kernel.keeping"
    label = "keeping"
    verbose_name = _("Lưu giữ dữ liệu")

    def ready(self) -> None:
        """Register the rules of what lies below this package."""
        from sen.kernel.keeping.registry import register_rules
        from sen.kernel.keeping.services import RULES

        register_rules(*RULES)

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalConfig(AppConfig):
    """What the law may change, as dated rows with a source."""

    name = "sen.kernel.legal"
    label = "legal"
    verbose_name = _("Giá trị pháp lý")

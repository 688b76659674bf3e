"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Vietnamese search over what systems contribute."""

    name = "sen.kernel.search"
    label = "search"
    verbose_name = _("Tìm kiếm")

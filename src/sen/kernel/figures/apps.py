"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """What can be counted, and how."""

    name = "sen.kernel.figures"
    label = "figures"
    verbose_name = _("Số liệu")

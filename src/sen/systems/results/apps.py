"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Every result of a procedure as data that the next one reuses."""

    name = "sen.systems.results"
    label = "results"
    verbose_name = _("Kho kết quả")

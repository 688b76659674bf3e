"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    """Forms as data: definitions, answers, drafts, prefill."""

    name = "sen.kernel.forms"
    label = "forms"
    verbose_name = _("Biểu mẫu")

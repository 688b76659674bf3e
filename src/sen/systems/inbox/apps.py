"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    """One list of everything that waits for me."""

    name = "sen.systems.inbox"
    label = "inbox"
    verbose_name = _("Việc của tôi")

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Messages to people, by the ways they chose."""

    name = "sen.kernel.notifications"
    label = "notifications"
    verbose_name = _("Thông báo")

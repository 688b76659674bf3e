"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """What happened, told to whoever has asked: outbox, relay, handlers."""

    name = "sen.kernel.events"
    label = "events"
    verbose_name = _("Sự kiện")

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Persons, enterprises, accounts; who is at the door."""

    name = "sen.kernel.identity"
    label = "identity"
    verbose_name = _("Định danh")

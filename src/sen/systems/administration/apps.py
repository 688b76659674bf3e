"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    """The workshop of whoever runs Sen."""

    name = "sen.systems.administration"
    label = "administration"
    verbose_name = _("Quản trị")

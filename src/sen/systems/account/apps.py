"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountConfig(AppConfig):
    """Sign-in, profile, sessions of people."""

    name = "sen.systems.account"
    label = "account"
    verbose_name = _("Tài khoản")

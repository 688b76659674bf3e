"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountConfig(AppConfig):
    """Sign-in, profile, sessions of people."""

    name = "sen.systems.account"
    label = "sen_account"  # allauth's own application has taken "account"
    verbose_name = _("Tài khoản")

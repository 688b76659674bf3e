"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    """Requests for signatures, keys, and verification that never guesses."""

    name = "sen.kernel.signing"
    label = "signing"
    verbose_name = _("Ký số")

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what to which record, sealed into a chain."""

    name = "sen.kernel.audit"
    label = "audit"
    verbose_name = _("Nhật ký kiểm toán")

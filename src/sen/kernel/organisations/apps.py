"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Units, their names, parents and codes over time; positions; areas."""

    name = "sen.kernel.organisations"
    label = "organisations"
    verbose_name = _("Tổ chức bộ máy")

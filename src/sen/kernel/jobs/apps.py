"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work done later: jobs that survive their worker."""

    name = "sen.kernel.jobs"
    label = "jobs"
    verbose_name = _("Công việc nền")

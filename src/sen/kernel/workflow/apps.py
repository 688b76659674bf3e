"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """Flows as data: tasks, branches, timers, the clock of a record."""

    name = "sen.kernel.workflow"
    label = "workflow"
    verbose_name = _("Quy trình")

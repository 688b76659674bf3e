"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Files: taken in, checked, kept, handed out to whoever may."""

    name = "sen.kernel.files"
    label = "files"
    verbose_name = _("Tệp")

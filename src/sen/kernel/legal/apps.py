"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalConfig(AppConfig):
    """What the law may change, as dated rows with a source."""

    name = "sen.kernel.legal"
    label = "legal"
    verbose_name = _("Giá trị pháp lý")

    def ready(self) -> None:
        """Let each job read the editions anew."""
        from sen.kernel.jobs import public as jobs
        from sen.kernel.legal.queries import begin_request

        jobs.register_before_job(begin_request)

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work done later: jobs that survive their worker."""

    name = "sen.kernel.jobs"
    label = "jobs"
    verbose_name = _("Công việc nền")

    def ready(self) -> None:
        """Register what holds of the growing tables."""
        from sen.kernel.database import public as database
        from sen.kernel.jobs.services import missing_partitions

        database.register_invariants(
            database.Invariant(
                code="jobs.partitions_ahead",
                says=_("Bảng chia theo tháng có đủ phần cho mười hai tháng tới"),
                find=missing_partitions,
            )
        )

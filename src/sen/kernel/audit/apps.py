"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what to which record, when and why, sealed against change."""

    name = "sen.kernel.audit"
    label = "audit"
    verbose_name = _("Nhật ký kiểm toán")

    def ready(self) -> None:
        """Register the sealer and the growing table with the jobs."""
        from sen.kernel.audit.services import faults, seal
        from sen.kernel.database import public as database
        from sen.kernel.jobs import public as jobs

        database.register_invariants(
            database.Invariant(
                code="audit.trail_whole",
                says=_("Nhật ký kiểm toán khớp với con dấu, không dòng nào bị sửa, thêm hay xóa"),
                find=faults,
            )
        )
        jobs.register_loop("audit.seal", 1, seal, busy_seconds=1)
        jobs.register_partitions("audit_entry", title=self.verbose_name)

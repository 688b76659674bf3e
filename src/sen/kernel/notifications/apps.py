"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Messages to people, by the ways they chose."""

    name = "sen.kernel.notifications"
    label = "notifications"
    verbose_name = _("Thông báo")

    def ready(self) -> None:
        """Register own rights, the job and the growing tables."""
        from sen.kernel.access import public as access
        from sen.kernel.jobs import public as jobs
        from sen.kernel.notifications import jobs as _jobs  # noqa: F401 - registers itself
        from sen.kernel.notifications import permissions

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )
        jobs.register_partitions(
            "notifications_notification", title=_("Thông báo trong hộp thư"), keep_months=13
        )
        jobs.register_partitions(
            "notifications_delivery", title=_("Thông báo đã gửi đi"), keep_months=13
        )

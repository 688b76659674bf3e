"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """Flows as data: tasks, branches, timers, the clock of a record."""

    name = "sen.kernel.workflow"
    label = "workflow"
    verbose_name = _("Quy trình")

    def ready(self) -> None:
        """Register own rights, the timers' loop, the growing table, and the merger of units."""
        from sen.base import clock
        from sen.kernel.access import public as access
        from sen.kernel.database import public as database
        from sen.kernel.events import public as events
        from sen.kernel.jobs import public as jobs
        from sen.kernel.organisations import public as organisations
        from sen.kernel.workflow import handlers, permissions, public
        from sen.kernel.workflow.queries.invariants import INVARIANTS

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )
        jobs.register_loop(
            "workflow.timers", every_seconds=20, run=lambda: public.fire_timers(clock.now())
        )
        jobs.register_partitions("workflow_closedtask", title=_("Việc của cán bộ đã xong"))
        database.register_invariants(*INVARIANTS)
        events.register_handlers(
            events.Handler(
                event=organisations.UnitsMerged,
                name="workflow.follow_merger",
                handle=handlers.follow_merger,
            )
        )
        organisations.register_merge_concerns(
            organisations.MergeConcern(
                code="workflow.open_tasks",
                title=str(_("Việc đang chờ xử lý")),
                count=public.count_open,
            )
        )

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """What happened, told to whoever has asked: outbox, relay, handlers."""

    name = "sen.kernel.events"
    label = "events"
    verbose_name = _("Sự kiện")

    def ready(self) -> None:
        """Register the relay and the growing tables with the jobs."""
        from sen.kernel.database import public as database
        from sen.kernel.events.services import lost_waiting, relay
        from sen.kernel.jobs import public as jobs

        jobs.register_loop("events.relay", 0.1, relay, busy_seconds=0.02)
        database.register_invariants(
            database.Invariant(
                code="events.waiting_are_kept",
                says=_("Sự kiện còn chờ chuyển đều còn trong sổ sự kiện"),
                find=lost_waiting,
            )
        )
        jobs.register_partitions("events_event", title=_("Sự kiện đã phát"), keep_months=13)
        jobs.register_partitions("events_taken_up", title=_("Sự kiện đã xử lý"), keep_months=13)

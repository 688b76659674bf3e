"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Rights that hang on positions, and participation in records."""

    name = "sen.kernel.access"
    label = "access"
    verbose_name = _("Phân quyền")

    def ready(self) -> None:
        """Register own rights and those of the packages below, the guard, and the handler."""
        from sen.kernel.access import handlers, permissions, public
        from sen.kernel.access.queries import ended_before_begun, open_doors
        from sen.kernel.access.services import keys
        from sen.kernel.database import public as database
        from sen.kernel.events import public as events
        from sen.kernel.keeping import public as keeping
        from sen.kernel.organisations import public as organisations

        for titles in (permissions.TITLES, organisations.TITLES):
            public.register_permissions(
                *(public.Permission(name, title) for name, title in titles.items())
            )
        organisations.register_guard(public.guard)
        keeping.register_rules(
            keeping.Retention(
                kind="access.one_time_key",
                title=_("Khóa chống gửi trùng"),
                days=keys.DAYS_KEPT,
                counted_from=_("lúc gửi"),
                source=keeping.PRESET,
                count=lambda at: keys.count_old(at=at),
                erase=lambda at: keys.forget_keys(at=at),
            )
        )
        database.register_invariants(
            database.Invariant(
                code="access.participation_in_order",
                says=_("Không ai thôi tham gia hồ sơ trước khi bắt đầu tham gia"),
                find=ended_before_begun,
            ),
            database.Invariant(
                code="access.row_security_forced",
                says=_("Bảng đã đóng theo dòng thì đóng với cả chủ sở hữu bảng"),
                find=open_doors,
            ),
        )
        events.register_handlers(
            events.Handler(
                event=organisations.UnitsMerged,
                name="access.follow_merger",
                handle=handlers.follow_merger,
            )
        )

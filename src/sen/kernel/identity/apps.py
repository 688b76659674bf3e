"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Persons, enterprises, accounts; who is at the door."""

    name = "sen.kernel.identity"
    label = "identity"
    verbose_name = _("Định danh")

    def ready(self) -> None:
        """Register rules of retention; let serving processes load what a first sign-in needs."""
        from sen.base import warming
        from sen.kernel.identity.adapters import national_identity
        from sen.kernel.identity.services import attempts, sessions
        from sen.kernel.keeping import public as keeping

        keeping.register_rules(
            keeping.Retention(
                kind="identity.session",
                title=_("Phiên đăng nhập"),
                days=0,
                counted_from=_("khi phiên kết thúc, không quá 12 giờ; xóa mỗi giờ"),
                source="TCVN 14423:2026",
                count=lambda at: sessions.count_ended(at=at),
                erase=lambda at: sessions.purge_sessions(at=at),
            ),
            keeping.Retention(
                kind="identity.attempt",
                title=_("Lần thử đăng nhập, tra cứu"),
                days=0,
                counted_from=_("khi hết khoảng đếm; xóa mỗi giờ"),
                source=keeping.PRESET,
                count=lambda at: attempts.count_over(at=at),
                erase=lambda at: attempts.purge_attempts(at=at),
            ),
        )
        warming.register("identity", national_identity.warm_up)

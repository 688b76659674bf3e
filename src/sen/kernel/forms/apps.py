"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    """Forms as data: definitions, answers, drafts, prefill."""

    name = "sen.kernel.forms"
    label = "forms"
    verbose_name = _("Biểu mẫu")

    def ready(self) -> None:
        """Register own rights, and who may read the files of a draft."""
        from sen.kernel.access import public as access
        from sen.kernel.database import public as database
        from sen.kernel.files import public as files
        from sen.kernel.forms import permissions, public
        from sen.kernel.forms.queries.invariants import INVARIANTS
        from sen.kernel.forms.services import drafts
        from sen.kernel.keeping import public as keeping

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )
        database.register_invariants(*INVARIANTS)
        keeping.register_rules(
            keeping.Retention(
                kind="forms.draft",
                title=_("Hồ sơ nháp"),
                days=drafts.DAYS_KEPT,
                counted_from=_("lần lưu cuối"),
                source=keeping.PRESET,
                count=lambda at: drafts.count_expired(at=at),
                erase=lambda at: drafts.expire_all(at=at),
            )
        )
        files.register_owners(
            files.FileOwner(kind=public.DRAFT_FILES, may_read=public.may_read_file)
        )

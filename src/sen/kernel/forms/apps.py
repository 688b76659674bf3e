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

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )
        database.register_invariants(*INVARIANTS)
        files.register_owners(
            files.FileOwner(kind=public.DRAFT_FILES, may_read=public.may_read_file)
        )

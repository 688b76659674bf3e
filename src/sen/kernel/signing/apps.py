"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigningConfig(AppConfig):
    """Requests for signatures, keys, and verification that never guesses."""

    name = "sen.kernel.signing"
    label = "signing"
    verbose_name = _("Ký số")

    def ready(self) -> None:
        """Register the rights, who may read files just signed, and the sweeper with the jobs."""
        from sen.base import warming
        from sen.kernel.access import public as access
        from sen.kernel.files import public as files
        from sen.kernel.jobs import public as jobs
        from sen.kernel.signing import permissions, public
        from sen.kernel.signing.jobs import sweep

        access.register_permissions(
            *(access.Permission(name, title) for name, title in permissions.TITLES.items())
        )
        files.register_owners(
            files.FileOwner(kind=public.SIGNED_FILES, may_read=public.may_read_file)
        )
        warming.register("signing", public.warm_up)
        jobs.register_loop("signing.sweep", every_seconds=5, run=sweep)

"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    """Persons, enterprises, accounts; who is at the door."""

    name = "sen.kernel.identity"
    label = "identity"
    verbose_name = _("Định danh")

    def ready(self) -> None:
        """Let serving processes load what the first sign-in by national identity needs."""
        from sen.base import warming
        from sen.kernel.identity.adapters import national_identity

        warming.register("identity", national_identity.warm_up)

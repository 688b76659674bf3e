"""What allauth asks of the house: nobody signs up, and secrets of second factors are sealed."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from sen.base.sealing import sealer

_PLACE = ("mfa_authenticator", "data")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships without types
    """Closes every way to an account but Sen's own sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Tell allauth that nobody signs up: officials are appointed, citizens are identified."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: Sen's own pages do."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # likewise
    """Closes allauth's linking of outside accounts, which would go by e-mail address.

    Citizens come by `adapters.national_identity` only: it checks nonce and signature of the ID
    token and keeps no claims, which allauth's own client does not do.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002 - allauth's signature
        """Tell allauth that no outside account opens one here."""
        return False

    def list_apps(self, *args: Any, **kwargs: Any) -> list[object]:  # noqa: ARG002 - allauth's signature
        """Return no provider: rows in allauth's table cannot add a way in."""
        return []


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships without types
    """Seals the secrets of second factors before they reach the database."""

    def encrypt(self, text: str) -> str:
        """Return the text sealed, as base64."""
        sealed = sealer(settings.FIELD_KEY).seal(text.encode(), *_PLACE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text that `encrypt` sealed. Raises CannotOpen for anything else."""
        sealed = base64.b64decode(encrypted_text)
        return sealer(settings.FIELD_KEY).open(sealed, *_PLACE).decode()

"""Django's session engine over `identity.Session`: one row a browser, listed and ended by people.

The database keeps a digest of the key, so that a copy of the table opens no session. This module
writes the table itself, because Django's session is that writer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase, UpdateError
from django.utils.crypto import get_random_string

from sen.base import clock
from sen.base.actor import Strength
from sen.kernel.identity import queries, rules
from sen.kernel.identity.data import Origin
from sen.kernel.identity.models import Session

EMPLOYMENT, REPRESENTATION, STRENGTH = "sen_employment", "sen_representation", "sen_strength"
"""Entries of the session's data that stand in columns of the row as well."""
SEEN_EVERY = dt.timedelta(seconds=60)
"""How exactly the last sight of a session is kept; it is written at most once in this time."""


def digest(key: str) -> bytes:
    """Return what the database knows of a session's key; the key itself has 165 random bits."""
    return hashlib.sha256(key.encode()).digest()


class SessionStore(SessionBase):
    """One browser's session. `row` is its row with account and employment, once loaded."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None
        self.origin = Origin()

    def load(self) -> dict[str, Any]:
        """Read the session with everything an actor is made of, in one SELECT."""
        at = clock.now()
        row = (
            queries.session_of(digest(self.session_key), clock.day(at))
            if self.session_key
            else None
        )
        if row is None or rules.is_session_over(
            is_official=row.account is not None and row.account.is_official,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            at=at,
        ):
            self._session_key = None
            return {}
        if at - row.last_seen_at >= SEEN_EVERY:
            Session.objects.filter(pk=row.pk).update(last_seen_at=at)
        self.row = row
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is taken."""
        return Session.objects.filter(digest=digest(session_key)).exists()

    def create(self) -> None:
        """Give the session a new key and its row; 165 random bits do not meet a taken key."""
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def _get_new_session_key(self) -> str:
        return get_random_string(32, VALID_KEY_CHARS)

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write the session. Raises UpdateError if it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs forget it
        values: dict[str, Any] = {
            "data": self.encode(data),
            "account_id": data.get(SESSION_KEY),
            "employment_id": data.get(EMPLOYMENT),
            "representation_id": data.get(REPRESENTATION),
            "strength": data.get(STRENGTH, Strength.NONE),
        }
        if must_create:
            at = clock.now()
            Session.objects.create(
                digest=digest(self.session_key),
                agent=self.origin.agent[:200],
                address=self.origin.address,
                started_at=at,
                last_seen_at=at,
                expires_at=at + rules.ABSOLUTE,
                **values,
            )
        elif not Session.objects.filter(digest=digest(self.session_key)).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session; without a key, this one."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Delete what is past its end."""
        Session.objects.filter(expires_at__lt=clock.now()).delete()

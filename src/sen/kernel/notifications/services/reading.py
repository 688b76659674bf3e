"""What the reader does: mark messages as read, choose the ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sen.base.actor import Actor
from sen.base.errors import SignInNeeded
from sen.kernel.access import public as access
from sen.kernel.notifications.choices import Medium
from sen.kernel.notifications.models import Notification, Preference


def mark_read(actor: Actor, *, at: dt.datetime, messages: Iterable[UUID] | None = None) -> int:
    """Mark the actor's messages as read, all by default; return how many. Two statements."""
    if actor.account is None:
        return 0
    rows = Notification.objects.filter(account=actor.account, read_at=None)
    if messages is not None:
        rows = rows.filter(id__in=list(messages))
    with access.acting(actor):
        return rows.update(read_at=at)


def set_preference(actor: Actor, *, medium: Medium | str, is_on: bool) -> None:
    """Choose whether messages come by a medium; what is mandatory comes anyway.

    Raises SignInNeeded.
    """
    if actor.account is None:
        raise SignInNeeded
    Preference.objects.update_or_create(
        account=actor.account, medium=Medium(medium).value, defaults={"is_on": is_on}
    )

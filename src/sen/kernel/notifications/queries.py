"""Reads of the notifications: the inbox, what is unread, preferences, what could not be sent."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Invalid
from sen.base.identifiers import from_base32, to_base32
from sen.kernel.access import public as access
from sen.kernel.notifications import permissions, registry
from sen.kernel.notifications.choices import DeliveryState, Medium
from sen.kernel.notifications.data import Message, Page, fill
from sen.kernel.notifications.models import Delivery, Notification, Preference

LIMIT = 100
"""The most rows of a page."""
UNREAD_CAP = 100
"""The unread are counted out up to here; one more means "more than"."""


def inbox(
    actor: Actor, *, before: str | None = None, limit: int = 20, language: str | None = None
) -> Page[Message]:
    """Return the actor's messages, newest first, in a language (the active one). Two statements.

    Messages of templates that are gone are left out. Raises Invalid for a broken cursor.
    """
    if actor.account is None:
        return Page(rows=())
    rows = Notification.objects.filter(account=actor.account)
    if before is not None:
        rows = rows.filter(id__lt=_read_cursor(before))
    limit = max(1, min(limit, LIMIT))
    with access.acting(actor):
        found = list(rows.order_by("-id")[: limit + 1])
    spoken = language or get_language() or "vi"
    known = registry.templates()
    return Page(
        rows=tuple(
            Message(
                id=row.id,
                title=fill(known[row.template].title, row.slots, spoken),
                body=fill(known[row.template].body, row.slots, spoken),
                link=row.link,
                record=row.record,
                created_at=row.created_at,
                is_read=row.read_at is not None,
            )
            for row in found[:limit]
            if row.template in known
        ),
        before=to_base32(found[limit - 1].id) if len(found) > limit else None,
    )


def _read_cursor(text: str) -> UUID:
    try:
        return from_base32(text)
    except ValueError:
        message = _("Trang danh sách không hợp lệ. Vui lòng mở lại danh sách.")
        raise Invalid(message, fields={"before": [message]}) from None


def unread(actor: Actor) -> int:
    """Return how many messages the actor has not read, at most UNREAD_CAP + 1. Two statements."""
    if actor.account is None:
        return 0
    with access.acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM notifications_notification"
            " WHERE account = %s AND read_at IS NULL LIMIT %s) unread",
            [actor.account, UNREAD_CAP + 1],
        )
        return int(cursor.fetchall()[0][0])


def preferences(actor: Actor) -> dict[Medium, bool]:
    """Return for each medium whether the actor wants messages by it. One statement."""
    if actor.account is None:
        return dict.fromkeys(Medium, True)
    chosen = dict(Preference.objects.filter(account=actor.account).values_list("medium", "is_on"))
    return {medium: chosen.get(medium.value, True) for medium in Medium}


def failed_deliveries(
    actor: Actor, *, before: UUID | None = None, limit: int = 50
) -> list[Delivery]:
    """Return deliveries that failed for good, newest first. Raises NotAllowed."""
    access.check(actor, permissions.REPLAY)
    rows = Delivery.objects.filter(state=DeliveryState.FAILED)
    if before is not None:
        rows = rows.filter(id__lt=before)
    with access.acting(SYSTEM):  # whoever sends again looks after everybody's
        return list(rows.order_by("-id")[: max(1, min(limit, LIMIT))])


def count_failed() -> dict[str, int]:
    """Return how many messages failed for good, by medium. For whoever watches over the whole."""
    with access.acting(SYSTEM):
        rows = Delivery.objects.filter(state=DeliveryState.FAILED).order_by()
        return dict(rows.values_list("medium").annotate(number=Count("id")))


def deliveries(record: UUID) -> list[Delivery]:
    """Return what was sent about a record, oldest first.

    For whoever may see the record, inside `access.acting`.
    """
    return list(Delivery.objects.filter(record=record).order_by("id"))

"""Carrying out one delivery: to whom, in which words, and what becomes of a failure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.database.public import Joined
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.notifications import permissions, registry
from sen.kernel.notifications.adapters import Refused, email, sms
from sen.kernel.notifications.choices import DeliveryState, Medium
from sen.kernel.notifications.data import Outgoing, fill
from sen.kernel.notifications.models import Delivery
from sen.kernel.notifications.services.telling import SEND

SENDERS: Mapping[str, Callable[[Outgoing], None]] = {
    Medium.EMAIL: email.send,
    Medium.SMS: sms.send,
}
RULE = jobs.DEFAULT_RETRY


_DELIVERY = Joined(Delivery)


@cache
def _delivery_sql() -> str:
    return f"""
        SELECT {_DELIVERY.columns}, person.email, person.phone, account.language
        FROM notifications_delivery
        {identity.address_joins("notifications_delivery.account", "notifications_delivery.person")}
        WHERE notifications_delivery.id = %s FOR UPDATE OF notifications_delivery"""


_END = """
    UPDATE notifications_delivery SET state = %s, error = %s, done_at = %s, taken_at = NULL
    WHERE id = %s AND state = 'waiting' AND taken_at = %s"""
LEASE = dt.timedelta(minutes=2)
"""How long a try has the delivery for itself; it takes at most a few times ten seconds."""


def send(*, delivery: UUID, at: dt.datetime) -> DeliveryState:
    """Carry out a delivery that waits; return where it stands then.

    It is taken up and ended in two short transactions, and goes out between them, so that no other
    side's slowness holds a lock. A way that does not answer is tried again over about a day, then
    the delivery has failed and waits for `replay`. The receiver may get a message twice if this
    process dies in between; the delivery's id tells it.
    """
    row, message = _take_up(delivery, at)
    if message is None:
        return DeliveryState(row.state)
    try:
        SENDERS[row.medium](message)
    except Refused as refused:
        return _end(row, DeliveryState.FAILED, at, error=str(refused))
    except OSError as error:
        return _end(row, DeliveryState.WAITING, at, error=f"{type(error).__name__}: {error}")
    return _end(row, DeliveryState.SENT, at)


@transaction.atomic
def _take_up(delivery: UUID, at: dt.datetime) -> tuple[Delivery, Outgoing | None]:
    """Begin a try and return what goes out, None where nothing does.

    Where another try may still be under way, this one comes again when that one is over or dead.
    """
    access.enter(SYSTEM)
    found = next(_DELIVERY.rows(_delivery_sql(), [delivery]), None)
    if found is None:
        raise NotFound
    row: Delivery
    row, email_address, phone, language = found
    if row.state != DeliveryState.WAITING:
        return row, None
    if row.taken_at is not None and abs(at - row.taken_at) < LEASE:  # else by a clock once ahead
        jobs.defer(SEND, at=row.taken_at + LEASE, delivery=str(delivery))
        return row, None
    to = email_address if row.medium == Medium.EMAIL else phone
    message = _message(row, to, language or "vi") if to else None
    row.tries += 1
    if message is None:
        row.state, row.done_at = DeliveryState.SKIPPED.value, at
    else:
        row.taken_at = at
    database.update(row, "state", "tries", "taken_at", "done_at")
    return row, message


@transaction.atomic
def _end(row: Delivery, state: DeliveryState, at: dt.datetime, error: str = "") -> DeliveryState:
    """Write what became of a try, unless another one has taken the delivery up since."""
    access.enter(SYSTEM)
    if state == DeliveryState.WAITING and row.tries >= RULE.tries:
        state = DeliveryState.FAILED
    is_over = state != DeliveryState.WAITING
    with connection.cursor() as cursor:
        cursor.execute(_END, [state, error[:300], at if is_over else None, row.id, row.taken_at])
        is_ours = bool(cursor.rowcount)
    if is_ours and not is_over:
        wait = min(RULE.first_seconds * RULE.factor ** (row.tries - 1), RULE.most_seconds)
        jobs.defer(SEND, at=at + dt.timedelta(seconds=wait), delivery=str(row.id))
    return state


def _message(row: Delivery, to: str, language: str) -> Outgoing:
    template = registry.template(row.template)
    body = template.sms or template.body if row.medium == Medium.SMS else template.body
    return Outgoing(
        id=row.id,
        to=to,
        title=fill(template.title, row.slots, language),
        body=fill(body, row.slots, language),
        link=f"{settings.PUBLIC_URL}{row.link}",
    )


@transaction.atomic
def replay(actor: Actor, *, delivery: UUID, at: dt.datetime) -> None:
    """Send a delivery that failed once more, from the first try on.

    Raises NotAllowed, NotFound, Conflict where it has not failed.
    """
    access.check(actor, permissions.REPLAY)
    access.enter(SYSTEM)  # whoever sends again looks after everybody's
    row = Delivery.objects.select_for_update().filter(id=delivery).first()
    if row is None:
        raise NotFound
    if row.state != DeliveryState.FAILED:
        raise Conflict
    row.state, row.tries, row.done_at = DeliveryState.WAITING.value, 0, None
    row.save(update_fields=["state", "tries", "done_at"])
    jobs.defer(SEND, delivery=str(delivery))
    audit.record(
        actor,
        permissions.REPLAY,
        subject=audit.Subject("notifications.delivery", delivery),
        at=at,
    )

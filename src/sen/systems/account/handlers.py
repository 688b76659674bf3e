"""What the account pages do when something has happened; a repeat changes nothing."""

from __future__ import annotations

from sen.kernel.events.public import Delivery, Handler
from sen.kernel.identity import public as identity
from sen.systems.account import services


def tell_owner(delivery: Delivery) -> None:
    """Tell the owner of an account that what it signs in with changed."""
    event = delivery.of(identity.SecondFactorChanged)
    services.tell_owner(account=event.account, change=event.change, at=delivery.published_at)


HANDLERS = (
    Handler(
        event=identity.SecondFactorChanged,
        name="account.tell_owner",
        handle=tell_owner,
        at_once=True,
    ),
)

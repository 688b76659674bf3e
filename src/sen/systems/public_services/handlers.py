"""What this system does when something has happened; a repeat changes nothing."""

from __future__ import annotations

from sen.base.actor import SYSTEM
from sen.kernel.events.public import Delivery, Handler
from sen.kernel.organisations.public import UnitsMerged
from sen.kernel.signing.public import SigningCompleted
from sen.systems.public_services.events import ProcedureSwitched
from sen.systems.public_services.services import catalogue, elsewhere, issuing, merging, minutes


def take_signature(delivery: Delivery) -> None:
    """Take in a signature that we asked for: a leader's, a seal, or one on a prescribed paper."""
    event = delivery.of(SigningCompleted)
    file = event.files[0] if event.files else None
    match event.purpose:
        case elsewhere.SIGN:
            elsewhere.record_signature(
                actor=SYSTEM,
                record=event.record,
                request=event.request,
                signed=file,
                failure=event.failure,
                at=delivery.published_at,
            )
        case elsewhere.SEAL:
            elsewhere.record_seal(
                actor=SYSTEM,
                record=event.record,
                request=event.request,
                sealed=file,
                failure=event.failure,
                at=delivery.published_at,
            )
        case minutes.PURPOSE:
            minutes.record_signature(
                actor=SYSTEM,
                record=event.record,
                request=event.request,
                signed=file,
                failure=event.failure,
                at=delivery.published_at,
            )
        case issuing.PURPOSE:
            issuing.record_form(
                actor=SYSTEM,
                issued=event.record,
                request=event.request,
                signed=file,
                failure=event.failure,
                at=delivery.published_at,
            )


def tell_drafters(delivery: Delivery) -> None:
    """Tell whoever has a draft of a procedure that it was switched off or on."""
    event = delivery.of(ProcedureSwitched)
    catalogue.tell_drafters(
        code=event.procedure, is_active=event.is_active, at=delivery.published_at
    )


def follow_merger(delivery: Delivery) -> None:
    """Let open dossiers of units that ended go on in the units that took over from them."""
    event = delivery.of(UnitsMerged)
    merging.follow_merger(
        dict(zip(event.old, event.new, strict=True)),
        decision=event.decision,
        at=delivery.published_at,
    )


HANDLERS = (
    Handler(event=UnitsMerged, name="public_services.follow_merger", handle=follow_merger),
    Handler(event=ProcedureSwitched, name="public_services.tell_drafters", handle=tell_drafters),
    Handler(
        event=SigningCompleted,
        name="public_services.take_signature",
        handle=take_signature,
        at_once=True,
    ),
)

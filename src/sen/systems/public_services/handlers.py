"""What this system does when something has happened; a repeat changes nothing."""

from __future__ import annotations

from sen.base.actor import SYSTEM
from sen.kernel.events.public import Delivery, Handler
from sen.kernel.signing.public import SigningCompleted
from sen.systems.public_services.choices import ClosingKind, FormCode
from sen.systems.public_services.events import (
    DossierClosed,
    DossierReceived,
    ProcedureSwitched,
    ResultIssued,
    SupplementRequested,
)
from sen.systems.public_services.services import catalogue, deciding, issuing, keeping


def issue_receipt(delivery: Delivery) -> None:
    """Order Mẫu 01 for a dossier that was received."""
    event = delivery.of(DossierReceived)
    issuing.order_form(
        actor=SYSTEM,
        dossier=event.dossier,
        form=FormCode.MAU_01,
        record=None,
        at=delivery.published_at,
    )


def issue_supplement_request(delivery: Delivery) -> None:
    """Order Mẫu 02 for a request for supplement."""
    event = delivery.of(SupplementRequested)
    issuing.order_form(
        actor=SYSTEM,
        dossier=event.dossier,
        form=FormCode.MAU_02,
        record=event.request,
        at=delivery.published_at,
    )


_CLOSING_FORMS = {
    ClosingKind.REFUSED_AT_RECEPTION: FormCode.MAU_03,
    ClosingKind.WITHDRAWN: FormCode.MAU_05,
}


def issue_closing(delivery: Delivery) -> None:
    """Order Mẫu 03 or 05 for a dossier that ended; a refusal after examination has its own."""
    event = delivery.of(DossierClosed)
    form = _CLOSING_FORMS.get(ClosingKind(event.kind))
    if form is not None:
        issuing.order_form(
            actor=SYSTEM,
            dossier=event.dossier,
            form=form,
            record=event.closing,
            at=delivery.published_at,
        )


def take_signature(delivery: Delivery) -> None:
    """Take in a signature that we asked for: a leader's, a seal, or one on a prescribed paper."""
    event = delivery.of(SigningCompleted)
    file = event.files[0] if event.files else None
    match event.purpose:
        case deciding.SIGN:
            deciding.record_signature(
                actor=SYSTEM,
                record=event.record,
                request=event.request,
                signed=file,
                failure=event.failure,
                at=delivery.published_at,
            )
        case deciding.SEAL:
            deciding.record_seal(
                actor=SYSTEM,
                record=event.record,
                request=event.request,
                sealed=file,
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


def keep_result(delivery: Delivery) -> None:
    """Keep an issued result in the results store."""
    event = delivery.of(ResultIssued)
    keeping.keep_result(actor=SYSTEM, decision=event.decision, at=delivery.published_at)


def tell_drafters(delivery: Delivery) -> None:
    """Tell whoever has a draft of a procedure that it was switched off or on."""
    event = delivery.of(ProcedureSwitched)
    catalogue.tell_drafters(
        code=event.procedure, is_active=event.is_active, at=delivery.published_at
    )


HANDLERS = (
    Handler(event=ProcedureSwitched, name="public_services.tell_drafters", handle=tell_drafters),
    Handler(
        event=DossierReceived,
        name="public_services.issue_receipt",
        handle=issue_receipt,
        at_once=True,
    ),
    Handler(
        event=SupplementRequested,
        name="public_services.issue_supplement_request",
        handle=issue_supplement_request,
        at_once=True,
    ),
    Handler(
        event=DossierClosed,
        name="public_services.issue_closing",
        handle=issue_closing,
        at_once=True,
    ),
    Handler(
        event=ResultIssued, name="public_services.keep_result", handle=keep_result, at_once=True
    ),
    Handler(
        event=SigningCompleted,
        name="public_services.take_signature",
        handle=take_signature,
        at_once=True,
    ),
)

"""What follows once a leader's signature or an organisation's seal is on the answer."""

from __future__ import annotations

import datetime as dt

from sen.base.actor import Actor
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.choices import (
    ClosingKind,
    DecisionKind,
    DeliveryState,
    DossierState,
    SigningState,
)
from sen.systems.public_services.events import DossierClosed, ResultIssued
from sen.systems.public_services.models import Closing, Decision, Dossier
from sen.systems.public_services.services import dossiers, keeping


def signed(
    actor: Actor, dossier: Dossier, decision: Decision, *, file: files.File, at: dt.datetime
) -> None:
    """Take the paper with the leader's signature and pass the dossier on to the clerk."""
    task = workflow.task_of(dossier.id, "public_services.sign")
    workflow.complete(actor, task=task, outcome="agree", at=at, by=decision.signed_by)
    decision.state, decision.signed, decision.failure = SigningState.SIGNED, file, ""
    database.update(decision, "state", "signed", "signed_by", "failure")
    dossiers.moved(actor, dossier, act="sign", at=at, state=DossierState.SIGNED)


def sealed(
    actor: Actor, dossier: Dossier, decision: Decision, *, file: files.File, at: dt.datetime
) -> None:
    """Take the paper with number, date and seal: the answer is issued.

    A result is then kept and ready to be handed over; a refusal closes the dossier.
    Publishes ResultIssued or DossierClosed.
    """
    task = workflow.task_of(dossier.id, "public_services.issue")
    is_refusal = decision.kind == DecisionKind.REFUSAL
    outcome = "refuse" if is_refusal else "issue"
    workflow.complete(actor, task=task, outcome=outcome, at=at, by=decision.issued_by)
    if not is_refusal:
        keeping.keep_result(actor, dossier, decision, file=file, at=at)
    decision.state, decision.sealed, decision.failure = SigningState.SEALED, file, ""
    database.update(decision, "state", "sealed", "issued_by", "failure")
    if is_refusal:
        _close_refused(actor, dossier, decision, at)
    else:
        _issue(actor, dossier, decision, at)


def _issue(actor: Actor, dossier: Dossier, decision: Decision, at: dt.datetime) -> None:
    dossiers.moved(
        actor,
        dossier,
        act="issue",
        at=at,
        state=DossierState.ISSUED,
        changes={"issued_at": at, "delivery_state": DeliveryState.READY},
        event=ResultIssued(
            dossier=dossier.id,
            code=dossier.code,
            procedure=dossier.case.version.procedure.code,
            result_type=dossier.case.result_type,
            number=decision.notation,
            unit=dossier.competent_unit_id,
            file=dossiers.known(decision.sealed_id),
            decision=decision.id,
        ),
    )
    dossiers.tell(dossier, "issued", at)


def _close_refused(actor: Actor, dossier: Dossier, decision: Decision, at: dt.datetime) -> None:
    closing = Closing(
        dossier=dossier,
        kind=ClosingKind.REFUSED,
        reason=decision.reason,
        ground=decision.ground,
        closed_by=decision.signed_by,
        closed_at=at,
    )
    database.insert(closing)
    dossiers.moved(
        actor,
        dossier,
        act="issue",
        at=at,
        state=DossierState.REFUSED,
        closing=ClosingKind.REFUSED,
        changes={"issued_at": at, "ended_at": at},
        event=DossierClosed(
            dossier=dossier.id, code=dossier.code, closing=closing.id, kind=closing.kind
        ),
    )
    dossiers.tell(dossier, "closed", at, how=str(ClosingKind(closing.kind).label))

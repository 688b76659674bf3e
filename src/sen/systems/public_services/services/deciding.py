"""The decision: the leader signs or returns, the clerk numbers and seals, the result is issued."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, NotAllowed
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import (
    ClosingKind,
    DecisionKind,
    DeliveryState,
    DossierState,
    SigningState,
)
from sen.systems.public_services.events import DossierClosed, ResultIssued
from sen.systems.public_services.models import Closing, Decision, Dossier
from sen.systems.public_services.queries import paperwork, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import KIND, Ordered
from sen.systems.public_services.services.processing import need_comment

T = TypeVar("T")

SIGN = "public_services.sign"
SEAL = "public_services.seal"


def sign_result(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Sign the answer as the competent leader; the signature itself follows the commit.

    Returns the dossier as it then stands: a local key has signed by now.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13: the leader signs before number and date are given.
    """
    return dossiers.settled(_ask_signature(actor=actor, order=order, at=at))


@transaction.atomic
def _ask_signature(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    dossier = dossiers.open_for(actor, order, act="sign", permission=permissions.SIGN)
    decision = _to_sign(actor, dossier)
    decision.state, decision.signed_by, decision.failure = (
        SigningState.REQUESTED,
        actor.account,
        "",
    )
    decision.save(update_fields=["state", "signed_by", "failure"])
    signing.request(
        actor,
        documents=[signing.DocumentToSign(file=decision.draft_id, field="NguoiKy")],
        signer=signing.SignerRef(signing.HolderKind.PERSON, _known(actor.person)),
        subject=dossiers.subject(dossier),
        purpose=SIGN,
        at=at,
        certify=True,
    )
    dossiers.moved(actor, dossier, act="sign", at=at)
    return dossier


@transaction.atomic
def return_for_rework(*, actor: Actor, order: Ordered, comment: str, at: dt.datetime) -> Dossier:
    """Return a draft to the specialist as the leader, saying what is to be done again.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid, SigningUnderWay.
    """
    dossier = dossiers.open_for(actor, order, act="return_for_rework", permission=permissions.SIGN)
    need_comment(is_agreed=False, comment=comment)
    decision = _to_sign(actor, dossier)
    task = workflow.task_of(dossier.id, "public_services.sign")
    workflow.complete(
        actor,
        task=task,
        outcome="return",
        at=at,
        comment=nfc(comment),
        assign={"process": decision.proposed_by},
    )
    decision.round += 1
    decision.save(update_fields=["round"])
    dossiers.moved(
        actor,
        dossier,
        act="return_for_rework",
        at=at,
        state=DossierState.PROCESSING,
        words=nfc(comment),
    )
    return dossier


@transaction.atomic(savepoint=False)
def record_signature(
    *,
    actor: Actor,
    record: UUID,
    request: UUID,
    signed: UUID | None,
    failure: str,
    at: dt.datetime,
) -> None:
    """Take in the leader's signed paper, or why it could not be signed; a repeat changes nothing.

    request: the signature's own record, which the file leaves for the dossier.
    Where the dossier has ended meanwhile, the signature is noted and has no effect: its file goes
    after a day. Called by the handler of `signing.completed`.
    """
    dossier, decision = _locked(actor, record)
    if decision.state != SigningState.REQUESTED:
        return
    if dossier.state in rules.ENDED:
        _discard(actor, dossier, decision, request=request, file=signed, at=at)
        return
    if signed is None:
        _failed(actor, dossier, decision, back_to=SigningState.FAILED, failure=failure, at=at)
        return
    decision.state, decision.signed_id = SigningState.SIGNED, signed
    decision.save(update_fields=["state", "signed"])
    left = (signing.SIGNED_FILES, request)
    files.link(actor, [signed], KIND, dossier.id, at, moved_from=left)
    task = workflow.task_of(dossier.id, "public_services.sign")
    workflow.complete(actor, task=task, outcome="agree", at=at, by=decision.signed_by)
    dossiers.moved(actor, dossier, act="signed", at=at, state=DossierState.SIGNED)


def issue_result(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Give the signed answer its number, date and seal as the clerk; sealing follows the commit.

    The number comes from the unit's register of the year, without gaps; another attempt keeps it.
    Returns the dossier as it then stands: a local key has sealed by now.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 15 và Điều 17, 32.
    """
    return dossiers.settled(_ask_seal(actor=actor, order=order, at=at))


@transaction.atomic
def _ask_seal(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    dossier = dossiers.open_for(actor, order, act="issue", permission=permissions.ISSUE)
    decision = dossiers.not_under_way(dossier)
    day = clock.day(at)
    if decision.number is None:
        register = paperwork.register_of(dossier, DecisionKind(decision.kind), on=day)
        decision.number = papers.take_number(
            unit=dossier.competent_unit_id, kind=register.kind, series=register.series, on=day
        )
        decision.notation = f"{decision.number:02d}/{register.notation}"
        decision.decided_on = day
    decision.state, decision.issued_by, decision.failure = SigningState.SEALING, actor.account, ""
    decision.save(
        update_fields=["number", "notation", "decided_on", "state", "issued_by", "failure"]
    )
    fill = paperwork.given_by_clerk(decision)
    signing.request(
        actor,
        documents=[
            signing.DocumentToSign(
                file=_known(decision.signed_id),
                field="CoQuan",
                fill=fill,
                lock_fields=tuple(fill),
            )
        ],
        signer=signing.SignerRef(signing.HolderKind.UNIT, dossier.competent_unit_id),
        subject=dossiers.subject(dossier),
        purpose=SEAL,
        at=at,
    )
    dossiers.moved(actor, dossier, act="issue", at=at)
    return dossier


@transaction.atomic(savepoint=False)
def record_seal(
    *,
    actor: Actor,
    record: UUID,
    request: UUID,
    sealed: UUID | None,
    failure: str,
    at: dt.datetime,
) -> None:
    """Take in the sealed paper and issue the answer; a repeat changes nothing.

    request: the signature's own record, which the file leaves for the dossier.
    A result is then ready to be handed over; a refusal closes the dossier.
    Publishes ResultIssued or DossierClosed.
    """
    dossier, decision = _locked(actor, record)
    if decision.state != SigningState.SEALING:
        return
    if dossier.state in rules.ENDED:
        _discard(actor, dossier, decision, request=request, file=sealed, at=at)
        return
    if sealed is None:
        _failed(actor, dossier, decision, back_to=SigningState.SIGNED, failure=failure, at=at)
        return
    decision.state, decision.sealed_id = SigningState.SEALED, sealed
    decision.save(update_fields=["state", "sealed"])
    left = (signing.SIGNED_FILES, request)
    files.link(actor, [sealed], KIND, dossier.id, at, moved_from=left)
    task = workflow.task_of(dossier.id, "public_services.issue")
    is_refusal = decision.kind == DecisionKind.REFUSAL
    workflow.complete(
        actor,
        task=task,
        outcome="refuse" if is_refusal else "issue",
        at=at,
        by=decision.issued_by,
    )
    if is_refusal:
        _close_refused(actor, dossier, decision, at)
    else:
        _issue(actor, dossier, decision, at)


def _issue(actor: Actor, dossier: Dossier, decision: Decision, at: dt.datetime) -> None:
    dossiers.moved(
        actor,
        dossier,
        act="issued",
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
            file=_known(decision.sealed_id),
            decision=decision.id,
        ),
    )
    dossiers.tell(dossier, "issued", at)


def _close_refused(actor: Actor, dossier: Dossier, decision: Decision, at: dt.datetime) -> None:
    closing = Closing.objects.create(
        dossier=dossier,
        kind=ClosingKind.REFUSED,
        reason=decision.reason,
        ground=decision.ground,
        closed_by=decision.signed_by,
        closed_at=at,
    )
    dossiers.moved(
        actor,
        dossier,
        act="issued",
        at=at,
        state=DossierState.REFUSED,
        closing=ClosingKind.REFUSED,
        changes={"issued_at": at, "ended_at": at},
        event=DossierClosed(
            dossier=dossier.id, code=dossier.code, closing=closing.id, kind=closing.kind
        ),
    )
    dossiers.tell(dossier, "closed", at, how=str(ClosingKind(closing.kind).label))


def _failed(
    actor: Actor,
    dossier: Dossier,
    decision: Decision,
    *,
    back_to: SigningState,
    failure: str,
    at: dt.datetime,
) -> None:
    decision.state, decision.failure = back_to, failure
    decision.save(update_fields=["state", "failure"])
    dossiers.moved(actor, dossier, act="signing_failed", at=at, reason=failure)


def _discard(
    actor: Actor,
    dossier: Dossier,
    decision: Decision,
    *,
    request: UUID,
    file: UUID | None,
    at: dt.datetime,
) -> None:
    """Note a signature that came when the dossier had ended: it has no effect, its file goes."""
    decision.state = SigningState.FAILED
    decision.failure = _("Hồ sơ đã kết thúc trước khi ký xong.")
    decision.save(update_fields=["state", "failure"])
    if file is not None:
        files.unlink(actor, [file], signing.SIGNED_FILES, request, at)
    audit.record(actor, f"{KIND}.signature_discarded", subject=dossiers.subject(dossier), at=at)


def _to_sign(actor: Actor, dossier: Dossier) -> Decision:
    """Return the decision that waits for this leader."""
    decision = dossiers.not_under_way(dossier)
    if decision.signer != actor.account:
        raise NotAllowed(_("Dự thảo này trình lãnh đạo khác ký."))
    return decision


def _locked(actor: Actor, record: UUID) -> tuple[Dossier, Decision]:
    access.enter(actor)
    dossier = _known(records.locked(record=record))
    return dossier, dossier.decision


def _known(value: T | None) -> T:
    """Return what the state of the record promises to be there."""
    if value is None:
        raise Conflict
    return value

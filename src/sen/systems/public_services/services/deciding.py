"""The decision: the leader signs or returns, the clerk numbers and seals, the result is issued.

A key on this machine signs before the transaction of the act, which takes the paper or throws it
away; with a key elsewhere the act asks for the signature and it comes later (`elsewhere`).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, DomainError
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import DecisionKind, DossierState
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.services import dossiers, elsewhere, outcomes
from sen.systems.public_services.services.dossiers import KIND, Ordered
from sen.systems.public_services.services.processing import need_comment

PDF = "application/pdf"


def sign_result(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Sign the answer as the competent leader.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay, FormerUnit,
    NoCertificate, CannotSign.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13: the leader signs before number and date are given.
    """
    draft = _draft(actor=actor, order=order)
    leader = signing.SignerRef(signing.HolderKind.PERSON, dossiers.known(actor.person))
    key = signing.key_at_hand(actor, leader, at=at)
    if key is None:
        return elsewhere.ask_signature(actor=actor, order=order, at=at)
    made = signing.sign_now(
        key,
        data=files.read(draft),
        document=signing.DocumentToSign(file=draft.id, field=signing.LEADER_FIELD),
        at=at,
        certify=True,
    )
    signed = files.lay_down(actor, name=draft.name, data=made.data, media_type=PDF)
    try:
        return _sign(actor=actor, order=order, made=made, signed=signed, at=at)
    except DomainError:
        files.discard(signed)
        raise


@transaction.atomic
def _draft(*, actor: Actor, order: Ordered) -> files.File:
    """Return the paper that waits for this leader, if they may sign it now."""
    dossier = dossiers.open_for(actor, order, act="sign", permission=permissions.SIGN)
    return dossiers.to_sign(actor, dossier).draft


@transaction.atomic
def _sign(
    *, actor: Actor, order: Ordered, made: signing.Made, signed: files.File, at: dt.datetime
) -> Dossier:
    dossier = dossiers.open_for(actor, order, act="sign", permission=permissions.SIGN)
    decision = dossiers.to_sign(actor, dossier)
    if decision.draft_id != made.document.file:
        raise Conflict
    decision.signed_by = actor.account
    outcomes.signed(actor, dossier, decision, file=signed, at=at)
    files.keep(signed, KIND, dossier.id)
    signing.record_made(
        actor,
        made,
        file=signed.id,
        subject=dossiers.subject(dossier),
        purpose=elsewhere.SIGN,
        at=at,
    )
    return dossier


@transaction.atomic
def return_for_rework(*, actor: Actor, order: Ordered, comment: str, at: dt.datetime) -> Dossier:
    """Return a draft to the specialist as the leader, saying what is to be done again.

    Where whoever was to sign signs for the unit no longer, another leader of the unit may.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid, SigningUnderWay.
    """
    dossier = dossiers.open_for(actor, order, act="return_for_rework", permission=permissions.SIGN)
    need_comment(is_agreed=False, comment=comment)
    decision = dossiers.to_return(actor, dossier, at)
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
    database.update(decision, "round")
    dossiers.moved(
        actor,
        dossier,
        act="return_for_rework",
        at=at,
        state=DossierState.PROCESSING,
        words=nfc(comment),
    )
    return dossier


def issue_result(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Give the signed answer its number, date and seal as the clerk, and issue it.

    The number comes from the unit's register of the year, without gaps: it is the answer's from
    the first moment, and another attempt keeps it.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay, NoCertificate,
    CannotSign.
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 15 và Điều 17, 32.
    """
    decision, key = _number(actor=actor, order=order, at=at)
    if key is None:
        return elsewhere.ask_seal(actor=actor, order=order, at=at)
    source, fill = dossiers.known(decision.signed), paperwork.given_by_clerk(decision)
    made = signing.sign_now(
        key,
        data=files.read(source),
        document=signing.DocumentToSign(
            file=source.id, field=signing.SEAL_FIELD, fill=fill, lock_fields=tuple(fill)
        ),
        at=at,
    )
    sealed = files.lay_down(actor, name=source.name, data=made.data, media_type=PDF)
    try:
        return _seal(actor=actor, order=order, made=made, sealed=sealed, at=at)
    except DomainError:
        files.discard(sealed)
        raise


@transaction.atomic
def _number(
    *, actor: Actor, order: Ordered, at: dt.datetime
) -> tuple[Decision, signing.Certificate | None]:
    """Give the answer its number and day, unless it has them; return it and the key of the seal.

    Where the unit has no certificate in force nothing is numbered.
    """
    dossier = dossiers.open_for(actor, order, act="issue", permission=permissions.ISSUE)
    decision = dossiers.not_under_way(dossier)
    organisation = signing.SignerRef(signing.HolderKind.UNIT, dossier.competent_unit_id)
    key = signing.key_at_hand(actor, organisation, at=at)
    if decision.number is None:
        day = clock.day(at)
        register = paperwork.register_of(dossier, DecisionKind(decision.kind), on=day)
        decision.number = papers.take_number(
            unit=dossier.competent_unit_id, kind=register.kind, series=register.series, on=day
        )
        decision.notation = f"{decision.number:02d}/{register.notation}"
        decision.decided_on = day
        database.update(decision, "number", "notation", "decided_on")
        audit.record(
            actor,
            f"{KIND}.number",
            subject=dossiers.subject(dossier),
            at=at,
            fields={"number": decision.notation},
        )
    return decision, key


@transaction.atomic
def _seal(
    *, actor: Actor, order: Ordered, made: signing.Made, sealed: files.File, at: dt.datetime
) -> Dossier:
    dossier = dossiers.open_for(actor, order, act="issue", permission=permissions.ISSUE)
    decision = dossiers.not_under_way(dossier)
    if decision.signed_id != made.document.file:
        raise Conflict
    decision.issued_by = actor.account
    outcomes.sealed(actor, dossier, decision, file=sealed, at=at)
    files.keep(sealed, KIND, dossier.id)
    signing.record_made(
        actor,
        made,
        file=sealed.id,
        subject=dossiers.subject(dossier),
        purpose=elsewhere.SEAL,
        at=at,
    )
    return dossier

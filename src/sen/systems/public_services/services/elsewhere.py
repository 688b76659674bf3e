"""Signatures by keys that are not on this machine: asked for, and taken in when they come.

A phone, a token or a remote service signs minutes later, or never; until then the dossier waits.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.signing import public as signing
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import SigningState
from sen.systems.public_services.models import Decision, Dossier
from sen.systems.public_services.queries import paperwork, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import dossiers, outcomes
from sen.systems.public_services.services.dossiers import KIND, Ordered

SIGN = "public_services.sign"
SEAL = "public_services.seal"


@transaction.atomic
def ask_signature(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Ask the leader's key, wherever it is, to sign the answer; the signature comes later.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay.
    """
    dossier = dossiers.open_for(actor, order, act="sign", permission=permissions.SIGN)
    decision = dossiers.to_sign(actor, dossier)
    signing.request(
        actor,
        documents=[signing.DocumentToSign(file=decision.draft_id, field=signing.LEADER_FIELD)],
        signer=signing.SignerRef(signing.HolderKind.PERSON, dossiers.known(actor.person)),
        subject=dossiers.subject(dossier),
        purpose=SIGN,
        at=at,
        certify=True,
    )
    decision.state, decision.signed_by, decision.failure = (
        SigningState.REQUESTED,
        actor.account,
        "",
    )
    database.update(decision, "state", "signed_by", "failure")
    dossiers.moved(actor, dossier, act="ask_signature", at=at)
    return dossier


@transaction.atomic
def ask_seal(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Ask the organisation's key, wherever it is, to seal the numbered answer.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, SigningUnderWay.
    """
    dossier = dossiers.open_for(actor, order, act="issue", permission=permissions.ISSUE)
    decision = dossiers.not_under_way(dossier)
    fill = paperwork.given_by_clerk(decision)
    signing.request(
        actor,
        documents=[
            signing.DocumentToSign(
                file=dossiers.known(decision.signed_id),
                field=signing.SEAL_FIELD,
                fill=fill,
                lock_fields=tuple(fill),
            )
        ],
        signer=signing.SignerRef(signing.HolderKind.UNIT, dossier.competent_unit_id),
        subject=dossiers.subject(dossier),
        purpose=SEAL,
        at=at,
    )
    decision.state, decision.issued_by, decision.failure = SigningState.SEALING, actor.account, ""
    database.update(decision, "state", "issued_by", "failure")
    dossiers.moved(actor, dossier, act="ask_seal", at=at)
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
    left = (signing.SIGNED_FILES, request)
    [file] = files.link(actor, [signed], KIND, dossier.id, at, moved_from=left)
    outcomes.signed(actor, dossier, decision, file=file, at=at)


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
    left = (signing.SIGNED_FILES, request)
    [file] = files.link(actor, [sealed], KIND, dossier.id, at, moved_from=left)
    outcomes.sealed(actor, dossier, decision, file=file, at=at)


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
    database.update(decision, "state", "failure")
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
    if file is not None:
        files.unlink(actor, [file], signing.SIGNED_FILES, request, at)
    decision.state = SigningState.FAILED
    decision.failure = _("Hồ sơ đã kết thúc trước khi ký xong.")
    database.update(decision, "state", "failure")
    audit.record(actor, f"{KIND}.signature_discarded", subject=dossiers.subject(dossier), at=at)


def _locked(actor: Actor, record: UUID) -> tuple[Dossier, Decision]:
    access.enter(actor)
    dossier = dossiers.known(records.locked(record=record))
    return dossier, dossier.decision

"""Dossiers that another system settles: received here, passed on, watched until they are answered.

Nothing outside is asked within a transaction. What was ordered is a job: whoever dies between the
partner's answer and our own record sends again under the same key and is told the same. The first
answer is the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import SYSTEM, Actor
from sen.base.errors import Conflict
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.adapters import residence
from sen.systems.public_services.choices import (
    ClosingKind,
    DeliveryState,
    DossierState,
    MessageKind,
    MessageOutcome,
    PartyRole,
    PassageOutcome,
    SyncState,
)
from sen.systems.public_services.data import ElsewhereAnswer, ElsewhereStatus, Partner
from sen.systems.public_services.events import DossierAnswered, DossierPassedOn
from sen.systems.public_services.models import (
    Case,
    Closing,
    Dossier,
    DossierPaper,
    Passage,
    SyncMessage,
)
from sen.systems.public_services.queries import passages
from sen.systems.public_services.rules import passages as rules
from sen.systems.public_services.services import dossiers
from sen.systems.public_services.services.dossiers import Ordered

SEND = "public_services.pass_on"
"""The job that passes one dossier on."""
LOOK = "public_services.look_elsewhere"
"""The job that asks where one dossier is."""
BATCH = 200


class NotPassedOn(Conflict):
    """This dossier is settled here."""

    code: ClassVar[str] = "not_passed_on"
    default: ClassVar[str] = "Hồ sơ này không chuyển nơi khác giải quyết."


def partner_of(case: Case) -> str:
    """Return the system that settles a case, empty where it is settled here."""
    return str(case.version.overlay.get("passes_on", {}).get("partner", ""))


def order_passage(dossier: Dossier, *, at: dt.datetime) -> None:
    """Order a dossier that was just received to be passed on; a job does it after the commit."""
    database.insert(Passage(dossier=dossier, partner=partner_of(dossier.case), ordered_at=at))
    jobs.defer(SEND, dossier=str(dossier.id))


def pass_on(*, dossier: UUID, at: dt.datetime) -> None:
    """Pass an ordered dossier on; a repeat changes nothing.

    A refusal of the partner is kept and shown, and nothing is sent again until somebody orders it.
    Raises Unreachable where the partner does not answer: the job tries again.
    """
    with access.acting(SYSTEM):
        held, passage, papers = passages.to_send(dossier)
        if passage.sent_at is not None:
            return
        body = _body(held, papers)
    partner = partner_named(passage.partner)
    content = {"fields": sorted(body["toKhai"]), "papers": body["giayTo"]}
    try:
        for file in (paper.file for paper in papers if paper.file is not None):
            residence.hand_in_file(partner, sha256=file.sha256, data=files.read(file))
        status = residence.hand_in(partner, key=str(held.id), body=body)
    except residence.Refused as refused:
        _failed(dossier, MessageOutcome.REFUSED, str(refused), content, at)
        return
    except residence.Unreachable as unreachable:
        _failed(dossier, MessageOutcome.FAILED, str(unreachable), content, at)
        raise
    _passed_on(dossier, status, content, at)


@transaction.atomic
def order_looks(*, at: dt.datetime) -> int:
    """Order every dossier whose time has come to be asked for; return how many.

    Several workers share: each row is one worker's, and is due again later.
    """
    due = list(
        Passage.objects.select_for_update(skip_locked=True)
        .filter(next_look_at__lte=at)
        .order_by("next_look_at", "id")[:BATCH]
    )
    for passage in due:
        passage.next_look_at = rules.next_look(sent_at=passage.sent_at or at, now=at)
        jobs.defer(LOOK, dossier=str(passage.dossier_id))
    Passage.objects.bulk_update(due, ["next_look_at"])
    return len(due)


def look(*, dossier: UUID, at: dt.datetime) -> None:
    """Ask where a dossier is, and take what is told. Raises Unreachable: asked again later."""
    passage = Passage.objects.get(dossier=dossier)
    if not passage.foreign_code:
        return
    partner = partner_named(passage.partner)
    try:
        status = residence.status(partner, code=passage.foreign_code)
    except residence.Refused as refused:
        _unanswered(dossier, str(refused), at)
        return
    except residence.Unreachable as unreachable:
        _unanswered(dossier, str(unreachable), at)
        return
    _take(dossier, status, at)


@transaction.atomic
def follow_up(*, actor: Actor, order: Ordered, at: dt.datetime) -> Dossier:
    """Send a dossier again, or ask again where it is, as the official who watches over it.

    Sending again is safe: the partner knows the dossier by its key. Raises NotAllowed,
    ConflictOfInterest, VersionConflict, NotPassedOn.
    """
    dossier = dossiers.open_for(actor, order, act="follow_up", permission=permissions.RECEIVE)
    passage = Passage.objects.select_for_update().filter(dossier=dossier).first()
    if passage is None:
        raise NotPassedOn
    jobs.defer(LOOK if passage.sent_at is not None else SEND, dossier=str(dossier.id))
    changes = {} if passage.sent_at is not None else {"sync_state": SyncState.WAITING}
    dossiers.moved(actor, dossier, act="follow_up", at=at, changes=changes)
    return dossier


def partner_named(name: str) -> Partner:
    """Return where a partner is reached. Raises Unreachable where no address is set."""
    url, secret = settings.SETTLED_ELSEWHERE.get(name, ("", ""))
    if not url:
        raise residence.Unreachable(_("Chưa cấu hình địa chỉ kết nối."))
    return Partner(url=url, secret=secret)


def _body(dossier: Dossier, papers: Sequence[DossierPaper]) -> dict[str, Any]:
    """Return what is sent: who, what was declared, the papers by their fingerprints."""
    owner = dossier.party_by_role[PartyRole.OWNER]
    return {
        "maHoSo": dossier.code,
        "maTTHC": dossier.case.version.procedure.code,
        "maDonViTiepNhan": organisations.unit_by_id(dossier.received_unit_id).code,
        "ngayNop": dossier.submitted_at.isoformat(),
        "ngayTiepNhan": dossier.received_at.isoformat() if dossier.received_at else "",
        "henTra": dossier.due_at.isoformat() if dossier.due_at else "",
        "chuHoSo": {
            "hoTen": owner.full_name,
            "soDinhDanh": identity.national_number(owner.person) if owner.person else "",
            "dienThoai": owner.phone,
        },
        "toKhai": forms.read_answers(dossier.id),
        "giayTo": [
            {
                "ma": paper.code,
                "ten": paper.title["vi"],
                "tep": [{"ten": paper.file.name, "maBam": paper.file.sha256}] if paper.file else [],
            }
            for paper in papers
        ],
    }


@transaction.atomic
def _passed_on(
    record: UUID, status: ElsewhereStatus, content: dict[str, Any], at: dt.datetime
) -> None:
    access.enter(SYSTEM)
    dossier, passage = passages.locked(record)
    if passage.sent_at is not None:  # another try was quicker
        return
    passage.sent_at, passage.foreign_code, passage.foreign_state = at, status.code, status.state
    passage.failure, passage.looked_at = "", at
    passage.next_look_at = rules.next_look(sent_at=at, now=at)
    database.update(
        passage,
        "sent_at", "foreign_code", "foreign_state", "failure", "looked_at", "next_look_at",
    )  # fmt: skip
    _note(dossier, MessageKind.SUBMIT, MessageOutcome.TAKEN, at, note=status.code, content=content)
    dossiers.moved(
        SYSTEM,
        dossier,
        act="pass_on",
        at=at,
        changes={"sync_state": SyncState.DONE, "competent_received_at": at},
        event=DossierPassedOn(
            dossier=dossier.id, code=dossier.code, partner=passage.partner, foreign=status.code
        ),
    )
    dossiers.tell(dossier, "passed_on", at, foreign=status.code)


@transaction.atomic
def _failed(
    record: UUID, outcome: MessageOutcome, why: str, content: dict[str, Any], at: dt.datetime
) -> None:
    """Note that a dossier did not arrive; whoever watches over it sees it."""
    access.enter(SYSTEM)
    dossier, passage = passages.locked(record)
    if passage.sent_at is not None:
        return
    passage.failure = why
    database.update(passage, "failure")
    _note(dossier, MessageKind.SUBMIT, outcome, at, note=why, content=content)
    if dossier.sync_state != SyncState.FAILED:
        dossiers.moved(
            SYSTEM,
            dossier,
            act="sync_failed",
            at=at,
            changes={"sync_state": SyncState.FAILED},
            reason=why,
        )


@transaction.atomic
def _unanswered(record: UUID, why: str, at: dt.datetime) -> None:
    """Note that the partner did not tell where a dossier is; it is asked again by the clock."""
    access.enter(SYSTEM)
    dossier, passage = passages.locked(record)
    if passage.failure != why:
        _note(dossier, MessageKind.STATUS, MessageOutcome.FAILED, at, note=why)
    passage.failure, passage.looked_at = why, at
    database.update(passage, "failure", "looked_at")


@transaction.atomic
def _take(record: UUID, status: ElsewhereStatus, at: dt.datetime) -> None:
    """Take what the partner told: its state, and once its answer, which ends the watch."""
    access.enter(SYSTEM)
    dossier, passage = passages.locked(record)
    passage.looked_at, passage.failure = at, ""
    if passage.answered_at is not None:
        answer = status.answer
        if answer is not None and answer.number != passage.number:
            known = dossier.sync_messages.filter(
                outcome=MessageOutcome.REPEATED, note=answer.number
            )
            if not known.exists():
                _note(dossier, MessageKind.STATUS, MessageOutcome.REPEATED, at, note=answer.number)
        database.update(passage, "looked_at", "failure")
        return
    if status.answer is not None:
        passage.foreign_state = status.state
        _answered(dossier, passage, status.answer, at)
        return
    if status.state != passage.foreign_state:
        passage.foreign_state = status.state
        _note(dossier, MessageKind.STATUS, MessageOutcome.CHANGED, at, note=status.state)
    database.update(passage, "looked_at", "failure", "foreign_state")


def _answered(dossier: Dossier, passage: Passage, answer: ElsewhereAnswer, at: dt.datetime) -> None:
    granted = answer.outcome == PassageOutcome.GRANTED
    task = workflow.task_of(dossier.id, "public_services.follow_up")
    workflow.complete(SYSTEM, task=task, outcome="issue" if granted else "refuse", at=at)
    passage.outcome, passage.number = answer.outcome, answer.number
    passage.answered_on, passage.words = answer.answered_on, answer.words
    passage.answered_at, passage.next_look_at = at, None
    database.update(
        passage,
        "looked_at", "failure", "foreign_state", "outcome", "number", "answered_on", "words",
        "answered_at", "next_look_at",
    )  # fmt: skip
    _note(dossier, MessageKind.STATUS, MessageOutcome.ANSWERED, at, note=answer.number)
    if not granted:
        database.insert(
            Closing(
                dossier=dossier,
                kind=ClosingKind.REFUSED,
                reason=answer.words,
                ground=answer.ground or answer.number,
                closed_at=at,
            )
        )
    changes: dict[str, Any] = {"issued_at": at}
    changes |= {"delivery_state": DeliveryState.READY} if granted else {"ended_at": at}
    dossiers.moved(
        SYSTEM,
        dossier,
        act="answered_elsewhere",
        at=at,
        state=DossierState.ISSUED if granted else DossierState.REFUSED,
        closing=None if granted else ClosingKind.REFUSED,
        changes=changes,
        event=DossierAnswered(
            dossier=dossier.id,
            code=dossier.code,
            partner=passage.partner,
            outcome=answer.outcome,
            number=answer.number,
        ),
    )
    template = "answered_elsewhere" if granted else "refused_elsewhere"
    dossiers.tell(dossier, template, at, number=answer.number)


def _note(
    dossier: Dossier,
    kind: MessageKind,
    outcome: MessageOutcome,
    at: dt.datetime,
    *,
    note: str = "",
    content: dict[str, Any] | None = None,
) -> None:
    database.insert(
        SyncMessage(
            dossier=dossier,
            kind=kind,
            outcome=outcome,
            note=note,
            content=content or {},
            sent_at=at,
        )
    )

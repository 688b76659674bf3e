"""Settlement inside the competent agency: assign, ask for more, propose, check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, DomainError, Invalid
from sen.base.identifiers import new_id
from sen.base.vietnamese import nfc
from sen.kernel.access import public as access
from sen.kernel.database import public as database
from sen.kernel.database.public import Part
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.papers import public as papers
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import (
    DecisionKind,
    DossierState,
    FormCode,
    SigningState,
)
from sen.systems.public_services.data import PaperInput, SupplementItem
from sen.systems.public_services.events import DossierSupplemented, SupplementRequested
from sen.systems.public_services.models import Dossier, SupplementRequest
from sen.systems.public_services.queries import catalogue, paperwork, parts, records
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import dossiers, findings, issuing
from sen.systems.public_services.services.dossiers import KIND, Ordered
from sen.systems.public_services.services.filing.papers import add_papers, tie_files
from sen.systems.public_services.services.reception import check_ground

NOBODY = UUID(int=0)
"""Stands where the system itself acted."""


class SupplementSpent(Conflict):
    """This stage has asked for a supplement already; the law allows one notice."""

    code = "supplement_spent"
    default = (
        "Giai đoạn này đã yêu cầu bổ sung một lần. Theo quy định, mọi nội dung cần bổ sung "
        "phải nêu trong một phiếu."
    )


_TASKS = {"reception": "public_services.receive", "processing": "public_services.propose"}
"""Whose task it is to ask for a supplement, by the stage in which it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a specialist puts before the leader: the result, or a refusal with its ground.

    signer: the account of the leader who is to sign, None for the head of the unit. findings: what
    the official established, None for what is kept already; a refusal needs none.
    """

    kind: str = DecisionKind.RESULT
    reason: str = ""
    ground: str = ""
    signer: UUID | None = None
    findings: Mapping[str, Any] | None = None


_DRAFT = """
INSERT INTO public_services_decision (id, dossier_id, kind, reason, ground, round, state, draft_id,
    result_key, signer, proposed_by, notation, failure)
VALUES (%s, %s, %s, %s, %s, 1, %s, %s, %s, %s, %s, '', '')
ON CONFLICT (dossier_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
    ground = excluded.ground, state = excluded.state, draft_id = excluded.draft_id,
    result_key = excluded.result_key, signer = excluded.signer,
    proposed_by = excluded.proposed_by, failure = ''"""
"""A draft made again takes the place of the one before; its round goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drafted:
    """A proposal with its paper made: the file, the key in its QR code, the leader's account."""

    proposal: Proposal
    file: files.File
    key: str
    signer: UUID


@transaction.atomic
def assign_dossier(*, actor: Actor, order: Ordered, to: UUID, at: dt.datetime) -> Dossier:
    """Give a dossier to an official, or from one official to another ("phân công, phân công lại").

    to: the account of the official. Raises NotAllowed, Invalid (that official does not process
    here), ConflictOfInterest (either of the two is a party or close to one), VersionConflict.
    """
    dossier = dossiers.open_for(actor, order, act="assign", permission=permissions.ASSIGN)
    _check_assignee(dossier, to, at)
    if dossier.state == DossierState.RECEIVED:
        task = workflow.task_of(dossier.id, "public_services.assign")
        workflow.complete(actor, task=task, outcome="assign", at=at, assign={"process": to})
    else:
        task = workflow.task_of(dossier.id, "public_services.propose")
        workflow.assign(actor, task=task, account=to, at=at)
    dossiers.moved(actor, dossier, act="assign", at=at, state=DossierState.PROCESSING)
    return dossier


@transaction.atomic
def request_supplement(
    *,
    actor: Actor,
    order: Ordered,
    items: Sequence[SupplementItem],
    guide: str = "",
    at: dt.datetime,
) -> Dossier:
    """Ask the person to add or correct, item by item with reasons; the clock stands.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, Conflict (the draft is under way),
    Invalid, SupplementSpent. Publishes SupplementRequested; Mẫu 02 follows.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17.2.a (sửa đổi bởi Nghị định 309/2026/NĐ-CP).
    """
    dossier = dossiers.open_for(
        actor,
        order,
        act="request_supplement",
        permission=permissions.PROCESS,
        at_reception=permissions.RECEIVE,
    )
    stage = "reception" if dossier.state == DossierState.SUBMITTED else "processing"
    task = dossiers.own_task(actor, dossier, _TASKS[stage])
    problems = rules.supplement_problems(items)
    if problems:
        raise Invalid(fields=problems)
    earlier = list(dossier.supplements.values_list("stage", flat=True))
    if not rules.may_ask_again(stage=stage, earlier_stages=earlier):
        raise SupplementSpent
    request = SupplementRequest(
        dossier=dossier,
        stage=stage,
        items=[asdict(item) for item in items],
        guide=nfc(guide),
        requested_by=actor.account or NOBODY,
        requested_at=at,
    )
    issuing.order_form(dossier, FormCode.MAU_02, record=request.id, at=at)
    database.insert(request)
    workflow.pause(
        actor,
        record=dossier.id,
        reason="supplement",
        ground="NĐ 118/2025/NĐ-CP, Điều 17",
        at=at,
        held=task.run,
    )
    dossiers.moved(
        actor,
        dossier,
        act="request_supplement",
        at=at,
        state=DossierState.SUPPLEMENT,
        event=SupplementRequested(dossier=dossier.id, code=dossier.code, request=request.id),
    )
    dossiers.tell(dossier, "supplement_requested", at)
    return dossier


@transaction.atomic
def answer_supplement(
    *,
    actor: Actor,
    order: Ordered,
    given: Sequence[PaperInput],
    answer: str = "",
    at: dt.datetime,
) -> Dossier:
    """Hand in what was asked for; the clock runs again.

    A party does it, or an official at the counter for a party. Raises NotFound, VersionConflict,
    Invalid. Publishes DossierSupplemented.
    """
    if actor.is_official:
        dossier = dossiers.open_for(
            actor, order, act="supplement", permission=permissions.FILE_AT_COUNTER
        )
    else:
        dossier = dossiers.open_as_party(actor, order, act="supplement")
    request = dossier.supplements.get(answered_at__isnull=True)
    if not given and not nfc(answer):
        raise Invalid(
            fields={"answer": [_("Vui lòng gửi giấy tờ bổ sung hoặc ghi nội dung trả lời.")]}
        )
    asked = {rule.code: rule for rule in catalogue.paper_rules(dossier.case)}
    unknown = {paper.code for paper in given} - set(asked)
    if unknown:
        raise Invalid(
            fields={f"papers.{code}": [_("Hồ sơ không có giấy tờ này.")] for code in unknown}
        )
    tie_files(actor, dossier, given, asked, at)
    resumed = workflow.resume(actor, record=dossier.id, at=at)
    add_papers(dossier, given, asked, at=at, supplement=request.id)
    request.answered_at, request.answer = at, nfc(answer)
    database.update(request, "answered_at", "answer")
    at_reception = request.stage == "reception"
    dossiers.moved(
        actor,
        dossier,
        act="supplement",
        at=at,
        state=DossierState.SUBMITTED if at_reception else DossierState.PROCESSING,
        changes={} if at_reception else {"expected_at": resumed.expected_at or dossier.due_at},
        event=DossierSupplemented(dossier=dossier.id, code=dossier.code, request=request.id),
    )
    return dossier


def propose_result(*, actor: Actor, order: Ordered, proposal: Proposal, at: dt.datetime) -> Dossier:
    """Put a draft of the answer before the head of office ("trình dự thảo kết quả").

    The paper is rendered and stored before the transaction, so that nothing slow holds a lock; the
    right and the state are looked at before that, so that nobody has papers made for nothing.
    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid.
    """
    if proposal.kind == DecisionKind.REFUSAL:
        check_ground(proposal.reason, proposal.ground)
    with access.acting(actor):
        held = dossiers.look_at(actor, order, act="propose", permission=permissions.PROCESS)
        key = paperwork.result_key(held)
        signer = signer_of(held, proposal, at)
        is_result = proposal.kind == DecisionKind.RESULT
        found = findings.for_proposal(held, proposal.findings) if is_result else {}
        paper = paperwork.decision_order(
            held,
            kind=proposal.kind,
            reason=proposal.reason,
            ground=proposal.ground,
            key=key,
            signer=signer,
            findings=found,
            at=at,
        )
    rendered = papers.render(paper.template, paper.data, on=clock.day(at), qr=paper.qr, fields=True)
    draft = files.lay_down(
        actor, name=paper.filename, data=rendered.pdf, media_type="application/pdf"
    )
    drafted = _Drafted(proposal=proposal, file=draft, key=key, signer=signer.account)
    try:
        return _propose(actor=actor, order=order, drafted=drafted, at=at)
    except DomainError:
        files.discard(draft)
        raise


@transaction.atomic
def _propose(*, actor: Actor, order: Ordered, drafted: _Drafted, at: dt.datetime) -> Dossier:
    proposal = drafted.proposal
    dossier = dossiers.open_for(actor, order, act="propose", permission=permissions.PROCESS)
    task = dossiers.own_task(actor, dossier, "public_services.propose")
    workflow.complete(actor, task=task, outcome="propose", at=at)
    if proposal.findings is not None and proposal.kind == DecisionKind.RESULT:
        findings.keep(actor, dossier, findings.cleaned(dossier, proposal.findings), at)
    files.keep(drafted.file, KIND, dossier.id)
    database.write(
        Part(
            _DRAFT,
            [
                new_id(),
                dossier.id,
                proposal.kind,
                nfc(proposal.reason),
                nfc(proposal.ground),
                SigningState.DRAFT,
                drafted.file.id,
                drafted.key,
                drafted.signer,
                actor.account,
            ],
        )
    )
    dossiers.moved(actor, dossier, act="propose", at=at, state=DossierState.PROCESSING)
    return dossier


@transaction.atomic
def check_proposal(
    *, actor: Actor, order: Ordered, is_agreed: bool, comment: str = "", at: dt.datetime
) -> Dossier:
    """Agree to a draft and pass it to the leader, or return it to the specialist with a comment.

    Raises NotAllowed, ConflictOfInterest, VersionConflict, Invalid, FormerUnit.
    """
    dossier = dossiers.open_for(actor, order, act="check", permission=permissions.CHECK)
    need_comment(is_agreed=is_agreed, comment=comment)
    task = workflow.task_of(dossier.id, "public_services.check")
    decision = records.locked_answer(dossier)
    to = {"process": decision.proposed_by}
    if is_agreed:
        to = {"sign": dossiers.leader_of(decision)}
    workflow.complete(
        actor,
        task=task,
        outcome="agree" if is_agreed else "return",
        at=at,
        comment=nfc(comment),
        assign=to,
    )
    if not is_agreed:
        decision.round += 1
        database.update(decision, "round")
    dossiers.moved(
        actor,
        dossier,
        act="check",
        at=at,
        state=DossierState.SIGNING if is_agreed else DossierState.PROCESSING,
        words=nfc(comment),
    )
    return dossier


def need_comment(*, is_agreed: bool, comment: str) -> None:
    """Raise Invalid where something is returned without saying why."""
    if not is_agreed and not nfc(comment):
        raise Invalid(
            fields={"comment": [_("Vui lòng ghi ý kiến để người thụ lý biết cần sửa gì.")]}
        )


def _check_assignee(dossier: Dossier, to: UUID, at: dt.datetime) -> None:
    unit, on = parts.unit_for(dossier, "assign"), clock.day(at)
    if to not in access.holders(permissions.PROCESS.name, unit=unit, on=on):
        raise Invalid(fields={"to": [_("Người này không thụ lý hồ sơ của đơn vị.")]})
    person = identity.account(to).person_id
    dossiers.check_impartial(Actor(account=to, person=person), dossier)


def signer_of(dossier: Dossier, proposal: Proposal, at: dt.datetime) -> paperwork.Signer:
    """Return the leader who is to sign, the head where nobody was chosen. Raises Invalid."""
    leaders = paperwork.signers(dossier.competent_unit_id, clock.day(at))
    for leader in leaders:
        if proposal.signer in {None, leader.account}:
            return leader
    raise Invalid(fields={"signer": [_("Vui lòng chọn lãnh đạo có thẩm quyền ký.")]})

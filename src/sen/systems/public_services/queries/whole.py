"""A dossier whole: one read for the page and for the API, in a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import (
    ClosingKind,
    DossierState,
    FormCode,
    SettledIn,
    SigningState,
)
from sen.systems.public_services.data import Clock, StageStanding
from sen.systems.public_services.models import (
    Closing,
    Council,
    CouncilSeat,
    Decision,
    Dossier,
    DossierPaper,
    FeeLine,
    FinancialDuty,
    IssuedForm,
    Party,
    Passage,
    SupplementRequest,
    SyncMessage,
)
from sen.systems.public_services.queries import council, opened, parts, records, stages
from sen.systems.public_services.rules import dossiers as rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """All there is to see of a dossier.

    acts: what the actor may do with it now, in the order of the work. tasks: the open ones;
    done: those that ended, with what was written then, for whoever works on it.
    decision, closing: as the actor may see them; parties see only what was issued.
    findings, council: what was established so far and by which council, for whoever works on it;
    None before.
    sees_working_papers: whether the actor works on it, and so sees what is not issued yet.
    """

    dossier: Dossier
    answers: Mapping[str, Any]
    summary: list[tuple[str, list[tuple[str, str]]]]
    parties: list[Party]
    papers: list[DossierPaper]
    fee_lines: list[FeeLine]
    issued_forms: list[IssuedForm]
    supplements: list[SupplementRequest]
    decision: Decision | None
    findings: Mapping[str, Any] | None
    council: council.Sitting | None
    closing: Closing | None
    clock: Clock
    stages: list[StageStanding]
    duty: FinancialDuty | None
    passage: Passage | None
    sync_messages: list[SyncMessage]
    tasks: list[workflow.Task]
    done: list[workflow.ClosedTask]
    acts: list[str]
    sees_working_papers: bool

    @property
    def open_supplement(self) -> SupplementRequest | None:
        """The request that waits for an answer, if one does."""
        return next((s for s in self.supplements if s.answered_at is None), None)

    @property
    def total_vnd(self) -> int:
        return sum(line.amount_vnd for line in self.fee_lines)


def whole(actor: Actor, code: str, *, now: dt.datetime) -> Whole:
    """Return a dossier that the actor may read, with all its parts. Raises NotFound."""
    with access.acting(actor):
        found = opened.opened(actor, code)
        if found is None:
            raise NotFound(_("Không tìm thấy hồ sơ này."))
        dossier = found.dossier
        works_on_it = records.sees_working_papers(actor, dossier, found.takes_part)
        seats = council.in_order(dossier.case, found.seats) if works_on_it and found.council else []
        established = found.findings.id if works_on_it and found.findings else None
        said = forms.read_many([dossier.id, *filter(None, [established]), *council.spoke(seats)])
        if works_on_it:
            tasks, done = workflow.work_of(dossier.id)
        else:
            tasks, done = workflow.record_tasks(dossier.id), []
    if dossier.id not in said:
        raise NotFound(_("Không tìm thấy hồ sơ này."))
    answers = said[dossier.id]
    decision = getattr(dossier, "decision", None)
    sitting = _sitting(found.council, seats, said) if works_on_it else None
    passage = found.passage if dossier.settled_in == SettledIn.MINISTRY else None
    own = {party.person_id for party in found.parties} & set(access.persons_of(actor))
    return Whole(
        dossier=dossier,
        answers=answers,
        summary=forms.summary(forms.form(dossier.case.form_version_id), answers),
        parties=found.parties,
        papers=found.papers,
        fee_lines=found.fee_lines,
        issued_forms=found.issued_forms,
        duty=found.duty,
        passage=passage,
        sync_messages=found.sync_messages[::-1] if works_on_it and passage else [],
        supplements=found.supplements,
        decision=decision if works_on_it or _is_issued(decision) else None,
        findings=said.get(established) if established else None,
        council=sitting,
        closing=_closing(dossier, found.issued_forms, works_on_it=works_on_it),
        clock=records.clock_of(dossier, now),
        stages=stages.standing(found.stages, now),
        tasks=tasks,
        done=done,
        acts=_acts(actor, dossier, tasks, decision, sitting, is_party=bool(own), now=now),
        sees_working_papers=works_on_it,
    )


def _sitting(
    held: Council | None, seats: Sequence[CouncilSeat], said: Mapping[UUID, Mapping[str, Any]]
) -> council.Sitting | None:
    """Return the council with what the actor may read of the opinions, None before it is there."""
    if held is None:
        return None
    opinions = {seat.id: said[seat.id] for seat in seats if seat.id in said}
    return council.Sitting(council=held, seats=seats, opinions=opinions)


def _is_called_for(
    act: str,
    actor: Actor,
    dossier: Dossier,
    tasks: list[workflow.Task],
    sitting: council.Sitting | None,
) -> bool:
    """Tell whether the procedure has what an act does, and whether it is this actor's to do."""
    case = dossier.case
    match act:
        case "establish":
            return case.findings_version_id is not None and not case.council
        case "opine":
            return council.own_seat(tasks, actor.account) is not None
        case "sign":
            return getattr(dossier, "decision", None) is None or dossier.decision.signer is not None
        case "sign_minutes":
            return sitting is not None and sitting.council.state == SigningState.FAILED
    return True


def _is_issued(decision: Decision | None) -> bool:
    return decision is not None and decision.state == SigningState.SEALED


def _closing(
    dossier: Dossier, issued_forms: list[IssuedForm], *, works_on_it: bool
) -> Closing | None:
    """Return how a dossier ended; a party learns why it was not received from the signed paper."""
    closing: Closing | None = getattr(dossier, "closing", None)
    if closing is None or works_on_it or closing.kind != ClosingKind.REFUSED_AT_RECEPTION:
        return closing
    signed = any(
        form.form == FormCode.MAU_03 and form.state == SigningState.SIGNED for form in issued_forms
    )
    return closing if signed else None


def _acts(
    actor: Actor,
    dossier: Dossier,
    tasks: list[workflow.Task],
    decision: Decision | None,
    sitting: council.Sitting | None,
    *,
    is_party: bool,
    now: dt.datetime,
) -> list[str]:
    """Return what the actor may do now: rules, rights and the open step all agree."""
    state = DossierState(dossier.state)
    group = dossier.case.version.procedure.field_code
    open_acts = {task.act.removeprefix("public_services.") for task in tasks}
    under_way = decision is not None and decision.state in {
        SigningState.REQUESTED,
        SigningState.SEALING,
    }
    acts = []
    for act, one in permissions.ACTS.items():
        at_work = parts.unit_of_task(tasks, act) or dossier.competent_unit_id
        unit = dossier.received_unit_id if one.at_reception else at_work
        if (
            one.permission is not None
            and not open_acts.isdisjoint(one.steps)
            and not under_way
            and rules.may(act, state)
            and _is_called_for(act, actor, dossier, tasks, sitting)
            and access.allows(actor, one.permission.name, unit=unit, group=group)
        ):
            acts.append(act)
    if "send_duty" in acts and not _may_send_duty(tasks):
        acts.remove("send_duty")
    for act, base in (("request_supplement", "receive"), ("request_supplement", "propose")):
        if base in acts and rules.may(act, state) and act not in acts:
            acts.append(act)
    if _may_apologise(actor, dossier, tasks, now):
        acts.append("apologise")
    if rules.may("supplement", state) and (
        is_party
        or access.allows(actor, permissions.FILE_AT_COUNTER.name, unit=dossier.received_unit_id)
    ):
        acts.append("supplement")
    if is_party and rules.may("withdraw", state):
        acts.append("withdraw")
    if is_party and rules.may("hand_over", state) and "hand_over" not in acts:
        acts.append("take_result")
    return acts


def _may_send_duty(tasks: list[workflow.Task]) -> bool:
    """Tell whether the flow leads from an open step to a financial duty."""
    return any(
        "send_duty" in workflow.flow(task.run.flow_id).by_key[task.step].outcomes for task in tasks
    )


def _may_apologise(
    actor: Actor, dossier: Dossier, tasks: list[workflow.Task], now: dt.datetime
) -> bool:
    """Tell whether the actor may give a new date now; whether it was used is asked of them only."""
    if not rules.may("apologise", DossierState(dossier.state)) or dossier.expected_at is None:
        return False
    unit = parts.unit_of_task(tasks, "apologise") or dossier.competent_unit_id
    group = dossier.case.version.procedure.field_code
    if not access.allows(actor, permissions.CHECK.name, unit=unit, group=group):
        return False
    return rules.may_apologise(
        today=clock.day(now),
        due_on=clock.day(dossier.expected_at),
        is_used=hasattr(dossier, "apology"),
    )

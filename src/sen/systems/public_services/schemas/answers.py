"""What the API gives, made from what the queries read."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.choices import FormCode, SigningState
from sen.systems.public_services.data import StageStanding
from sen.systems.public_services.models import Case, Decision, Dossier
from sen.systems.public_services.queries import findings, searching
from sen.systems.public_services.queries.whole import Whole


class CaseOut(Schema):
    """A case of a procedure, with what it asks for.

    findings_schema: of what the examining official establishes, null where nothing is.
    """

    code: str
    title: dict[str, str]
    allowance: dict[str, Any]
    form_version: int
    form_schema: dict[str, Any]
    findings_schema: dict[str, Any] | None
    papers: list[dict[str, Any]]
    fees: list[dict[str, Any]]


class ProcedureOut(Schema):
    """A procedure as a list shows it."""

    code: str
    name: dict[str, str]
    summary: dict[str, str]
    field_name: dict[str, str]
    level: str
    settled_in: str


class FoundOut(Schema):
    """A procedure that was found. way: a value of `Way`; levels: of `AuthorityLevel`."""

    code: str
    name: dict[str, str]
    field_name: dict[str, str]
    levels: list[str]
    way: str
    score: float


class AnswerOut(Schema):
    """What a question found, the best first. read_as: as it was understood, empty as typed."""

    found: list[FoundOut]
    read_as: str


class SuggestionOut(Schema):
    """What somebody may mean who is still typing.

    kind: "procedure" or "life_event"; code: of the procedure, or the name of the guide's address.
    """

    kind: Literal["procedure", "life_event"]
    code: str
    name: dict[str, str]


class ProcedureDetailOut(ProcedureOut):
    """A procedure with the cases of the version in force."""

    announcement: str
    valid_from: dt.date
    cases: list[CaseOut]


class UnitOut(Schema):
    """A unit by its code."""

    code: str
    name: str


class OfficialOut(Schema):
    """An official to whom a dossier can be given."""

    account: UUID
    name: str


class ClockOut(Schema):
    """How a dossier stands to its promised day."""

    state: str
    due_at: dt.datetime | None
    expected_at: dt.datetime | None
    remaining_minutes: int | None


class DossierOut(Schema):
    """A dossier as a list shows it, to whoever may read it."""

    id: UUID
    code: str
    procedure: str
    case: str
    channel: str
    state: str
    national_state: int
    money_state: str
    delivery_state: str
    sync_state: str
    helped_at: str | None
    received_unit: str
    competent_unit: str
    submitted_at: dt.datetime
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    issued_at: dt.datetime | None
    ended_at: dt.datetime | None
    version: int


class PartyOut(Schema):
    """A party as it was when the dossier was filed."""

    role: str
    full_name: str
    last_digits: str
    phone: str
    email: str
    address: str
    relation: str
    tax_code: str = ""
    authority: str = ""


class PaperOut(Schema):
    """A paper of a dossier."""

    code: str
    title: dict[str, str]
    source: str
    file: UUID | None
    result: str
    note: str


class FeeLineOut(Schema):
    """One charge."""

    code: str
    title: dict[str, str]
    kind: str
    unit_amount_vnd: int
    quantity: int
    amount_vnd: int
    source: str
    state: str


class IssuedFormOut(Schema):
    """A prescribed paper that was issued."""

    form: str
    title: str
    number: int
    state: str
    file: UUID | None
    issued_at: dt.datetime


class SupplementOut(Schema):
    """A request for supplement and its answer."""

    stage: str
    items: list[dict[str, str]]
    guide: str
    requested_at: dt.datetime
    answered_at: dt.datetime | None
    answer: str


class DecisionOut(Schema):
    """The answer of the competent agency."""

    kind: str
    state: str
    round: int
    notation: str
    decided_on: dt.date | None
    reason: str
    ground: str
    file: UUID | None
    result_key: str
    failure: str


class StageOut(Schema):
    """A stage of a dossier: who holds it, until when, whether that date is late."""

    key: str
    title: dict[str, str]
    unit: str
    agency: dict[str, str]
    counts: bool
    promised_at: dt.datetime | None
    expected_at: dt.datetime | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    state: str


class PassageOut(Schema):
    """Where a dossier is that another system settles."""

    partner: str
    foreign_code: str
    foreign_state: str
    sent_at: dt.datetime | None
    looked_at: dt.datetime | None
    outcome: str
    number: str
    answered_on: dt.date | None
    words: str


class DossierDetailOut(DossierOut):
    """A dossier whole. findings: what was established, for whoever works on it."""

    answers: dict[str, Any]
    parties: list[PartyOut]
    papers: list[PaperOut]
    fee_lines: list[FeeLineOut]
    issued_forms: list[IssuedFormOut]
    supplements: list[SupplementOut]
    decision: DecisionOut | None
    findings: dict[str, Any] | None
    clock: ClockOut
    stages: list[StageOut]
    passage: PassageOut | None
    acts: list[str]


class StatusOut(Schema):
    """What a dossier shows without sign-in."""

    code: str
    procedure: str
    state: str
    state_label: str
    unit: str
    submitted_at: dt.datetime
    received_at: dt.datetime | None
    due_at: dt.datetime | None
    issued_at: dt.datetime | None
    is_paused: bool


def case_out(case: Case) -> CaseOut:
    """Return a case with its form as JSON Schema."""
    form = forms.form(case.form_version_id)
    established = findings.form_of(case)
    return CaseOut(
        code=case.code,
        title=case.title,
        allowance=case.allowance,
        form_version=form.version,
        form_schema=forms.json_schema(form),
        findings_schema=None if established is None else forms.json_schema(established),
        papers=case.papers,
        fees=case.fees,
    )


def dossier_out(dossier: Dossier) -> DossierOut:
    """Return a dossier as a list shows it; units by their codes."""
    return DossierOut(**_row(dossier))


def dossier_detail(whole: Whole) -> DossierDetailOut:
    """Return a dossier whole."""
    clock = whole.clock
    return DossierDetailOut(
        **_row(whole.dossier),
        answers=dict(whole.answers),
        parties=[PartyOut.from_orm(party) for party in whole.parties],
        papers=[
            PaperOut(
                code=paper.code,
                title=paper.title,
                source=paper.source,
                file=paper.file_id,
                result=paper.result,
                note=paper.note,
            )
            for paper in whole.papers
        ],
        fee_lines=[FeeLineOut.from_orm(line) for line in whole.fee_lines],
        issued_forms=[
            IssuedFormOut(
                form=form.form,
                title=str(FormCode(form.form).label),
                number=form.number,
                state=form.state,
                file=form.file_id
                if form.state == SigningState.SIGNED or whole.sees_working_papers
                else None,
                issued_at=form.issued_at,
            )
            for form in whole.issued_forms
        ],
        supplements=[SupplementOut.from_orm(request) for request in whole.supplements],
        decision=decision_out(whole.decision) if whole.decision else None,
        findings=None if whole.findings is None else dict(whole.findings),
        clock=ClockOut(
            state=clock.state,
            due_at=clock.due_at,
            expected_at=clock.expected_at,
            remaining_minutes=None
            if clock.remaining is None
            else int(clock.remaining.total_seconds() // 60),
        ),
        stages=[stage_out(one) for one in whole.stages],
        passage=PassageOut.from_orm(whole.passage) if whole.passage else None,
        acts=whole.acts,
    )


def stage_out(stage: StageStanding) -> StageOut:
    """Return a stage; its unit by its code."""
    return StageOut(
        key=stage.key,
        title=dict(stage.title),
        unit=organisations.unit_by_id(stage.unit).code,
        agency=dict(stage.agency),
        counts=stage.counts,
        promised_at=stage.promised_at,
        expected_at=stage.expected_at,
        started_at=stage.started_at,
        ended_at=stage.ended_at,
        state=stage.state,
    )


def decision_out(decision: Decision) -> DecisionOut:
    """Return a decision with the latest of its papers."""
    return DecisionOut(
        kind=decision.kind,
        state=decision.state,
        round=decision.round,
        notation=decision.notation,
        decided_on=decision.decided_on,
        reason=decision.reason,
        ground=decision.ground,
        file=decision.sealed_id or decision.signed_id or decision.draft_id,
        result_key=decision.result_key,
        failure=decision.failure,
    )


def _row(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "code": dossier.code,
        "procedure": dossier.case.version.procedure.code,
        "case": dossier.case.code,
        "channel": dossier.channel,
        "state": dossier.state,
        "national_state": dossier.national_state,
        "money_state": dossier.money_state,
        "delivery_state": dossier.delivery_state,
        "sync_state": dossier.sync_state,
        "helped_at": organisations.unit_by_id(dossier.helped_at_id).code
        if dossier.helped_at_id
        else None,
        "received_unit": organisations.unit_by_id(dossier.received_unit_id).code,
        "competent_unit": organisations.unit_by_id(dossier.competent_unit_id).code,
        "submitted_at": dossier.submitted_at,
        "received_at": dossier.received_at,
        "due_at": dossier.due_at,
        "issued_at": dossier.issued_at,
        "ended_at": dossier.ended_at,
        "version": dossier.version,
    }


def answer_out(answer: searching.Answer) -> AnswerOut:
    """Return what a question found as the API shows it."""
    return AnswerOut(
        found=[
            FoundOut(
                code=one.card.code,
                name=dict(one.card.name),
                field_name=dict(one.card.field),
                levels=list(one.card.levels),
                way=one.card.way.value,
                score=round(ranked.score, 3),
            )
            for one, ranked in zip(answer.found, answer.ranking.found, strict=True)
        ],
        read_as=answer.ranking.read_as,
    )


def suggestions_out(found: searching.Suggested) -> list[SuggestionOut]:
    """Return what is suggested as the API shows it, guides first."""
    guides = [
        SuggestionOut(kind="life_event", code=guide.slug, name=dict(guide.title))
        for guide, _places in found.guides
    ]
    return guides + [
        SuggestionOut(kind="procedure", code=one.card.code, name=dict(one.card.name))
        for one in found.found
    ]

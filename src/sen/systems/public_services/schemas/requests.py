"""What the API takes."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from sen.systems.public_services.choices import (
    DecisionKind,
    HandOverMethod,
    PaperSource,
    PartyRole,
)


class PartyIn(Schema):
    """A person of a filing."""

    role: PartyRole
    full_name: str = Field(max_length=200)
    national_number: str = Field(max_length=20)
    birth_date: dt.date | None = None
    phone: str = Field(default="", max_length=20)
    email: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500)
    relation: str = Field(default="", max_length=200)
    authority: str = Field(default="", max_length=500)


class PaperIn(Schema):
    """A paper handed in: files that were uploaded before, or a kept result."""

    code: str
    source: PaperSource = PaperSource.UPLOAD
    files: list[UUID] = []
    result: str = ""
    note: str = Field(default="", max_length=1000)


class FilingIn(Schema):
    """A filing: everything that a dossier is made from."""

    procedure: str
    case: str
    form_version: int
    answers: dict[str, Any]
    parties: list[PartyIn] = Field(default=[], max_length=10)
    papers: list[PaperIn] = Field(default=[], max_length=50)
    receiving_unit: str = Field(description="Mã đơn vị tiếp nhận, ví dụ H41.9.1")
    delivery: HandOverMethod = HandOverMethod.ONLINE


class ActIn(Schema):
    """An act on a dossier, with the version of the dossier that it was decided on."""

    version: int


class RefuseIn(ActIn):
    """A refusal at reception."""

    reason: str = Field(max_length=4000)
    ground: str = Field(max_length=1000)
    competent_agency: str = Field(default="", max_length=500)


class AssignIn(ActIn):
    """To whom the work on a dossier is given."""

    to: UUID


class SupplementItemIn(Schema):
    """One thing to add or correct."""

    kind: Literal["paper", "field", "other"] = "paper"
    code: str = ""
    what: str = Field(max_length=1000)
    reason: str = Field(max_length=1000)


class RequestSupplementIn(ActIn):
    """A request for supplement, item by item."""

    items: list[SupplementItemIn] = Field(max_length=50)
    guide: str = Field(default="", max_length=1000)


class SupplementIn(ActIn):
    """The answer to a request for supplement."""

    papers: list[PaperIn] = Field(default=[], max_length=50)
    answer: str = Field(default="", max_length=4000)


class ConveneIn(ActIn):
    """When and where a council meets; seats: the account on each seat, null where nobody sits.

    A seat that is not named is held by whoever has its post.
    """

    meets_at: dt.datetime
    place: str = Field(max_length=500)
    seats: dict[str, UUID | None] = {}


class ExcuseIn(ActIn):
    """Which member of a council is absent, and why."""

    seat: str = Field(max_length=60)
    reason: str = Field(max_length=1000)


class ReplaceIn(ActIn):
    """Who sits on a seat of a council from now on."""

    seat: str = Field(max_length=60)
    to: UUID


class EstablishIn(ActIn):
    """What the examining official established, by the keys of the procedure's form of findings."""

    findings: dict[str, Any] = {}


class ProposeIn(ActIn):
    """What is put before the leader; without findings those kept already are used."""

    kind: DecisionKind = DecisionKind.RESULT
    reason: str = Field(default="", max_length=4000)
    ground: str = Field(default="", max_length=1000)
    signer: UUID | None = None
    findings: dict[str, Any] | None = None


class SendDutyIn(ActIn):
    """The sheet by which the tax office is told the facts."""

    sheet: str = Field(max_length=100)


class RecordDutyIn(ActIn):
    """What the tax office stated."""

    notice: str = Field(max_length=100)
    noticed_on: dt.date
    amount_vnd: int = Field(ge=0, le=10**13)


class ConfirmDutyIn(ActIn):
    """What shows that the duty is done."""

    evidence: str = Field(max_length=1000)
    paid_on: dt.date


class ApologiseIn(ActIn):
    """The one new date, with reason and whose delay it is."""

    reason: str = Field(max_length=2000)
    cause: str = Field(max_length=500)
    new_due_on: dt.date


class CheckIn(ActIn):
    """Agreement with a draft, or its return with a comment."""

    is_agreed: bool
    comment: str = Field(default="", max_length=4000)


class ReturnIn(ActIn):
    """The leader's return for rework."""

    comment: str = Field(max_length=4000)


class WithdrawIn(ActIn):
    """The wish to take a dossier back."""

    reason: str = Field(max_length=4000)


class HandOverIn(ActIn):
    """How the result was handed over, and what proves it."""

    method: str
    receiver: str = Field(default="", max_length=200)
    evidence: str = Field(default="", max_length=1000)
    file: UUID | None = None


class LookUpIn(Schema):
    """What one needs to follow a dossier without sign-in."""

    code: str = Field(max_length=60)
    last_digits: str = Field(max_length=4)

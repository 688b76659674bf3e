"""What happens to dossiers, told to whoever has asked: codes and facts, no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sen.kernel.events.public import Event


@dataclass(frozen=True, kw_only=True)
class DossierSubmitted(Event):
    """A dossier was filed and waits for reception."""

    name: ClassVar[str] = "public_services.dossier.submitted"
    dossier: UUID
    code: str
    procedure: str
    unit: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class DossierReceived(Event):
    """A dossier was received; the clock runs and Mẫu 01 is to be issued."""

    name: ClassVar[str] = "public_services.dossier.received"
    dossier: UUID
    code: str
    procedure: str
    unit: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class SupplementRequested(Event):
    """The person was asked for more; the clock stands and Mẫu 02 is to be issued."""

    name: ClassVar[str] = "public_services.dossier.supplement_requested"
    dossier: UUID
    code: str
    request: UUID


@dataclass(frozen=True, kw_only=True)
class DossierSupplemented(Event):
    """The person answered a request for supplement; the clock runs again."""

    name: ClassVar[str] = "public_services.dossier.supplemented"
    dossier: UUID
    code: str
    request: UUID


@dataclass(frozen=True, kw_only=True)
class DutySent(Event):
    """The facts of a dossier went to the tax office; the clock stands."""

    name: ClassVar[str] = "public_services.duty.sent"
    dossier: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DutyStated(Event):
    """The tax office stated what is to be paid; the person has been told."""

    name: ClassVar[str] = "public_services.duty.stated"
    dossier: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DutyConfirmed(Event):
    """The financial duty is done; the clock runs again."""

    name: ClassVar[str] = "public_services.duty.confirmed"
    dossier: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DossierPassedOn(Event):
    """A dossier was taken by the system that settles it. foreign: its code there."""

    name: ClassVar[str] = "public_services.dossier.passed_on"
    dossier: UUID
    code: str
    partner: str
    foreign: str


@dataclass(frozen=True, kw_only=True)
class DossierAnswered(Event):
    """The system that settles a dossier answered: granted or refused, under a number."""

    name: ClassVar[str] = "public_services.dossier.answered_elsewhere"
    dossier: UUID
    code: str
    partner: str
    outcome: str
    number: str


@dataclass(frozen=True, kw_only=True)
class DossierPostponed(Event):
    """A letter of apology gave a dossier its one new date."""

    name: ClassVar[str] = "public_services.dossier.postponed"
    dossier: UUID
    code: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DossierClosed(Event):
    """A dossier ended without a result: refused or withdrawn."""

    name: ClassVar[str] = "public_services.dossier.closed"
    dossier: UUID
    code: str
    closing: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class ResultIssued(Event):
    """The result of a dossier was numbered, sealed and issued."""

    name: ClassVar[str] = "public_services.result.issued"
    dossier: UUID
    code: str
    procedure: str
    result_type: str
    number: str
    unit: UUID
    file: UUID
    decision: UUID


@dataclass(frozen=True, kw_only=True)
class ResultHandedOver(Event):
    """The person has the result; the dossier is at its end."""

    name: ClassVar[str] = "public_services.result.handed_over"
    dossier: UUID
    code: str
    method: str


@dataclass(frozen=True, kw_only=True)
class ProcedureSwitched(Event):
    """A procedure is offered again, or no longer."""

    name: ClassVar[str] = "public_services.procedure.switched"
    procedure: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class ProcedurePublished(Event):
    """A version of a procedure was published; it may be filed from its first day on."""

    name: ClassVar[str] = "public_services.procedure.published"
    procedure: str
    number: int
    valid_from: date

"""A council in a dossier: its seats, its members' opinions, who may sit; in an entered act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.database.public import Joined, Nested
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.choices import Attendance
from sen.systems.public_services.models import Case, Council, CouncilSeat, Dossier
from sen.systems.public_services.rules import council as rules

DOSSIER = "public_services.dossier"
WHY = "member"
"""Why a person takes part in a dossier that is before their council."""
OPINION = "public_services.council_opinion"
"""The kind under which the kernel keeps a member's opinion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat as the procedure names it. step: of the flow. position: who holds it by their post."""

    step: str
    title: Mapping[str, str]
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A council at work: its row, its seats in order, the opinions given so far by seat.

    A member reads the own opinion alone: the others belong to the units that work on the dossier.
    """

    council: Council
    seats: Sequence[CouncilSeat]
    opinions: Mapping[UUID, Mapping[str, Any]]

    @property
    def present(self) -> list[CouncilSeat]:
        """The members who gave their opinion."""
        return [seat for seat in self.seats if seat.attendance == Attendance.PRESENT]

    @property
    def members(self) -> list[CouncilSeat]:
        """The members, whoever came; a seat that nobody holds counts for nothing."""
        return [seat for seat in self.seats if seat.attendance != Attendance.VACANT]


def seats_of(case: Case) -> list[Seat]:
    """Return the seats of a case's council beside the chair, in order."""
    return [Seat(**seat) for seat in case.council["seats"]]


def sitting(dossier: Dossier) -> Sitting | None:
    """Return the council of a dossier with what was said so far, None before it was convened."""
    if not dossier.case.council:
        return None
    council: Council
    for council, seated in _COUNCIL.rows(_council_sql(), [dossier.id]):
        seats = in_order(dossier.case, (seat for (seat,) in _SEATS.read(seated)))
        return Sitting(council=council, seats=seats, opinions=forms.read_many(spoke(seats)))
    return None


_COUNCIL = Joined(Council)
_SEATS = Nested(
    CouncilSeat,
    rows="public_services_councilseat WHERE public_services_councilseat.dossier_id ="
    " public_services_council.dossier_id",
    order="public_services_councilseat.step",
)


@cache
def _council_sql() -> str:
    return f"""
        SELECT {_COUNCIL.columns}, {_SEATS.column} FROM public_services_council
        WHERE public_services_council.dossier_id = %s"""


def in_order(case: Case, seats: Iterable[CouncilSeat]) -> list[CouncilSeat]:
    """Return the seats of a council as its procedure names them."""
    order = {seat.step: place for place, seat in enumerate(seats_of(case))}
    return sorted(seats, key=lambda seat: (order.get(seat.step, len(order)), seat.step))


def spoke(seats: Iterable[CouncilSeat]) -> list[UUID]:
    """Return the seats on which somebody gave an opinion."""
    return [seat.id for seat in seats if seat.attendance == Attendance.PRESENT]


def quorum(case: Case, members: int, on: dt.date) -> int:
    """Return how many of a council's members have to be there on a day, the chair among them."""
    keys = case.council["quorum"]
    return rules.needed(
        members,
        numerator=int(legal.value(keys["numerator"], on)),
        denominator=int(legal.value(keys["denominator"], on)),
    )


def candidates(unit: UUID, on: dt.date) -> dict[UUID, str]:
    """Return the accounts that may sit in a unit's councils, with their owners' names.

    Remembered, as `_posts` is, until a grant, a position or an employment changes.
    """
    key = ("public_services.council", legal.editions().units, unit, on)
    return legal.cached("grants", key, lambda: identity.display_names(_members(unit, on)))


def by_post(dossier: Dossier, on: dt.date) -> dict[str, UUID | None]:
    """Return who holds each seat by their post in the unit, None where nobody does."""
    unit = dossier.competent_unit_id
    key = ("public_services.council_posts", legal.editions().units, unit, on)
    posts = legal.cached("grants", key, lambda: _posts(unit, on))
    return {seat.step: posts.get(seat.position) for seat in seats_of(dossier.case)}


def _members(unit: UUID, on: dt.date) -> tuple[UUID, ...]:
    return access.holders(permissions.COUNCIL_MEMBER.name, unit=unit, on=on)


def _posts(unit: UUID, on: dt.date) -> dict[str, UUID]:
    posts: dict[str, UUID] = {}
    for held in identity.employments_of(_members(unit, on), on):
        posts.setdefault(held.position.code, held.account_id)
    return posts


def sits(actor: Actor, dossier: Dossier, case: Case) -> bool:
    """Tell whether an official sits in the council of a dossier now."""
    if not may_sit(actor, dossier, case):
        return False
    return access.Participation.objects.filter(
        record=dossier.id, kind=DOSSIER, person=actor.person, why=WHY, until=None
    ).exists()


def may_sit(actor: Actor, dossier: Dossier, case: Case) -> bool:
    """Tell whether an official may be called into the council of a dossier."""
    return bool(case.council) and access.allows(
        actor, permissions.COUNCIL_MEMBER.name, unit=dossier.competent_unit_id
    )


def concerned(dossier: Dossier) -> list[UUID]:
    """Return everybody in whose matter the council speaks: the parties and whoever it is about.

    Asked once of a dossier that was read.
    """
    if dossier.concerned is None:
        number = told(dossier).get(dossier.case.council["about"], "")
        about = identity.find_person(number) if number else None
        dossier.concerned = [*dossier.party_persons, *([] if about is None else [about.pk])]
    return dossier.concerned


def told(dossier: Dossier) -> Mapping[str, Any]:
    """Return what the form of a dossier was answered; asked once of a dossier that was read."""
    if dossier.told is None:
        dossier.told = forms.read_answers(dossier.id)
    return dossier.told


def own_seat(tasks: Iterable[workflow.Task], account: UUID | None) -> workflow.Task | None:
    """Return the open task at which an account gives its opinion, None where it has none."""
    return next(
        (
            task
            for task in tasks
            if task.act == "public_services.opine" and task.assignee == account
        ),
        None,
    )

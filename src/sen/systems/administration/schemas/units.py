"""What the API of units, positions, stand-ins, posts and lists takes and gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from sen.kernel.organisations import public as organisations
from sen.systems.administration.schemas.system import Done, IdOut

__all__ = ["Done", "IdOut"]


class OrganisationUnitOut(Schema):
    """A unit as a list shows it."""

    id: UUID
    code: str
    is_code_official: bool
    name: str
    kind: str
    level: str
    statistics_code: str
    valid_from: dt.date
    valid_to: dt.date | None


class UnitIn(Schema):
    """A unit to be added. parent: the code of the unit above it."""

    parent: str = Field(max_length=35)
    code: str = Field(max_length=35)
    kind: Literal["province", "department", "commune", "centre", "office"]
    level: Literal["province", "commune"]
    name: str = Field(max_length=200)
    short_name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=200)
    short_name_en: str = Field(default="", max_length=120)
    statistics_code: str = Field(default="", max_length=10)
    is_code_official: bool = False
    valid_from: dt.date
    decision: str = Field(default="", max_length=200)
    dry_run: bool = False


class AddedOut(Schema):
    """A unit that was added, or would be."""

    id: UUID
    code: str
    dry_run: bool


class RenameIn(Schema):
    """Another name from a day on."""

    name: str = Field(max_length=200)
    short_name: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=200)
    short_name_en: str = Field(default="", max_length=120)
    on: dt.date
    decision: str = Field(min_length=1, max_length=200)
    dry_run: bool = False


class ReachOut(Schema):
    """What lies in a unit and below it."""

    units: int
    positions: int
    officials: int


class MoveIn(Schema):
    """Another parent, by its code, from a day on."""

    parent: str = Field(max_length=35)
    on: dt.date
    decision: str = Field(min_length=1, max_length=200)
    dry_run: bool = False


class MoveOut(Schema):
    """What a move does. gains, loses: positions whose rights reach the unit after, or before."""

    unit: UUID
    former: UUID | None
    parent: UUID
    reach: ReachOut
    gains: int
    loses: int


class MergeIn(Schema):
    """Which units, by their codes, end in this one, from which day, by which decision."""

    old: list[str] = Field(min_length=1, max_length=50)
    on: dt.date
    decision: str = Field(min_length=1, max_length=200)
    dry_run: bool = False


class PairOut(Schema):
    """What goes over into what; new is null where nothing takes over."""

    old: UUID
    new: UUID | None


class OpenWorkOut(Schema):
    """How much open work of one sort lies in the units that end."""

    code: str
    title: str
    count: int


class MergeOut(Schema):
    """What a merger does or would do."""

    new: UUID
    on: dt.date
    decision: str
    closed: list[PairOut]
    moved: list[PairOut]
    positions: list[PairOut]
    open_work: list[OpenWorkOut]


class PositionIn(Schema):
    """A position for a unit. position: its code, the same in every unit."""

    position: str = Field(max_length=60, pattern=r"^[-a-zA-Z0-9_]+$")
    title: str = Field(max_length=120)
    title_en: str = Field(default="", max_length=120)
    is_head: bool = False
    valid_from: dt.date


class CloseIn(Schema):
    """The last day of a position, and why."""

    last_day: dt.date
    reason: str = Field(min_length=1, max_length=500)


class StandInIn(Schema):
    """Whose holders stand in for a position of the unit, on which days."""

    position: UUID
    stand_in: UUID
    first: dt.date
    last: dt.date
    decision: str = Field(min_length=1, max_length=200)


class StandInOut(Schema):
    """A stand-in."""

    id: UUID
    position: UUID = Field(alias="position_id")
    stand_in: UUID = Field(alias="stand_in_id")
    valid_from: dt.date
    valid_to: dt.date
    decision: str


class PostIn(Schema):
    """A position for an official who has an account."""

    position: UUID
    valid_from: dt.date
    valid_to: dt.date | None = None


class PostOut(Schema):
    """A position that an account holds, held or will hold."""

    id: UUID
    position: UUID = Field(alias="position_id")
    valid_from: dt.date
    valid_to: dt.date | None
    is_default: bool


class LastDayIn(Schema):
    """The last day on which a position is held."""

    last_day: dt.date


class UnitRowIn(Schema):
    """A row of a list of units, as text; days as 2027-01-31 or 31/01/2027."""

    code: str = Field(max_length=200)
    parent: str = Field(max_length=200)
    kind: str = Field(max_length=200)
    level: str = Field(max_length=200)
    name: str = Field(max_length=200)
    short_name: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=200)
    short_name_en: str = Field(default="", max_length=200)
    statistics_code: str = Field(default="", max_length=10)
    valid_from: str = Field(max_length=20)
    decision: str = Field(default="", max_length=200)


class UnitListIn(Schema):
    """A list of units."""

    rows: list[UnitRowIn] = Field(min_length=1, max_length=500)
    dry_run: bool = False


class OfficialRowIn(Schema):
    """A row of a list of officials, as text. unit: a code; position: its code or title."""

    full_name: str = Field(max_length=200)
    national_number: str = Field(max_length=20)
    birth_date: str = Field(default="", max_length=20)
    username: str = Field(max_length=64)
    unit: str = Field(max_length=35)
    position: str = Field(max_length=120)
    valid_from: str = Field(max_length=20)


class OfficialListIn(Schema):
    """A list of officials."""

    rows: list[OfficialRowIn] = Field(min_length=1, max_length=200)
    dry_run: bool = False


class OpenedOut(Schema):
    """An account that was opened; its password is only in this answer."""

    row: int
    username: str
    full_name: str
    password: str


class LoadedOut(Schema):
    """What loading a list did, or would do."""

    rows: int
    opened: list[OpenedOut]


def units_out(rows: Sequence[organisations.Unit], on: dt.date) -> list[OrganisationUnitOut]:
    """Return units with the names of a day."""
    names = organisations.unit_names([one.id for one in rows], on)
    return [
        OrganisationUnitOut(
            id=one.id,
            code=one.code,
            is_code_official=one.is_code_official,
            name=names[one.id],
            kind=one.kind,
            level=one.level,
            statistics_code=one.statistics_code,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in rows
    ]


def merge_out(plan: organisations.MergePlan) -> MergeOut:
    """Return a plan as the API gives it."""

    def pairs(found: Sequence[tuple[UUID, UUID | None]]) -> list[PairOut]:
        return [PairOut(old=old, new=new) for old, new in found]

    return MergeOut(
        new=plan.new,
        on=plan.on,
        decision=plan.decision,
        closed=pairs(plan.closed),
        moved=pairs(plan.moved),
        positions=pairs(plan.positions),
        open_work=[
            OpenWorkOut(code=one.code, title=str(one.title), count=one.count)
            for one in plan.open_work
        ],
    )

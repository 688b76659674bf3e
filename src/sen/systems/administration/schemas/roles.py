"""What the API of roles and rights takes and gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from sen.systems.administration.data import Holding, KindDone, Reason, RoleHeld


class RoleOut(Schema):
    """A role: its rights, and how many grants of it are in force."""

    code: str
    title: dict[str, str]
    permissions: list[str]
    is_own: bool
    grants: int


def role_out(held: RoleHeld) -> RoleOut:
    """Return a role as the API gives it."""
    role = held.role
    return RoleOut(
        code=role.code,
        title=role.title,
        permissions=role.permissions,
        is_own=not role.is_template,
        grants=held.grants,
    )


class RoleIn(Schema):
    """What a role of one's own is called and which rights are in it."""

    title: str = Field(max_length=120)
    title_en: str = Field("", max_length=120)
    permissions: list[str] = Field(max_length=300)


class NewRoleIn(RoleIn):
    """A new role of one's own."""

    code: str = Field(max_length=64)


class GrantOut(Schema):
    """A grant with everything that is known of it."""

    id: UUID
    position: UUID = Field(alias="position_id")
    role: str = Field(alias="role.code")
    scope: str
    units: list[UUID]
    groups: list[str] | None
    valid_from: dt.date
    valid_to: dt.date | None
    made_by: UUID | None
    made_at: dt.datetime | None
    reason: str
    revoked_by: UUID | None
    revoked_at: dt.datetime | None
    revoked_reason: str


class KindEndIn(Schema):
    """Positions of a code in units of a kind, and why."""

    position: str = Field(max_length=60)
    kind: Literal["province", "department", "commune", "centre", "office"]
    reason: str = Field(min_length=1, max_length=500)
    dry_run: bool = False


class KindGrantIn(KindEndIn):
    """The role for all of them, from a day."""

    scope: Literal["own", "below"] = "own"
    valid_from: dt.date
    valid_to: dt.date | None = None


class KindOut(Schema):
    """The positions that an act on a kind touched, and those it left alone."""

    touched: list[UUID]
    left: list[UUID]
    dry_run: bool


def kind_out(done: KindDone, *, dry_run: bool) -> KindOut:
    """Return what an act on a kind of positions did."""
    return KindOut(
        touched=[one.id for one in done.touched],
        left=[one.id for one in done.left],
        dry_run=dry_run,
    )


class EndIn(Schema):
    """The last day of a grant, and why."""

    last_day: dt.date
    reason: str = Field(min_length=1, max_length=500)


class ReasonOut(Schema):
    """Why a right is held: by which grant of which position, in which units."""

    grant: UUID
    role: str
    position: UUID
    for_position: UUID
    unit: str
    units: list[UUID]
    groups: list[str] | None
    permissions: list[str]
    valid_from: dt.date
    valid_to: dt.date | None
    accounts: list[UUID]


def reasons_out(reasons: Sequence[Reason]) -> list[ReasonOut]:
    """Return the reasons of rights as the API gives them."""
    return [_reason_out(one, ()) for one in reasons]


def holdings_out(holdings: Sequence[Holding]) -> list[ReasonOut]:
    """Return who may do something as the API gives it."""
    return [_reason_out(one.reason, [held.pk for held in one.accounts]) for one in holdings]


def _reason_out(reason: Reason, accounts: Sequence[UUID]) -> ReasonOut:
    ground = reason.ground
    return ReasonOut(
        grant=ground.grant,
        role=reason.role.code,
        position=ground.position,
        for_position=ground.for_position,
        unit=reason.position.unit.code,
        units=sorted(ground.units),
        groups=None if ground.groups is None else sorted(ground.groups),
        permissions=list(ground.permissions),
        valid_from=ground.valid_from,
        valid_to=ground.valid_to,
        accounts=list(accounts),
    )

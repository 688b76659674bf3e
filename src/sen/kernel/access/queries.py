"""The reads: the rights of an actor, who holds a right, who takes part in a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.base.errors import NotAllowed, SignInNeeded
from sen.base.row_security import POLICY
from sen.kernel.access.choices import Scope
from sen.kernel.access.data import Ground, Held, Rights
from sen.kernel.access.models import Grant, Participation
from sen.kernel.access.registry import known, opens_unit
from sen.kernel.database.public import Invariant, found
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations

NOBODY = Rights()


class ConflictOfInterest(NotAllowed):
    """Nobody decides on a matter in which they or their close family are a party."""

    code: ClassVar[str] = "conflict_of_interest"
    default: ClassVar[str] = (
        "Bạn không được giải quyết hồ sơ này vì bạn hoặc người thân là một bên trong hồ sơ. "
        "Vui lòng chuyển cho người khác giải quyết."
    )


def rights(actor: Actor, *, on: dt.date | None = None) -> Rights:
    """Return what an actor may do on a day (today if none is given).

    Remembered by the process per position, day and editions of grants and units: a right taken
    back is gone with the next request, in every process.
    """
    day = on or clock.day(clock.now())
    if actor.is_system:
        return legal.cached("units", ("access.system", day), lambda: _system(day))
    if actor.position is None:
        return NOBODY
    position = actor.position
    editions = legal.editions()
    return legal.cached(
        "grants",
        ("access.rights", position, day, editions.units),
        lambda: _rights(position, day),
    )


def _system(day: dt.date) -> Rights:
    every = organisations.units(on=day).values_list("id", flat=True)
    return Rights(is_system=True, every_unit=tuple(sorted(every)))


def _rights(position: UUID, day: dt.date) -> Rights:
    positions = (position, *organisations.stands_in_for(position, day))
    rows = Grant.objects.filter(
        organisations.holds_on(day),
        organisations.holds_on(day, "position__"),
        position__in=positions,
        revoked_at=None,
    ).order_by("id")
    held: dict[str, list[Held]] = {}
    for scope, listed, groups, permissions, unit in rows.values_list(
        "scope", "units", "groups", "role__permissions", "position__unit"
    ):
        place = Held(
            frozenset(_units_of(scope, listed, unit, day)),
            None if groups is None else frozenset(groups),
        )
        for permission in permissions:
            held.setdefault(permission, []).append(place)
    every = {
        unit
        for permission, places in held.items()
        if opens_unit(permission)
        for place in places
        for unit in place.units
    }
    return Rights(
        held={permission: tuple(places) for permission, places in held.items()},
        positions=positions,
        every_unit=tuple(sorted(every)),
    )


def _units_of(scope: str, listed: list[UUID], unit: UUID, day: dt.date) -> tuple[UUID, ...]:
    if scope == Scope.LIST:
        return tuple(listed)
    return organisations.below(unit, day) if scope == Scope.BELOW else (unit,)


def grounds(position: UUID, *, on: dt.date) -> tuple[Ground, ...]:
    """Return why whoever holds a position may do what `rights` says, grant by grant.

    The position's own grants first, then those of positions for which it stands in.
    """
    found = [position, *organisations.stands_in_for(position, on)]
    rows = _in_force(on).filter(position__in=found).select_related("role", "position")
    ordered = sorted(rows, key=lambda row: (found.index(row.position_id), row.role.code, row.id))
    return tuple(_ground(row, position, on) for row in ordered)


def grounds_in(permission: str, *, unit: UUID, on: dt.date) -> tuple[Ground, ...]:
    """Return by which grants a right is held in a unit, stand-ins beside whom they stand in for.

    Whoever holds one of these positions on that day may do it there.
    """
    rows = list(
        _in_force(on)
        .filter(_reaches(unit, on), role__permissions__contains=[known(permission)])
        .select_related("role", "position")
        .order_by("position__unit__code", "position__code", "id")
    )
    absent = organisations.StandIn.objects.filter(
        organisations.holds_on(on),
        organisations.holds_on(on, "stand_in__"),
        position__in={row.position_id for row in rows},
    )
    standing: dict[UUID, list[UUID]] = {}
    for one in absent.order_by("id"):
        standing.setdefault(one.position_id, []).append(one.stand_in_id)
    return tuple(
        _ground(row, holder, on)
        for row in rows
        for holder in (row.position_id, *standing.get(row.position_id, ()))
    )


def _in_force(on: dt.date) -> QuerySet[Grant]:
    return Grant.objects.filter(
        organisations.holds_on(on), organisations.holds_on(on, "position__"), revoked_at=None
    )


def _ground(row: Grant, holder: UUID, on: dt.date) -> Ground:
    return Ground(
        grant=row.id,
        role=row.role_id,
        position=holder,
        for_position=row.position_id,
        permissions=tuple(row.role.permissions),
        units=frozenset(_units_of(row.scope, row.units, row.position.unit_id, on)),
        groups=None if row.groups is None else frozenset(row.groups),
        scope=Scope(row.scope),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        made_by=row.made_by,
    )


def _reaches(unit: UUID, on: dt.date) -> Q:
    above = organisations.UnitClosure.objects.filter(organisations.holds_on(on), descendant=unit)
    return (
        Q(scope=Scope.OWN, position__unit=unit)
        | Q(scope=Scope.LIST, units__contains=[unit])
        | Q(scope=Scope.BELOW, position__unit__in=above.values("ancestor"))
    )


def allows(
    actor: Actor, permission: str, *, unit: UUID | None = None, group: str | None = None
) -> bool:
    """Tell whether an actor has a right: in a unit (None: in any), for a group (None: for any)."""
    return actor.is_system or rights(actor).allows(known(permission), unit, group)


def check(
    actor: Actor, permission: str, *, unit: UUID | None = None, group: str | None = None
) -> None:
    """Raise unless an actor has a right, as `allows` tells.

    Raises SignInNeeded for a visitor, NotAllowed for everybody else without the right.
    """
    if allows(actor, permission, unit=unit, group=group):
        return
    if actor.is_anonymous:
        raise SignInNeeded
    raise NotAllowed


def require_strength(actor: Actor, strength: Strength) -> None:
    """Raise SignInNeeded unless the actor is known at least this surely; the system always is."""
    if actor.is_system or actor.strength >= strength:
        return
    if actor.is_anonymous:
        raise SignInNeeded
    raise SignInNeeded(_("Việc này cần đăng nhập bằng phương thức xác thực mức cao hơn."))


def persons_of(actor: Actor) -> tuple[UUID, ...]:
    """Return whose records an actor sees as a person: the own ones, and those acted for."""
    return tuple(one for one in (actor.person, actor.acting_for) if one is not None)


def participates(actor: Actor, record: UUID, kind: str) -> bool:
    """Tell whether an actor takes part in a record now, as a person or by a unit."""
    return actor.is_system or (
        Participation.objects.filter(_concerned(actor), record=record, kind=kind).exists()
    )


def participation_q(actor: Actor, kind: str, record: str = "pk") -> Q:
    """Return the condition that an actor takes part in the record whose id is in a column.

    For lists: `Dossier.objects.filter(participation_q(actor, "public_services.dossier"))`.
    """
    if actor.is_system:
        return Q()
    return Q(
        Exists(Participation.objects.filter(_concerned(actor), kind=kind, record=OuterRef(record)))
    )


def _concerned(actor: Actor) -> Q:
    return Q(until__isnull=True) & (
        Q(person__in=persons_of(actor)) | Q(unit__in=rights(actor).every_unit)
    )


def holders(permission: str, *, unit: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Return the accounts whose owners hold a right in a unit by a position in force.

    Whoever stands in on that day is among them; disabled accounts are not. For handing out work,
    not for deciding on rights. Remembered until a grant, a position or an employment changes.
    """
    key = ("access.holders", legal.editions().units, permission, unit, on)
    return legal.cached("grants", key, lambda: _holders(permission, unit, on))


def _holders(permission: str, unit: UUID, on: dt.date) -> tuple[UUID, ...]:
    granted = (
        _in_force(on)
        .filter(_reaches(unit, on), role__permissions__contains=[known(permission)])
        .values("position_id")
    )
    standing_in = organisations.StandIn.objects.filter(
        organisations.holds_on(on), organisations.holds_on(on, "stand_in__"), position__in=granted
    ).values("stand_in_id")
    employed = identity.Employment.objects.filter(
        Q(position_id__in=granted) | Q(position_id__in=standing_in),
        organisations.holds_on(on),
        account__is_active=True,
    )
    return tuple(employed.order_by("account_id").values_list("account_id", flat=True).distinct())


def check_impartial(
    actor: Actor, party_persons: Iterable[UUID], *, family: Iterable[UUID] | None = None
) -> None:
    """Raise ConflictOfInterest if the actor or close family is among the parties.

    Close family: spouse, parents, children, brothers and sisters, as far as they are known.
    family: the actor's, where the caller has read it along with the record (`identity.family_sql`);
    else one SELECT.
    Nguồn: Luật Phòng, chống tham nhũng 36/2018/QH14, Điều 23.
    """
    parties = frozenset(party_persons)
    if actor.person is None or not parties:
        return
    kin = identity.close_family(actor.person) if family is None else frozenset(family)
    if actor.person in parties or parties & kin:
        raise ConflictOfInterest


def ended_before_begun(limit: int) -> list[str]:
    """Return records in which somebody's part ended before it began."""
    return found("SELECT record FROM access_participation WHERE until < since", limit)


def open_doors(limit: int) -> list[str]:
    """Return tables with a policy of ours that is switched off or does not bind their owner."""
    return found(
        "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE p.polname = %s AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
        limit,
        POLICY,
    )


def closed_tables(code: str, *tables: str) -> Invariant:
    """Return the invariant that these tables are closed by row security, to their owner too."""

    def find(limit: int) -> list[str]:
        return found(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS ("
            " SELECT FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            " WHERE p.polname = %s AND c.relname = name"
            " AND c.relrowsecurity AND c.relforcerowsecurity)",
            limit,
            list(tables),
            POLICY,
        )

    return Invariant(
        code=code, says=_("Bảng có dữ liệu cá nhân được đóng theo từng dòng"), find=find
    )

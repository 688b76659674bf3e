"""Roles and rights as their administrator asks for them: what, where, since when, by whom, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import Holding, Reason, RoleHeld


def roles(on: dt.date) -> list[RoleHeld]:
    """Return every role with how many grants of it are in force, by code. One statement."""
    in_force = organisations.holds_on(on, "grants__") & Q(grants__revoked_at=None)
    rows = access.Role.objects.annotate(held=Count("grants", filter=in_force)).order_by("code")
    return [RoleHeld(role=row, grants=row.held) for row in rows]


def role(code: str) -> access.Role:
    """Return one role. Raises NotFound."""
    found = access.Role.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def grants_of_role(
    role: UUID, on: dt.date, *, after: UUID | None = None, limit: int = 50
) -> list[access.Grant]:
    """Return the grants of a role that are in force or to come, the oldest first. One statement.

    after: the last id of the page before.
    """
    rows = access.Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), role=role, revoked_at=None
    )
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.select_related("position__unit").order_by("id")[:limit])


def grants_of_unit(
    unit: UUID, *, before: UUID | None = None, limit: int = 50
) -> list[access.Grant]:
    """Return every grant that positions of a unit ever had, the latest first. One statement.

    before: the last id of the page before.
    """
    rows = access.Grant.objects.filter(position__unit=unit)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.select_related("position", "role").order_by("-id")[:limit])


def who(permission: str, *, unit: UUID, on: dt.date) -> list[Holding]:
    """Return who may do something in a unit, each with the grant by which; five statements.

    A position that nobody holds is told too: whoever is given it gets the right.
    """
    grounds = access.grounds_in(permission, unit=unit, on=on)
    accounts = _holders({one.position for one in grounds}, on)
    return [
        Holding(reason=reason, accounts=accounts.get(reason.ground.position, ()))
        for reason in _reasons(grounds)
    ]


def why(position: UUID, *, on: dt.date) -> list[Reason]:
    """Return by which grants whoever holds a position may do what they may; three statements."""
    return _reasons(access.grounds(position, on=on))


def _reasons(grounds: Sequence[access.Ground]) -> list[Reason]:
    positions = {
        one.id: one
        for one in organisations.Position.objects.select_related("unit").filter(
            id__in={one for ground in grounds for one in (ground.position, ground.for_position)}
        )
    }
    known = {
        one.id: one for one in access.Role.objects.filter(id__in={one.role for one in grounds})
    }
    return [
        Reason(
            ground=one,
            role=known[one.role],
            position=positions[one.position],
            for_position=positions[one.for_position],
        )
        for one in grounds
    ]


def _holders(positions: Collection[UUID], on: dt.date) -> dict[UUID, list[identity.Account]]:
    rows = (
        identity.Employment.objects.filter(
            organisations.holds_on(on), position__in=positions, account__is_active=True
        )
        .select_related("account__person")
        .order_by("account__person__name_key", "id")
    )
    found: dict[UUID, list[identity.Account]] = {}
    for row in rows:
        found.setdefault(row.position_id, []).append(row.account)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position of a kind of unit, and the grant of a role that it has or will have."""

    position: organisations.Position
    grant: access.Grant | None


def places_of_kind(
    role: access.Role, *, position: str, kind: str, units: Iterable[UUID], on: dt.date
) -> list[Place]:
    """Return the positions of a code in units of a kind, each with its grant of a role, by unit.

    units: those in which the actor may grant. Two statements.
    """
    rows = list(
        organisations.positions(on=on, code=position).filter(unit__kind=kind, unit__in=list(units))
    )
    held = {
        row.position_id: row
        for row in access.Grant.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            position__in=rows,
            role=role,
            revoked_at=None,
        )
    }
    return [Place(position=one, grant=held.get(one.id)) for one in rows]


def position_codes(on: dt.date) -> list[tuple[str, str]]:
    """Return the codes of positions with their most used title, by title. One statement."""
    counted: dict[str, dict[str, int]] = {}
    rows = organisations.positions(on=on).order_by().values_list("code", "title__vi")
    for code, title in rows:
        seen = counted.setdefault(code, {})
        seen[title] = seen.get(title, 0) + 1
    named = [(code, max(seen, key=lambda one: (seen[one], one))) for code, seen in counted.items()]
    return sorted(named, key=lambda one: (one[1], one[0]))

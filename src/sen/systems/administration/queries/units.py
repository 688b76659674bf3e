"""Units as their administrator works on them: found, counted, with what stands around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import Reach


def found(
    on: dt.date, *, query: str = "", kind: str = "", after: str = "", limit: int = 50
) -> list[organisations.Unit]:
    """Return units of a day by code, by words of code or name and by kind. One statement.

    after: the last code of the page before.
    """
    wanted = organisations.UnitKind(kind) if kind in organisations.UnitKind.values else None
    if not query.split():
        return list(organisations.units(wanted, on=on).filter(code__gt=after)[:limit])
    every = organisations.find_units(query, on=on, kind=wanted)
    return [one for one in every if one.code > after][:limit]


def heir(code: str, on: dt.date) -> organisations.Unit | None:
    """Return the unit that took over by a day from one that merged, None where there is none."""
    merged = organisations.Unit.objects.filter(code=code, valid_to__lt=on).order_by("-valid_to")
    for one in merged[:1]:
        for unit in organisations.successors(one.id, on):
            if unit != one.id:
                return organisations.unit_by_id(unit)
    return None


def children(unit: UUID, on: dt.date) -> list[organisations.Unit]:
    """Return the units directly below a unit on a day, by code. One statement."""
    rows = organisations.units(on=on).filter(
        organisations.holds_on(on, "parents__"), parents__parent=unit
    )
    return list(rows)


def coming(unit: UUID, on: dt.date) -> list[organisations.UnitParent]:
    """Return what will stand directly below a unit from a later day on. One statement."""
    rows = organisations.UnitParent.objects.filter(parent=unit, valid_from__gt=on)
    return list(rows.select_related("unit").order_by("valid_from", "unit__code"))


def path(unit: UUID, on: dt.date) -> list[tuple[organisations.Unit, str]]:
    """Return the units above a unit, from the root down, each with its name."""
    above = organisations.above(unit, on, include_self=False)
    names = organisations.unit_names(above, on, short=True)
    return [(organisations.unit_by_id(one), names[one]) for one in reversed(above)]


def reach(unit: UUID, on: dt.date) -> Reach:
    """Return what lies in a unit and below it on a day. Two statements, three at first."""
    below = organisations.below(unit, on)
    positions = list(
        organisations.positions(on=on).filter(unit__in=below).values_list("id", flat=True)
    )
    officials = (
        identity.Employment.objects.filter(
            organisations.holds_on(on), position__in=positions, account__is_active=True
        )
        .values("account")
        .distinct()
        .count()
    )
    return Reach(units=len(below), positions=len(positions), officials=officials)


def rights_from_above(units: Iterable[UUID], on: dt.date) -> int:
    """Return how many positions in these units have roles for everything below. One statement."""
    return (
        access.Grant.objects.filter(
            organisations.holds_on(on),
            scope=access.Scope.BELOW,
            position__unit__in=list(units),
            revoked_at__isnull=True,
        )
        .values("position")
        .distinct()
        .count()
    )


def mergeable(unit: organisations.Unit, on: dt.date) -> list[organisations.Unit]:
    """Return the units that could end in a unit: of its kind and level, by code. One statement."""
    rows = organisations.units(organisations.UnitKind(unit.kind), on=on)
    return list(rows.filter(level=unit.level).exclude(id=unit.id))


def stand_ins(unit: UUID, on: dt.date) -> list[organisations.StandIn]:
    """Return the stand-ins for positions of a unit that hold on a day or later. One statement."""
    rows = organisations.StandIn.objects.filter(position__unit=unit, valid_to__gte=on)
    return list(rows.select_related("position", "stand_in__unit").order_by("valid_from", "id"))


def stand_in(stand_in_id: UUID) -> organisations.StandIn | None:
    """Return one stand-in with its positions, None where there is none."""
    return (
        organisations.StandIn.objects.select_related("position", "stand_in")
        .filter(id=stand_in_id)
        .first()
    )


def names(unit: UUID) -> list[organisations.UnitName]:
    """Return everything a unit was or will be called, the latest first. One statement."""
    return list(organisations.UnitName.objects.filter(unit=unit).order_by("-valid_from"))

"""What an actor looks after: the units of the board right, put together as lines of a board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.operations import permissions
from sen.systems.operations.data import Place, Scope


def scope(actor: Actor, *, on: dt.date) -> Scope:
    """Return the places that an actor looks after on a day.

    A provincial leader's are the communes and agencies right below the province, and the province
    itself; of everybody else they are the uppermost units of the right. Remembered while the tree
    stays as it is. Raises SignInNeeded, NotAllowed.
    """
    access.check(actor, permissions.BOARD.name)
    units = access.rights(actor).units(permissions.BOARD.name)
    return legal.cached("units", ("operations.scope", units, on), lambda: _scope(units, on))


def place(actor: Actor, code: str, *, on: dt.date) -> Place:
    """Return a line of the actor's board by its code. Raises NotFound, SignInNeeded, NotAllowed."""
    found = {one.code: one for one in scope(actor, on=on).places}.get(code)
    if found is None:
        raise NotFound(_("Không tìm thấy đơn vị này trong phạm vi điều hành của bạn."))
    return found


def _scope(units: tuple[UUID, ...], on: dt.date) -> Scope:
    rows = organisations.Unit.objects.filter(id__in=units).order_by("code")
    known = {row.id: row for row in rows}
    parents: dict[UUID, UUID] = dict(
        organisations.UnitClosure.objects.filter(
            organisations.holds_on(on), depth=1, descendant__in=units, ancestor__in=units
        ).values_list("descendant_id", "ancestor_id")
    )
    roots = [unit for unit in known if unit not in parents]
    if len(roots) == 1 and known[roots[0]].kind == organisations.UnitKind.PROVINCE:
        roots += [unit for unit in known if parents.get(unit) == roots[0]]
    members: dict[UUID, list[UUID]] = {root: [] for root in roots}
    for unit in known:
        members[_top(unit, parents, members)].append(unit)
    _take_over(members)
    places = [
        Place(
            unit=root,
            code=known[root].code,
            area=known[root].statistics_code,
            members=tuple(members[root]),
        )
        for root in members
    ]
    seen = {unit: one for one in places for unit in one.members}
    return Scope(places=places, seen=seen)


def _top(unit: UUID, parents: Mapping[UUID, UUID], tops: Mapping[UUID, object]) -> UUID:
    """Return the line to which a unit belongs: itself or the nearest one above."""
    while unit not in tops:
        unit = parents[unit]
    return unit


def _take_over(members: Mapping[UUID, list[UUID]]) -> None:
    """Add the closed units whose work a line has taken over; the first of several takes it."""
    line_of = {unit: line for line, units in members.items() for unit in units}
    successions = organisations.UnitSuccession.objects.order_by("-on", "-id")
    for old, new in successions.values_list("old_id", "new_id"):
        line = line_of.get(new)
        if line is not None and old not in line_of:
            line_of[old] = line
            members[line].append(old)

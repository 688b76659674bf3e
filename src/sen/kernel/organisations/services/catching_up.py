"""Positions that the pattern of units gained after a province was laid down by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries
from sen.kernel.organisations.choices import UnitKind
from sen.kernel.organisations.data import Branch
from sen.kernel.organisations.models import Position, Unit, holds_on
from sen.kernel.organisations.permissions import MANAGE_POSITIONS
from sen.kernel.organisations.registry import demand
from sen.kernel.organisations.services.founding import pattern
from sen.kernel.organisations.services.seeding import branch
from sen.kernel.organisations.services.units import clean


@transaction.atomic
def bring_positions(
    actor: Actor, *, at: dt.datetime, valid_from: dt.date | None = None
) -> list[Position]:
    """Add the positions that the pattern has and its units never had; return them.

    For the start of a newer version. Units are known by the code that the pattern gave them, a
    commune also by the area that it governs; all others, and a position that was closed, stay as
    they are. valid_from: their first day, that of each unit by default. Without a province nothing
    is done. Raises NotAllowed.
    """
    on = clock.day(at)
    root = queries.units(UnitKind.PROVINCE, on=on).first()
    if root is None:
        return []
    demand(actor, MANAGE_POSITIONS, unit=root.id)
    added = list(_missing(_flat(branch(line) for line in pattern(root, on)), on, valid_from))
    if added:
        legal.bump(queries.EDITION)
    Position.objects.bulk_create(added)
    for place in added:
        audit.record(
            actor,
            "organisations.position.added",
            subject=audit.Subject(kind="organisations.position", id=place.id, code=place.code),
            at=at,
        )
    return added


def _flat(branches: Iterable[Branch]) -> Iterator[Branch]:
    for one in branches:
        yield one
        yield from _flat(one.parts)


def _missing(
    branches: Iterable[Branch], on: dt.date, valid_from: dt.date | None
) -> Iterator[Position]:
    units = list(Unit.objects.filter(holds_on(on)))
    by_code = {unit.code: unit for unit in units}
    governing = {unit.statistics_code: unit for unit in units if unit.kind == UnitKind.COMMUNE}
    known = set(Position.objects.values_list("unit", "code"))
    for one in branches:
        unit = by_code.get(one.unit.code)
        if unit is None and one.unit.kind == UnitKind.COMMUNE:
            unit = governing.get(one.unit.statistics_code)
        if unit is None:
            continue
        for place in one.positions:
            if (unit.id, place.code) in known:
                continue
            known.add((unit.id, place.code))
            yield Position(
                unit=unit,
                code=place.code,
                title=clean(place.title),
                is_head=place.is_head,
                valid_from=valid_from or unit.valid_from,
            )

"""The merger of units: planned first, then done in one transaction, told on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, NotFound
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.jobs import public as jobs
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries, rules
from sen.kernel.organisations.data import MergePlan, OpenWork, Part
from sen.kernel.organisations.events import UnitsMerged
from sen.kernel.organisations.models import (
    Position,
    Unit,
    UnitClosure,
    UnitName,
    UnitParent,
    UnitSuccession,
    holds_on,
)
from sen.kernel.organisations.permissions import MERGE_UNITS
from sen.kernel.organisations.registry import demand, merge_concerns
from sen.kernel.organisations.services.units import end_before, locked, relink, subject

ANNOUNCE = "organisations.announce_merger"
"""The job that tells of a merger on the day on which it takes effect."""


@transaction.atomic
def merge_units(
    actor: Actor,
    *,
    old: Sequence[UUID],
    new: UUID,
    on: dt.date,
    decision: str,
    at: dt.datetime,
    dry_run: bool = False,
) -> MergePlan:
    """Let units end in another from a day on ("sáp nhập"), and return what was (or would be) done.

    Parts of an old unit that have a counterpart in the new one end in it; the others go on below
    the new one. Open work is moved by whoever keeps it, when `UnitsMerged` arrives: at once, or
    on the day of the merger if that is still to come.
    dry_run: change nothing; the plan also counts the open work.
    Raises NotAllowed without the right in every unit, NotFound, Conflict when the units are not
    of one kind and level, stand below one another or do not exist on that day.
    """
    for unit in (*old, new):
        demand(actor, MERGE_UNITS, unit=unit)
    if dry_run:
        return _plan(_units([*old, new]), old=old, new=new, on=on, decision=decision)
    legal.bump(queries.EDITION)
    units = locked([*old, new])
    plan = _plan(units, old=old, new=new, on=on, decision=decision)
    _write(plan)
    audit.record(
        actor,
        "organisations.units.merged",
        subject=subject(units[new]),
        at=at,
        reason=decision,
        fields={"old": sorted(str(unit) for unit in old), "on": on.isoformat()},
    )
    _announce(plan, at=at)
    return plan


def _units(ids: Sequence[UUID]) -> dict[UUID, Unit]:
    found = {unit.id: unit for unit in Unit.objects.filter(id__in=ids)}
    if len(found) != len(set(ids)):
        raise NotFound
    return found


def _plan(
    units: dict[UUID, Unit], *, old: Sequence[UUID], new: UUID, on: dt.date, decision: str
) -> MergePlan:
    _check(units, old=old, new=new, on=on)
    closed, moved = rules.match_parts([(one, new) for one in old], _parts([*old, new], on))
    ending = [one for one, _new in closed]
    return MergePlan(
        new=new,
        on=on,
        decision=decision,
        closed=tuple(closed),
        moved=tuple(moved),
        positions=_position_pairs(closed, on),
        open_work=tuple(
            OpenWork(concern.code, concern.title, concern.count(ending))
            for concern in merge_concerns()
        ),
    )


def _check(units: dict[UUID, Unit], *, old: Sequence[UUID], new: UUID, on: dt.date) -> None:
    if not old or new in old or len(set(old)) != len(old):
        raise Conflict(_("Cần chọn các đơn vị cũ, mỗi đơn vị một lần, khác với đơn vị mới."))
    if len({(unit.kind, unit.level) for unit in units.values()}) > 1:
        raise Conflict(_("Chỉ sáp nhập được các đơn vị cùng loại và cùng cấp."))
    if any(unit.valid_from >= on for id_, unit in units.items() if id_ != new):
        raise Conflict(_("Đơn vị cũ phải tồn tại trước ngày sáp nhập."))
    if any(
        unit.valid_from > on or (unit.valid_to is not None and unit.valid_to < on)
        for unit in units.values()
    ):
        raise Conflict(_("Có đơn vị không tồn tại vào ngày sáp nhập."))
    if UnitClosure.objects.filter(
        holds_on(on), ancestor__in=units, descendant__in=units, depth__gt=0
    ).exists():
        raise Conflict(_("Không thể sáp nhập đơn vị với đơn vị cấp trên của nó."))


def _parts(roots: Sequence[UUID], on: dt.date) -> dict[UUID, list[Part]]:
    """Return the units directly below each unit in the subtrees of the roots, on a day."""
    rows = (
        UnitClosure.objects.filter(holds_on(on), ancestor__in=roots, depth__gt=0)
        .filter(holds_on(on, "descendant__parents__"))
        .order_by("descendant__code")
        .values_list("descendant_id", "descendant__kind", "descendant__parents__parent_id")
        .distinct()
    )
    found: dict[UUID, list[Part]] = {}
    names = queries.unit_names([row[0] for row in rows], on, short=True)
    for unit, kind, parent in rows:
        found.setdefault(parent, []).append(Part(unit, kind, names[unit]))
    return found


def _position_pairs(
    closed: Sequence[tuple[UUID, UUID]], on: dt.date
) -> tuple[tuple[UUID, UUID | None], ...]:
    successor = dict(closed)
    wanted = {*successor, *successor.values()}
    by_code = {
        (position.unit_id, position.code): position.id
        for position in Position.objects.filter(holds_on(on), unit__in=wanted).order_by("id")
    }
    return tuple(
        (id_, by_code.get((successor[unit], code)))
        for (unit, code), id_ in by_code.items()
        if unit in successor
    )


def _write(plan: MergePlan) -> None:
    for unit, parent in plan.moved:
        relink(unit=unit, parent=parent, on=plan.on)
    ending = [old for old, _new in plan.closed]
    for rows in (
        UnitClosure.objects.filter(descendant__in=ending),
        UnitClosure.objects.filter(ancestor__in=ending),
        UnitParent.objects.filter(unit__in=ending),
        UnitName.objects.filter(unit__in=ending),
        Position.objects.filter(unit__in=ending),
    ):
        end_before(rows, plan.on)
    Unit.objects.filter(id__in=ending).update(valid_to=rules.day_before(plan.on))
    UnitSuccession.objects.bulk_create(
        UnitSuccession(old_id=old, new_id=new, on=plan.on, decision=plan.decision)
        for old, new in plan.closed
    )


def _announce(plan: MergePlan, *, at: dt.datetime) -> None:
    positions = [(old, new) for old, new in plan.positions if new is not None]
    merged = UnitsMerged(
        old=tuple(old for old, _new in plan.closed),
        new=tuple(new for _old, new in plan.closed),
        old_positions=tuple(old for old, _new in positions),
        new_positions=tuple(new for _old, new in positions),
        on=plan.on,
        decision=plan.decision,
    )
    if plan.on > clock.day(at):
        due = clock.moment(plan.on)
        jobs.defer(ANNOUNCE, at=due, unit=str(plan.new), payload=merged.to_payload())
    else:
        announce(plan.new, merged, at=at)


def announce(unit: UUID, merged: UnitsMerged, *, at: dt.datetime) -> None:
    """Tell that units have merged into a unit, on the day of the merger."""
    events.publish(merged, record=unit, at=at)

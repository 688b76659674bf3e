"""The verb that adds whole branches of the tree at once: a province has hundreds of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.base.identifiers import is_agency_code
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries, rules
from sen.kernel.organisations.data import Branch, Link, Span
from sen.kernel.organisations.events import UnitAdded
from sen.kernel.organisations.models import Position, Unit, UnitClosure, UnitName, UnitParent
from sen.kernel.organisations.permissions import MANAGE_POSITIONS, MANAGE_UNITS
from sen.kernel.organisations.registry import demand
from sen.kernel.organisations.services.units import clean, insert_links, links, since, subject


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of branches, parents before their parts."""

    units: list[Unit] = field(default_factory=list)
    names: list[UnitName] = field(default_factory=list)
    parents: list[UnitParent] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)


@transaction.atomic
def add_branches(
    actor: Actor,
    *,
    branches: Sequence[Branch],
    parent: UUID | None,
    valid_from: dt.date,
    at: dt.datetime,
) -> int:
    """Add units with their positions and everything below them; return how many units.

    Each has its line in the trail and its event, as if it had been added by itself, in a number of
    statements that does not grow with the branches.
    Raises NotAllowed without the right in the parent, Invalid for a malformed or used code or a
    missing Vietnamese name, Conflict when the parent does not exist on that day.
    """
    demand(actor, MANAGE_UNITS, unit=parent)
    demand(actor, MANAGE_POSITIONS, unit=parent)
    legal.bump(queries.EDITION)
    above = []
    if parent is not None:
        above = links(UnitClosure.objects.filter(since(valid_from), descendant=parent))
        if not any(link.depth == 0 and link.span.first <= valid_from for link in above):
            raise Conflict(_("Đơn vị cấp trên không tồn tại vào ngày này."))
    rows = _Rows()
    for branch in branches:
        _gather(rows, branch, parent, above, valid_from)
    _check([unit.code for unit in rows.units])
    Unit.objects.bulk_create(rows.units)
    UnitName.objects.bulk_create(rows.names)
    UnitParent.objects.bulk_create(rows.parents)
    insert_links(rows.links)
    Position.objects.bulk_create(rows.positions)
    _tell(actor, rows, at)
    return len(rows.units)


def _gather(
    rows: _Rows, branch: Branch, parent: UUID | None, above: Sequence[Link], first: dt.date
) -> None:
    wanted = branch.unit
    unit = Unit(
        code=wanted.code,
        is_code_official=wanted.is_code_official,
        statistics_code=wanted.statistics_code,
        kind=wanted.kind,
        level=wanted.level,
        valid_from=first,
    )
    rows.units.append(unit)
    rows.names.append(
        UnitName(
            unit=unit,
            name=clean(wanted.name),
            short_name=clean(wanted.short_name),
            valid_from=first,
        )
    )
    if parent is not None:
        rows.parents.append(UnitParent(unit=unit, parent_id=parent, valid_from=first))
    own = Link(unit.id, unit.id, 0, Span(first))
    found = [own, *rules.links_through(above, [own], since=first)]
    rows.links.extend(found)
    rows.positions.extend(
        Position(
            unit=unit,
            code=place.code,
            title=clean(place.title),
            is_head=place.is_head,
            valid_from=first,
        )
        for place in branch.positions
    )
    for part in branch.parts:
        _gather(rows, part, unit.id, found, first)


def _check(codes: Sequence[str]) -> None:
    """Refuse codes that are malformed or used, here or already."""
    for code in codes:
        if not is_agency_code(code):
            message = _("Mã định danh điện tử không đúng dạng (ví dụ H41.9.12).")
            raise Invalid(message, fields={"code": [message]})
    used = {code for code in codes if codes.count(code) > 1}
    used.update(Unit.objects.filter(code__in=codes).values_list("code", flat=True))
    if used:
        message = _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": min(used)}
        raise Invalid(message, fields={"code": [message]})


def _tell(actor: Actor, rows: _Rows, at: dt.datetime) -> None:
    for unit in rows.units:
        audit.record(actor, "organisations.unit.added", subject=subject(unit), at=at)
        added = UnitAdded(unit=unit.id, code=unit.code, on=unit.valid_from)
        events.publish(added, record=unit.id, at=at)
    for place in rows.positions:
        audit.record(
            actor,
            "organisations.position.added",
            subject=audit.Subject(kind="organisations.position", id=place.id, code=place.code),
            at=at,
        )

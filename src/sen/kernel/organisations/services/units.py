"""Verbs on one unit: add, rename, move.

Every change of the tree first counts the edition `units` up, whose row stays locked until the end
of the transaction: changes of the tree wait for one another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotFound
from sen.base.identifiers import is_agency_code
from sen.base.vietnamese import nfc
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries, rules
from sen.kernel.organisations.data import Link, Localised, NewUnit, Span
from sen.kernel.organisations.events import UnitAdded, UnitMoved, UnitRenamed
from sen.kernel.organisations.models import Unit, UnitClosure, UnitName, UnitParent, holds_on
from sen.kernel.organisations.permissions import MANAGE_UNITS
from sen.kernel.organisations.registry import demand


def subject(unit: Unit) -> audit.Subject:
    """Return a unit as the audit trail names it."""
    return audit.Subject(kind="organisations.unit", id=unit.id, code=unit.code)


def clean(localised: Localised) -> dict[str, str]:
    """Return the texts in their normal form, none empty. Raises Invalid without Vietnamese."""
    texts = {language: nfc(text) for language, text in localised.items() if nfc(text)}
    if "vi" not in texts:
        raise Invalid(_("Cần có tên bằng tiếng Việt."))
    return texts


def locked(ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """Lock units in the order of their keys and return them. Raises NotFound if one is missing."""
    wanted = set(ids)
    found = {
        unit.id: unit
        for unit in Unit.objects.select_for_update().filter(id__in=wanted).order_by("id")
    }
    if len(found) != len(wanted):
        raise NotFound
    return found


def end_before(rows: QuerySet[Any], on: dt.date) -> None:
    """Let dated rows end on the day before a day; those that would begin later are deleted."""
    rows.filter(valid_from__gte=on).delete()
    rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).update(
        valid_to=rules.day_before(on)
    )


def links(rows: Iterable[UnitClosure]) -> list[Link]:
    """Return closure rows as values."""
    return [
        Link(row.ancestor_id, row.descendant_id, row.depth, Span(row.valid_from, row.valid_to))
        for row in rows
    ]


def since(on: dt.date) -> Q:
    """Return the condition that a dated row holds on a day or later."""
    return Q(valid_to__isnull=True) | Q(valid_to__gte=on)


def insert_links(found: Iterable[Link]) -> None:
    """Write closure lines."""
    UnitClosure.objects.bulk_create(
        UnitClosure(
            ancestor_id=link.ancestor,
            descendant_id=link.descendant,
            depth=link.depth,
            valid_from=link.span.first,
            valid_to=link.span.last,
        )
        for link in found
    )


@transaction.atomic
def add_unit(
    actor: Actor,
    *,
    unit: NewUnit,
    parent: UUID | None,
    valid_from: dt.date,
    at: dt.datetime,
    decision: str = "",
) -> Unit:
    """Add a unit that exists from a day on, under a parent (none for the root), and return it.

    decision: number of the paper that sets it up.
    Raises NotAllowed without the right in the parent (in the nearest unit above, while the parent
    has not begun), Invalid for a malformed or used code or a
    missing Vietnamese name, Conflict when the parent does not exist on that day.
    """
    demand(actor, MANAGE_UNITS, unit=_answering(parent, at))
    legal.bump(queries.EDITION)
    if not is_agency_code(unit.code):
        raise Invalid(
            _("Mã định danh điện tử không đúng dạng (ví dụ H41.9.12)."),
            fields={"code": [_("Mã định danh điện tử không đúng dạng (ví dụ H41.9.12).")]},
        )
    if Unit.objects.filter(code=unit.code).exists():
        message = _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": unit.code}
        raise Invalid(message, fields={"code": [message]})
    above = []
    if parent is not None:
        above = links(UnitClosure.objects.filter(since(valid_from), descendant=parent))
        if not any(link.depth == 0 and link.span.first <= valid_from for link in above):
            raise Conflict(_("Đơn vị cấp trên không tồn tại vào ngày này."))
    names = {"name": clean(unit.name), "short_name": clean(unit.short_name)}
    added = Unit.objects.create(
        code=unit.code,
        is_code_official=unit.is_code_official,
        statistics_code=unit.statistics_code,
        kind=unit.kind,
        level=unit.level,
        valid_from=valid_from,
    )
    UnitName.objects.create(unit=added, valid_from=valid_from, decision=decision, **names)
    if parent is not None:
        UnitParent.objects.create(unit=added, parent_id=parent, valid_from=valid_from)
    own = Link(added.id, added.id, 0, Span(valid_from))
    insert_links([own, *rules.links_through(above, [own], since=valid_from)])
    audit.record(actor, "organisations.unit.added", subject=subject(added), at=at, reason=decision)
    events.publish(UnitAdded(unit=added.id, code=added.code, on=valid_from), record=added.id, at=at)
    return added


def _answering(unit: UUID | None, at: dt.datetime) -> UUID | None:
    """Return the unit in which a right is asked for a unit: itself, if it has begun.

    Rights reach what exists today. For a unit that is still to come, whoever looks after the
    nearest unit above it answers, so that its parts can be prepared.
    """
    found = None if unit is None else Unit.objects.filter(id=unit).first()
    today = clock.day(at)
    if found is None or found.valid_from <= today:
        return unit
    begun = Unit.objects.filter(
        holds_on(today), holds_on(found.valid_from, "below__"), below__descendant=found
    )
    nearest = begun.order_by("below__depth").first()
    return unit if nearest is None else nearest.id


@transaction.atomic
def rename_unit(
    actor: Actor,
    *,
    unit: UUID,
    name: Localised,
    short_name: Localised,
    on: dt.date,
    decision: str,
    at: dt.datetime,
) -> UnitName:
    """Give a unit another name from a day on; papers of earlier days keep the earlier one.

    Raises NotAllowed, NotFound, Invalid without a Vietnamese name, Conflict when the unit does
    not exist on that day or has a name that begins then or later.
    """
    demand(actor, MANAGE_UNITS, unit=unit)
    legal.bump(queries.EDITION)
    renamed = locked([unit])[unit]
    current = UnitName.objects.filter(holds_on(on), unit=unit, valid_to__isnull=True).first()
    if current is None or current.valid_from >= on:
        raise Conflict(_("Tên của đơn vị đã thay đổi vào ngày này hoặc sau đó."))
    current.valid_to = rules.day_before(on)
    current.save(update_fields=["valid_to"])
    added = UnitName.objects.create(
        unit=renamed,
        name=clean(name),
        short_name=clean(short_name),
        decision=decision,
        valid_from=on,
    )
    entry = audit.record(
        actor,
        "organisations.unit.renamed",
        subject=subject(renamed),
        at=at,
        reason=decision,
        fields={"name": added.name["vi"], "short_name": added.short_name["vi"]},
    )
    audit.revise(
        subject(renamed),
        [audit.Change(field="name", old=current.name["vi"], new=added.name["vi"])],
        entry,
    )
    events.publish(UnitRenamed(unit=unit, on=on), record=unit, at=at)
    return added


@transaction.atomic
def move_unit(
    actor: Actor, *, unit: UUID, parent: UUID, on: dt.date, decision: str, at: dt.datetime
) -> UnitParent:
    """Put a unit, with everything below it, under another parent from a day on.

    Raises NotAllowed without the right in both, NotFound, Conflict when the parent would stand
    below the unit, when one of them does not exist on that day, or when the unit has a parent
    that begins then or later.
    """
    demand(actor, MANAGE_UNITS, unit=unit)
    demand(actor, MANAGE_UNITS, unit=parent)
    legal.bump(queries.EDITION)
    moved = locked([unit, parent])[unit]
    added = relink(unit=unit, parent=parent, on=on)
    audit.record(
        actor,
        "organisations.unit.moved",
        subject=subject(moved),
        at=at,
        reason=decision,
        fields={"parent": str(parent)},
    )
    events.publish(UnitMoved(unit=unit, parent=parent, on=on), record=unit, at=at)
    return added


def relink(*, unit: UUID, parent: UUID, on: dt.date) -> UnitParent:
    """Write a move into edges and closure, without right, audit or event.

    For `move_unit` and for mergers, which hold the lock. Raises Conflict as `move_unit` says.
    """
    rows = UnitClosure.objects.filter(since(on))
    below = links(rows.filter(ancestor=unit))
    if any(link.descendant == parent for link in below):
        raise Conflict(_("Không thể chuyển một đơn vị vào bên dưới chính nó."))
    above = links(rows.filter(descendant=parent))
    exists = [link.span.first <= on for link in (*above, *below) if link.depth == 0]
    if exists != [True, True]:
        raise Conflict(_("Đơn vị không tồn tại vào ngày này."))
    current = UnitParent.objects.filter(unit=unit, valid_to__isnull=True).first()
    if current is not None and current.valid_from >= on:
        raise Conflict(_("Đơn vị cấp trên đã thay đổi vào ngày này hoặc sau đó."))
    former = frozenset(
        rows.filter(descendant=unit, depth__gt=0).values_list("ancestor_id", flat=True)
    )
    candidates = list(
        rows.filter(ancestor__in=former, descendant__in={link.descendant for link in below})
    )
    broken = set(rules.links_broken(links(candidates), below, above=former, since=on))
    gone = [
        row.id for row, link in zip(candidates, links(candidates), strict=True) if link in broken
    ]
    end_before(UnitClosure.objects.filter(id__in=gone), on)
    insert_links(rules.links_through(above, below, since=on))
    UnitParent.objects.filter(unit=unit, valid_to__isnull=True).update(
        valid_to=rules.day_before(on)
    )
    return UnitParent.objects.create(unit_id=unit, parent_id=parent, valid_from=on)

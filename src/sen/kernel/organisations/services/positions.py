"""Verbs on positions: add, close, stand in."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid
from sen.kernel.audit import public as audit
from sen.kernel.legal import public as legal
from sen.kernel.organisations import queries
from sen.kernel.organisations.data import Localised
from sen.kernel.organisations.models import Position, StandIn, Unit, holds_on
from sen.kernel.organisations.permissions import MANAGE_POSITIONS
from sen.kernel.organisations.registry import demand
from sen.kernel.organisations.services.units import clean


def _subject(position: Position) -> audit.Subject:
    return audit.Subject(kind="organisations.position", id=position.id, code=position.code)


@transaction.atomic
def add_position(
    actor: Actor,
    *,
    unit: UUID,
    code: str,
    title: Localised,
    valid_from: dt.date,
    at: dt.datetime,
    is_head: bool = False,
) -> Position:
    """Add a position to a unit from a day on and return it.

    Raises NotAllowed, Conflict when the unit does not exist on that day or has the code already,
    Invalid without a Vietnamese title.
    """
    demand(actor, MANAGE_POSITIONS, unit=unit)
    legal.bump(queries.EDITION)
    if not Unit.objects.filter(holds_on(valid_from), id=unit).exists():
        raise Conflict(_("Đơn vị không tồn tại vào ngày này."))
    if Position.objects.filter(unit=unit, code=code).exists():
        raise Conflict(_("Đơn vị đã có vị trí việc làm với mã này."))
    added = Position.objects.create(
        unit_id=unit, code=code, title=clean(title), is_head=is_head, valid_from=valid_from
    )
    audit.record(actor, "organisations.position.added", subject=_subject(added), at=at)
    return added


@transaction.atomic
def close_position(
    actor: Actor, *, position: UUID, last_day: dt.date, at: dt.datetime, reason: str = ""
) -> Position:
    """Let a position end after a day and return it.

    Raises NotAllowed, NotFound, Conflict when it has an end already or begins after that day.
    """
    closed = queries.position(position)
    demand(actor, MANAGE_POSITIONS, unit=closed.unit_id)
    legal.bump(queries.EDITION)
    changed = Position.objects.filter(
        id=position, valid_to__isnull=True, valid_from__lte=last_day
    ).update(valid_to=last_day)
    if not changed:
        raise Conflict(_("Vị trí việc làm đã kết thúc hoặc chưa bắt đầu."))
    closed.valid_to = last_day
    audit.record(
        actor, "organisations.position.closed", subject=_subject(closed), at=at, reason=reason
    )
    return closed


@transaction.atomic
def appoint_stand_in(
    actor: Actor,
    *,
    position: UUID,
    stand_in: UUID,
    days: tuple[dt.date, dt.date],
    at: dt.datetime,
    decision: str = "",
) -> StandIn:
    """Let whoever holds one position stand in for another on the days from the first to the last.

    Raises NotAllowed without the right in the unit of the absent position, NotFound, Invalid for
    days in the wrong order or a position standing in for itself, Conflict when it already does
    on one of these days.
    """
    absent, other = queries.position(position), queries.position(stand_in)
    demand(actor, MANAGE_POSITIONS, unit=absent.unit_id)
    legal.bump(queries.EDITION)
    first, last = days
    if last < first or position == stand_in:
        raise Invalid(_("Ngày kết thúc phải sau ngày bắt đầu và người thay phải là vị trí khác."))
    if StandIn.objects.filter(
        position=position, stand_in=stand_in, valid_from__lte=last, valid_to__gte=first
    ).exists():
        raise Conflict(_("Vị trí này đã được phân công thay thế trong thời gian đó."))
    added = StandIn.objects.create(
        position=absent, stand_in=other, decision=decision, valid_from=first, valid_to=last
    )
    audit.record(
        actor,
        "organisations.stand_in.appointed",
        subject=_subject(absent),
        at=at,
        reason=decision,
        fields={"stand_in": str(stand_in), "first": first.isoformat(), "last": last.isoformat()},
    )
    return added


@transaction.atomic
def end_stand_in(actor: Actor, *, stand_in: StandIn, last_day: dt.date, at: dt.datetime) -> None:
    """Let somebody stand in for another until an earlier day than was set, or not at all.

    last_day: a day before the first takes the whole appointment away. Raises NotAllowed.
    """
    demand(actor, MANAGE_POSITIONS, unit=stand_in.position.unit_id)
    legal.bump(queries.EDITION)
    if last_day < stand_in.valid_from:
        StandIn.objects.filter(id=stand_in.id).delete()
    else:
        StandIn.objects.filter(id=stand_in.id, valid_to__gt=last_day).update(valid_to=last_day)
    audit.record(
        actor,
        "organisations.stand_in.ended",
        subject=_subject(stand_in.position),
        at=at,
        fields={"stand_in": str(stand_in.stand_in_id), "last": last_day.isoformat()},
    )

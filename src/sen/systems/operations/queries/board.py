"""The board: how the places stand that an actor looks after, the worst first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.organisations import public as organisations
from sen.systems.operations import rules
from sen.systems.operations.choices import Term
from sen.systems.operations.data import Board, Days, Holder, Line, Load, Month, Place, Scope, Sum
from sen.systems.operations.queries import holders, months, scope
from sen.systems.public_services import public as services
from sen.web import paging

After = tuple[dt.datetime | None, UUID]
"""Day and id of the last line of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An open dossier with who holds it.

    may_open: whether whoever looks may open it; who may not sees no more than this line.
    """

    told: services.OpenDossier
    holder: Holder
    unit: str
    may_open: bool


def board(actor: Actor, *, term: Term, now: dt.datetime) -> Board:
    """Return the board of everything that an actor looks after. Six statements.

    Raises SignInNeeded, NotAllowed.
    """
    seen = scope.scope(actor, on=clock.day(now))
    return _board(seen, term, now, is_named=True)


def place_board(actor: Actor, code: str, *, term: Term, now: dt.datetime) -> tuple[Place, Board]:
    """Return the board of one place alone. Raises NotFound, SignInNeeded, NotAllowed."""
    found = scope.place(actor, code, on=clock.day(now))
    alone = Scope(places=[found], seen=dict.fromkeys(found.members, found))
    return found, _board(alone, term, now, is_named=False)


def loads(place: Place, *, now: dt.datetime) -> list[Load]:
    """Return with whom the open work of a place lies, the most late first. Three statements."""
    return _loads(services.held(place.members, now=now), clock.day(now))


def dossiers(
    actor: Actor,
    units: Sequence[UUID],
    *,
    kind: services.Kind,
    now: dt.datetime,
    after: After | None = None,
    limit: int,
) -> list[Dossier]:
    """Return open dossiers of places with who holds each, the earliest day first.

    units: members of places of the actor. Three statements.
    """
    on = clock.day(now)
    found = services.open_dossiers(units, kind=kind, now=now, after=after, limit=limit)
    held = holders.holders(found, on=on)
    reads = services.reading_units(actor)
    names = organisations.unit_names({one.unit for one in found}, on, language(), short=True)
    return [
        Dossier(
            told=told,
            holder=holder,
            unit=names.get(told.unit, ""),
            may_open=not reads.isdisjoint({told.unit, told.received, told.helped}),
        )
        for told, holder in zip(found, held, strict=True)
    ]


def cursor(last: Dossier) -> str:
    """Return where the page after a dossier begins."""
    end = last.told.end
    return paging.encode(end.isoformat() if end else "", last.told.id)


def read_cursor(text: str) -> After | None:
    """Return where a page begins, None for the first. Raises BadCursor."""
    keys = paging.decode(text, keys=2)
    if keys is None:
        return None
    try:
        return (dt.datetime.fromisoformat(keys[0]) if keys[0] else None), UUID(keys[1])
    except ValueError as error:
        raise paging.BadCursor from error


def language() -> str:
    """Return the language of the page."""
    return get_language() or "vi"


def _board(seen: Scope, term: Term, now: dt.datetime, *, is_named: bool) -> Board:
    today = clock.day(now)
    days = rules.days(term, today)
    units = list(seen.seen)
    standing = services.standing(units, now=now)
    flows = months.flows(units, today=today)
    told = _sums(seen, standing, flows, days)
    names = organisations.unit_names(
        [one.unit for one in seen.places], today, language(), short=True
    )
    lines = rules.worst_first(
        Line(place=one, name=names[one.unit], sum=told[one.unit]) for one in seen.places
    )
    worst = [line for line in lines if line.sum.late][: rules.WORST] if is_named else []
    return Board(
        days=days,
        total=rules.added(told.values()),
        lines=lines,
        months=_months(flows, today),
        worst=_heaviest(worst, now),
    )


def _sums(
    seen: Scope,
    standing: dict[UUID, services.Standing],
    flows: Sequence[services.Flow],
    days: Days,
) -> dict[UUID, Sum]:
    """Return the figures of each place."""
    parts: dict[UUID, list[Sum]] = {one.unit: [] for one in seen.places}
    for unit, one in standing.items():
        parts[seen.seen[unit].unit].append(
            Sum(
                late=one.late,
                today=one.today,
                week=one.week,
                waiting=one.waiting,
                paused=one.paused,
                open=one.open,
                late_since=one.late_since,
            )
        )
    for flow in flows:
        if days.first <= flow.month <= days.last:
            parts[seen.seen[flow.unit].unit].append(
                Sum(received=flow.received, settled=flow.settled, settled_late=flow.late)
            )
    return {unit: rules.added(sums) for unit, sums in parts.items()}


def _months(flows: Sequence[services.Flow], today: dt.date) -> list[Month]:
    told = [(flow.month, flow.received, flow.settled, flow.late) for flow in flows]
    return rules.months(told, today)


def _heaviest(lines: Sequence[Line], now: dt.datetime) -> list[tuple[Line, Load | None]]:
    """Return with each line the holder with whom most of its late work lies."""
    if not lines:
        return []
    line_of = {unit: line for line in lines for unit in line.place.members}
    first: dict[str, services.Held] = {}
    for held in services.held(list(line_of), now=now):
        first.setdefault(line_of[held.unit].place.code, held)
    told = dict(zip(first, _loads(list(first.values()), clock.day(now)), strict=True))
    return [(line, told.get(line.place.code)) for line in lines]


def _loads(held: Sequence[services.Held], on: dt.date) -> list[Load]:
    return [
        Load(
            unit=one.unit,
            holder=holder,
            late=one.late,
            week=one.week,
            open=one.open,
            late_since=one.late_since,
        )
        for one, holder in zip(held, holders.holders(held, on=on), strict=True)
    ]

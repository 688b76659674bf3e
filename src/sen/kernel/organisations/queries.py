"""Reads of organisations; what pages ask again and again is kept per edition of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from sen.base.errors import NotFound
from sen.base.vietnamese import fold
from sen.kernel.legal import public as legal
from sen.kernel.organisations import rules
from sen.kernel.organisations.choices import AreaKind, UnitKind
from sen.kernel.organisations.data import DatedName, Span
from sen.kernel.organisations.models import (
    Area,
    AreaShape,
    Position,
    StandIn,
    Unit,
    UnitClosure,
    UnitName,
    UnitSuccession,
    holds_on,
)

EDITION: legal.EditionName = "units"
"""The edition that counts changes of units, positions and stand-ins."""


def unit(code: str, on: dt.date) -> Unit:
    """Return the unit with a code that exists on a day. Raises NotFound."""
    found = legal.cached(
        EDITION,
        ("organisations.unit", code),
        lambda: Unit.objects.filter(code=code).first(),
    )
    if found is None or found.valid_from > on or (found.valid_to and found.valid_to < on):
        raise NotFound
    return found


def unit_by_id(unit_id: UUID) -> Unit:
    """Return a unit, existing or closed. Raises NotFound."""
    found = legal.cached(
        EDITION,
        ("organisations.unit_by_id", unit_id),
        lambda: Unit.objects.filter(id=unit_id).first(),
    )
    if found is None:
        raise NotFound
    return found


def unit_of_area(statistics_code: str, on: dt.date) -> Unit:
    """Return the unit that governs an area on a day. Raises NotFound."""
    found = (
        Unit.objects.filter(holds_on(on), statistics_code=statistics_code).order_by("id").first()
    )
    if found is None:
        raise NotFound
    return found


def units(
    kind: UnitKind | None = None, *, on: dt.date, below: UUID | None = None
) -> QuerySet[Unit]:
    """Return the units that exist on a day, by code; of one kind, below one unit if asked."""
    found = Unit.objects.filter(holds_on(on))
    if kind is not None:
        found = found.filter(kind=kind)
    if below is not None:
        found = found.filter(holds_on(on, "above__"), above__ancestor=below)
    return found.order_by("code")


def find_units(query: str, *, on: dt.date, kind: UnitKind | None = None) -> list[Unit]:
    """Return the units of a day whose code or names hold every word, by code. One statement.

    With or without marks, and in every spelling of the area that a unit or one above it governs.
    """
    said, wanted = _words(on), fold(query).split()
    return [
        one for one in units(kind, on=on) if all(word in said.get(one.id, "") for word in wanted)
    ]


def _words(on: dt.date) -> Mapping[UUID, str]:
    """Return what each unit of a day is found by, without marks; read once an edition."""

    def load() -> Mapping[UUID, str]:
        spelt = dict(
            Area.objects.filter(holds_on(on)).exclude(aliases=[]).values_list("code", "aliases")
        )
        governed: dict[UUID, list[str]] = {}
        for unit, code in UnitClosure.objects.filter(
            holds_on(on), ancestor__statistics_code__in=spelt
        ).values_list("descendant_id", "ancestor__statistics_code"):
            governed.setdefault(unit, []).extend(spelt[code])
        names = legal.cached(EDITION, "organisations.names", _all_names)
        found = {}
        for id_, code in Unit.objects.filter(holds_on(on)).values_list("id", "code"):
            name = rules.name_on(names[id_], on)
            texts = [*name.name.values(), *name.short_name.values(), *governed.get(id_, ())]
            found[id_] = fold(" ".join([code, *texts]))
        return found

    return legal.cached(EDITION, ("organisations.words", on), load)


def _all_names() -> Mapping[UUID, list[DatedName]]:
    names: dict[UUID, list[DatedName]] = {}
    for row in UnitName.objects.order_by("unit_id", "valid_from"):
        span = Span(row.valid_from, row.valid_to)
        names.setdefault(row.unit_id, []).append(DatedName(span, row.name, row.short_name))
    return names


def unit_name(
    unit_id: UUID,
    on: dt.date,
    language: str = "vi",
    *,
    short: bool = False,
) -> str:
    """Return what a unit is called on a day; a closed unit keeps its last name. Raises NotFound."""
    names = unit_names([unit_id], on, language, short=short)
    if not names:
        raise NotFound
    return names[unit_id]


def unit_names(
    ids: Iterable[UUID], on: dt.date, language: str = "vi", *, short: bool = False
) -> dict[UUID, str]:
    """Return what units are called on a day, without those that do not exist."""
    known = legal.cached(EDITION, "organisations.names", _all_names)
    found = {key: rules.name_on(known[key], on) for key in ids if key in known}
    return {
        key: rules.text_of(name.short_name if short else name.name, language)
        for key, name in found.items()
    }


def province_name(on: dt.date, language: str = "vi") -> str:
    """Return what the province is called ("Tỉnh Nghệ An"), empty before there is one.

    Remembered under the edition of the tree.
    """

    def load() -> Mapping[str, str]:
        root = units(UnitKind.PROVINCE, on=on).first()
        areas = Area.objects.filter(holds_on(on), code=root.statistics_code) if root else None
        found = areas.first() if areas is not None else None
        return found.name if found is not None else {"vi": ""}

    return rules.text_of(legal.cached(EDITION, ("organisations.province", on), load), language)


def below(unit_id: UUID, on: dt.date, *, include_self: bool = True) -> tuple[UUID, ...]:
    """Return the ids of the units below a unit on a day, the unit itself first."""

    def load() -> tuple[UUID, ...]:
        rows = UnitClosure.objects.filter(holds_on(on), ancestor=unit_id)
        return tuple(
            rows.order_by("depth", "descendant__code").values_list("descendant", flat=True)
        )

    found = legal.cached(EDITION, ("organisations.below", unit_id, on), load)
    return found if include_self else tuple(one for one in found if one != unit_id)


def above(unit_id: UUID, on: dt.date, *, include_self: bool = True) -> tuple[UUID, ...]:
    """Return the ids of the units above a unit on a day, the nearest first."""

    def load() -> tuple[UUID, ...]:
        rows = UnitClosure.objects.filter(holds_on(on), descendant=unit_id)
        return tuple(rows.order_by("depth", "id").values_list("ancestor", flat=True))

    found = legal.cached(EDITION, ("organisations.above", unit_id, on), load)
    return found if include_self else tuple(one for one in found if one != unit_id)


def successors(unit_id: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Return the units that have taken over from a unit by a day, through every later merger.

    A unit from which nobody has taken over is its own answer.
    """

    def load() -> tuple[UUID, ...]:
        edges: dict[UUID, list[UUID]] = {}
        for old, new in (
            UnitSuccession.objects.filter(on__lte=on).order_by("on", "id").values_list("old", "new")
        ):
            edges.setdefault(old, []).append(new)
        found: dict[UUID, None] = {}
        waiting = [unit_id]
        while waiting:
            one = waiting.pop(0)
            waiting += edges.get(one, [])
            if one not in edges:
                found[one] = None
        return tuple(found)

    return legal.cached(EDITION, ("organisations.successors", unit_id, on), load)


def position(position_id: UUID) -> Position:
    """Return a position with its unit. Raises NotFound."""
    found = Position.objects.select_related("unit").filter(id=position_id).first()
    if found is None:
        raise NotFound
    return found


def positions(
    *, on: dt.date, unit: UUID | None = None, code: str | None = None
) -> QuerySet[Position]:
    """Return the positions that exist on a day, of one unit or with one code if asked.

    Heads come first in each unit.
    """
    found = Position.objects.filter(holds_on(on)).select_related("unit")
    if unit is not None:
        found = found.filter(unit=unit)
    if code is not None:
        found = found.filter(code=code)
    return found.order_by("unit__code", F("is_head").desc(), "code")


def find_positions(
    query: str, *, on: dt.date, units: Collection[UUID] | None = None, limit: int = 20
) -> list[Position]:
    """Return positions of a day found by words of their title and of their unit. One statement.

    With or without marks, as units are found; those that hold most of the words whole come first,
    then heads before others in each unit. units: only those of these units.
    """
    wanted = fold(query).split()
    hits = [
        (-sum(word in said.split() for word in wanted), place, position)
        for place, (position, unit, said) in enumerate(_position_words(on))
        if (units is None or unit in units) and all(word in said for word in wanted)
    ]
    found = [position for _whole, _place, position in sorted(hits)[:limit]]
    rows = {row.id: row for row in Position.objects.select_related("unit").filter(id__in=found)}
    return [rows[one] for one in found if one in rows]


def _position_words(on: dt.date) -> Sequence[tuple[UUID, UUID, str]]:
    """Return each position of a day with its unit and what it is found by; read once an edition."""

    def load() -> Sequence[tuple[UUID, UUID, str]]:
        said = _words(on)
        rows = positions(on=on).values_list("id", "unit_id", "title")
        return tuple(
            (one, unit, f"{fold(' '.join(title.values()))} {said.get(unit, '')}")
            for one, unit, title in rows
        )

    return legal.cached(EDITION, ("organisations.position_words", on), load)


def stand_ins(position: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Return the positions whose holders stand in for a position on a day."""
    return _stand_ins(on).get(position, ())


def stands_in_for(position: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Return the positions for which the holders of a position stand in on a day."""
    return tuple(absent for absent, others in _stand_ins(on).items() if position in others)


def _stand_ins(on: dt.date) -> Mapping[UUID, tuple[UUID, ...]]:
    def load() -> Mapping[UUID, tuple[UUID, ...]]:
        found: dict[UUID, tuple[UUID, ...]] = {}
        rows = StandIn.objects.filter(
            holds_on(on), holds_on(on, "position__"), holds_on(on, "stand_in__")
        )
        for absent, other in rows.order_by("id").values_list("position_id", "stand_in_id"):
            found[absent] = (*found.get(absent, ()), other)
        return found

    return legal.cached(EDITION, ("organisations.stand_ins", on), load)


def area(code: str, on: dt.date) -> Area:
    """Return the area with a statistics code on a day, with its province. Raises NotFound."""
    found = legal.cached(
        EDITION,
        ("organisations.area", code[:20]),
        lambda: list(Area.objects.select_related("parent").filter(code=code).order_by("id")),
    )
    for one in found:
        if one.valid_from <= on and (one.valid_to is None or one.valid_to >= on):
            return one
    raise NotFound


def areas(kind: AreaKind, *, on: dt.date, parent: str | None = None) -> QuerySet[Area]:
    """Return the areas of a tier on a day, by code; those of one province if asked."""
    found = Area.objects.filter(holds_on(on), kind=kind)
    if parent is not None:
        found = found.filter(parent__code=parent)
    return found.order_by("code")


def boundaries(codes: Iterable[str]) -> list[AreaShape]:
    """Return the shapes of areas by code, those without one left out; large, so not remembered."""
    return list(AreaShape.objects.filter(code__in=list(codes)).order_by("code"))

"""Units, positions and rights found by words, each as a code, a text and a line below it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sen.base.actor import Actor
from sen.base.vietnamese import fold
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.queries import units


class Found(NamedTuple):
    """One thing that words name. hint: what tells it from another of the same text."""

    code: str
    text: str
    hint: str


def find_units(
    words: str, *, on: dt.date, limit: int, language: str, without: Collection[UUID] = ()
) -> list[Found]:
    """Return units by code and name, with or without marks. without: those not to be taken."""
    rows = [one for one in units.found(on, query=words, limit=limit * 4) if one.id not in without]
    names = organisations.unit_names([one.id for one in rows[:limit]], on, language)
    return [Found(one.code, names[one.id], one.code) for one in rows[:limit]]


def unit_called(
    code: str, *, on: dt.date, language: str, without: Collection[UUID] = ()
) -> str | None:
    """Return what a unit is called, None for one that does not exist or may not be taken."""
    found = organisations.units(on=on).filter(code=code).first()
    if found is None or found.id in without:
        return None
    return organisations.unit_name(found.id, on, language)


def find_positions(
    actor: Actor | None, words: str, *, on: dt.date, limit: int, language: str
) -> list[Found]:
    """Return positions by words of title and unit, where the actor looks after accounts.

    actor: None for any unit.
    """
    rows = organisations.find_positions(words, on=on, units=_units(actor), limit=limit)
    names = organisations.unit_names({one.unit_id for one in rows}, on, language)
    return [
        Found(str(one.id), _position_text(one, names[one.unit_id], language), one.unit.code)
        for one in rows
    ]


def position_called(actor: Actor | None, code: str, *, on: dt.date, language: str) -> str | None:
    """Return what a position is called with its unit, None where it would not be found."""
    try:
        key = UUID(code)
    except ValueError:
        return None
    found = organisations.positions(on=on).filter(id=key).first()
    reached = _units(actor)
    if found is None or (reached is not None and found.unit_id not in reached):
        return None
    unit = organisations.unit_name(found.unit_id, on, language)
    return _position_text(found, unit, language)


def _position_text(position: organisations.Position, unit: str, language: str) -> str:
    return f"{organisations.text_of(position.title, language)} · {unit}"


def _units(actor: Actor | None) -> frozenset[UUID] | None:
    if actor is None:
        return None
    return frozenset(access.rights(actor).units(permissions.ACCOUNTS.name))


def titles() -> dict[str, str]:
    """Return every right with what people read."""
    return {name: str(one.title) for name, one in access.permissions().items()}


def find_rights(words: str, *, limit: int) -> list[Found]:
    """Return rights by words of their title or name, with or without marks."""
    wanted = fold(words).split()
    found = [
        Found(name, title, name)
        for name, title in titles().items()
        if all(word in fold(f"{title} {name}") for word in wanted)
    ]
    return sorted(found, key=lambda one: one.text)[:limit]

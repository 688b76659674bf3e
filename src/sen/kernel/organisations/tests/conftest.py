"""A small tree: a province, two communes with a centre each, one office."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.db import connection

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.base.errors import NotAllowed
from sen.kernel.events import public as events
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations import registry
from sen.kernel.organisations.public import Level, NewUnit, UnitKind

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)
FIRST = dt.date(2025, 7, 1)


def new_unit(code, name, kind=UnitKind.OFFICE, level=Level.COMMUNE, **more) -> NewUnit:
    return NewUnit(
        code=code, kind=kind, level=level, name={"vi": name}, short_name={"vi": name}, **more
    )


def grow(code, name, parent=None, kind=UnitKind.OFFICE, level=Level.COMMUNE, first=FIRST, **more):
    return organisations.add_unit(
        SYSTEM,
        unit=new_unit(code, name, kind, level, **more),
        parent=None if parent is None else parent.id,
        valid_from=first,
        at=AT,
    )


@pytest.fixture
def tree(db) -> SimpleNamespace:
    province = grow("H41", "UBND tỉnh", None, UnitKind.PROVINCE, Level.PROVINCE)
    found = SimpleNamespace(province=province)
    for number, name in ((1, "one"), (2, "two")):
        commune = grow(f"H41.9.{number}", f"UBND xã {number}", province, UnitKind.COMMUNE)
        centre = grow(f"H41.9.{number}.1", "Trung tâm", commune, UnitKind.CENTRE)
        setattr(found, name, commune)
        setattr(found, f"{name}_centre", centre)
    found.room = grow("H41.9.1.2", "Phòng Biển", found.one)
    return found


@pytest.fixture
def rights(monkeypatch):
    """Put a guard in place that lets the system and listed (permission, unit) pairs pass."""
    allowed: set = set()

    def guard(actor, permission, unit):
        if not actor.is_system and (permission, unit) not in allowed:
            raise NotAllowed

    monkeypatch.setattr(registry, "_guards", [registry._only_the_system, guard])
    return allowed


class Told:
    """The events published since it was last asked to forget."""

    def __init__(self) -> None:
        self._floor = ""
        self.forget()

    def __call__(self) -> list:
        known = {event.name: event for event in events.Event.__subclasses__()}
        return [
            known[name].from_payload(json.loads(payload)) for _id, name, payload in self._rows()
        ]

    def forget(self) -> None:
        self._floor = max((row[0] for row in self._rows()), default=self._floor)

    def _rows(self) -> list:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id::text, name, payload::text FROM events_event WHERE id::text > %s ORDER BY id",
                [self._floor],
            )
            return cursor.fetchall()


@pytest.fixture
def told(tree) -> Told:
    return Told()

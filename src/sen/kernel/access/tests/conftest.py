"""A province with two communes, each with a centre; rights of the tests' own; officials."""

from __future__ import annotations

import datetime as dt
import json
from types import MappingProxyType, SimpleNamespace

import pytest
from django.db import connection

from sen.base import clock
from sen.base.actor import SYSTEM, Actor, Strength
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access import registry
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.events import public as events
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.public import Level, NewUnit, UnitKind
from sen.kernel.organisations.tests.factories import PositionFactory

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)
ON = dt.date(2026, 11, 21)
FIRST = dt.date(2025, 7, 1)
RECEIVE, DECIDE = "access_test.receive", "access_test.decide"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Register the tests' own rights, and forget them afterwards; the day is that of the tests."""
    monkeypatch.setenv("SEN_CLOCK", AT.isoformat())
    monkeypatch.setattr(registry, "_permissions", dict(registry._permissions))
    monkeypatch.setattr(registry, "_roles", {})
    access.register_permissions(
        access.Permission(RECEIVE, "Tiếp nhận"), access.Permission(DECIDE, "Quyết định")
    )
    return MappingProxyType(registry._permissions)


def make_tree() -> SimpleNamespace:
    def grow(code, name, parent, kind, level=Level.COMMUNE):
        unit = NewUnit(
            code=code, kind=kind, level=level, name={"vi": name}, short_name={"vi": name}
        )
        return organisations.add_unit(
            SYSTEM, unit=unit, parent=parent and parent.id, valid_from=FIRST, at=AT
        )

    province = grow("H41", "UBND tỉnh", None, UnitKind.PROVINCE, Level.PROVINCE)
    one, two = (grow(f"H41.9.{n}", f"UBND xã {n}", province, UnitKind.COMMUNE) for n in (1, 2))
    desks = [grow(f"{unit.code}.1", "Trung tâm", unit, UnitKind.CENTRE) for unit in (one, two)]
    return SimpleNamespace(
        province=province, one=one, two=two, one_desk=desks[0], two_desk=desks[1]
    )


@pytest.fixture
def tree(db) -> SimpleNamespace:
    return make_tree()


def official(unit, *permissions, position=None, **grant) -> Actor:
    """Return an official with these rights by one role, granted to a position in the unit."""
    position = position or PositionFactory(unit=unit)
    if permissions:
        GrantFactory(position=position, role=RoleFactory(permissions=list(permissions)), **grant)
    return Actor(
        account=new_id(),
        person=new_id(),
        position=position.id,
        unit=unit.id,
        strength=Strength.MULTI_FACTOR,
    )


def citizen() -> Actor:
    return Actor(account=new_id(), person=new_id(), strength=Strength.LEVEL_2)


def told() -> list:
    """Return the events published, oldest first."""
    known = {event.name: event for event in events.Event.__subclasses__()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, payload::text FROM events_event ORDER BY id")
        return [
            known[name].from_payload(json.loads(payload)) for name, payload in cursor.fetchall()
        ]

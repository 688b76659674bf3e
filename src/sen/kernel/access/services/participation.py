"""Verbs on participation: who becomes concerned with a record, and who no longer is."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from uuid import UUID

from sen.kernel.access.models import Participation
from sen.kernel.database import public as database
from sen.kernel.database.public import Part

BATCH = 2000
_ADD = """
INSERT INTO access_participation (id, record, kind, unit, person, why, since)
VALUES {rows} ON CONFLICT DO NOTHING"""


def participate(
    *,
    record: UUID,
    kind: str,
    why: str,
    at: dt.datetime,
    unit: UUID | None = None,
    person: UUID | None = None,
) -> None:
    """Let a unit or a person take part in a record from now on.

    Whoever takes part already goes on doing so for the first reason. For the verbs that own the
    record: they have checked the right.
    """
    participate_many(
        record=record,
        kind=kind,
        units={unit: why} if unit is not None else {},
        persons={person: why} if person is not None else {},
        at=at,
    )


def participate_many(
    *,
    record: UUID,
    kind: str,
    at: dt.datetime,
    units: Mapping[UUID, str] | None = None,
    persons: Mapping[UUID, str] | None = None,
) -> None:
    """Let units and persons, each with its reason, take part in a record."""
    rows = [
        Participation(record=record, kind=kind, unit=unit, why=why, since=at)
        for unit, why in (units or {}).items()
    ]
    rows += [
        Participation(record=record, kind=kind, person=person, why=why, since=at)
        for person, why in (persons or {}).items()
    ]
    if rows:
        one = "(%s, %s, %s, %s, %s, %s, %s)"
        values = [
            (row.id, row.record, row.kind, row.unit, row.person, row.why, row.since) for row in rows
        ]
        sql = _ADD.format(rows=", ".join([one] * len(values)))
        database.write(Part(sql, [value for row in values for value in row]))


def leave(
    *, record: UUID, at: dt.datetime, unit: UUID | None = None, person: UUID | None = None
) -> None:
    """Let a unit or a person no longer take part in a record. One statement."""
    Participation.objects.filter(record=record, unit=unit, person=person, until=None).update(
        until=at
    )


def leave_many(*, record: UUID, persons: Iterable[UUID], at: dt.datetime) -> None:
    """Let persons no longer take part in a record. One statement, none for nobody."""
    gone = list(persons)
    if gone:
        taken = Participation.objects.filter(record=record, person__in=gone, until=None)
        taken.update(until=at)


def leave_all(*, record: UUID, kind: str, why: str, at: dt.datetime) -> None:
    """Let nobody take part in a record for a reason any more. One statement."""
    taken = Participation.objects.filter(record=record, kind=kind, why=why, until=None)
    taken.update(until=at)


def hand_over(pairs: Iterable[tuple[UUID, UUID]], *, at: dt.datetime) -> None:
    """Let new units take part in whatever old units take part in, and the old ones no longer.

    pairs: old unit and new unit.
    """
    for old, new in pairs:
        taken = Participation.objects.filter(unit=old, until=None)
        rows = taken.values_list("record", "kind", "why").iterator(BATCH)
        while batch := list(itertools.islice(rows, BATCH)):
            Participation.objects.bulk_create(
                (
                    Participation(record=record, kind=kind, unit=new, why=why, since=at)
                    for record, kind, why in batch
                ),
                ignore_conflicts=True,
            )
        taken.update(until=at)

"""Dossiers at every point of their life, laid down as rows: what the board counts, no more."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sen.base import clock
from sen.base.identifiers import new_id
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow.models import FlowVersion, Run, Task
from sen.systems.public_services.models import Case, Dossier

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=clock.ZONE)
"""A working Friday morning."""
ON = NOW.date()
STEPS = {
    "receive": ("public_services.receive", "public_services.dossier.receive"),
    "assign": ("public_services.assign", "public_services.dossier.assign"),
    "process": ("public_services.propose", "public_services.dossier.process"),
    "sign": ("public_services.sign", "public_services.dossier.sign"),
}


def unit(code: str) -> UUID:
    return organisations.unit(code, ON).id


def days(number: float) -> dt.datetime:
    """The moment so many days from NOW."""
    return NOW + dt.timedelta(days=number)


def dossier(code: str, **said: Any) -> Dossier:
    """A dossier on which the unit of a code decides; open and being settled unless said."""
    place = unit(code)
    key = new_id()
    row: dict[str, Any] = {
        "id": key,
        "code": f"H41.TEST-{key.hex[-8:]}",
        "link_secret": key.hex,
        "case": Case.objects.order_by("id")[0],
        "channel": "public_services.portal",
        "state": "processing",
        "received_unit_id": place,
        "competent_unit_id": place,
        "settled_in": "province",
        "allowance": {},
        "submitted_at": days(-10),
        "received_at": days(-10),
        "due_at": days(5),
        "last_act": "receive",
        "last_at": days(-10),
        **said,
    }
    return Dossier.objects.create(**row)


def late(code: str, *, by: float = 2, step: str = "process", **said: Any) -> Dossier:
    """A dossier that is late by so many days and waits at a step."""
    made = dossier(code, **{"due_at": days(-by), **said})
    return waits(made, step)


def waits(made: Dossier, step: str, *, assignee: UUID | None = None, at: str = "") -> Dossier:
    """Put a dossier at a step of its flow, in its unit or in another."""
    act, permission = STEPS[step]
    run = Run.objects.create(
        id=made.id,
        kind="public_services.dossier",
        code=made.code,
        flow=FlowVersion.objects.order_by("id")[0],
        units={},
        data={},
        clock_unit_id=made.competent_unit_id,
        started_at=made.submitted_at,
    )
    Task.objects.create(
        run=run,
        step=step,
        act=act,
        permission=permission,
        unit_id=unit(at) if at else made.competent_unit_id,
        assignee=assignee,
        opened_at=made.submitted_at,
        due_at=made.due_at,
        record_due_at=made.due_at,
    )
    return made


def settled(code: str, *, at: dt.datetime, is_late: bool = False, **said: Any) -> Dossier:
    """A dossier whose result was issued at a moment, in time or late."""
    due = at + dt.timedelta(days=-1 if is_late else 1)
    return dossier(
        code,
        **{
            "state": "handed_over",
            "received_at": at - dt.timedelta(days=3),
            "due_at": due,
            "issued_at": at,
            "ended_at": at,
            **said,
        },
    )

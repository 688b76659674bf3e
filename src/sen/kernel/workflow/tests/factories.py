"""Units, people and flows for tests of the workflow, recognisably invented."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from sen.base.actor import SYSTEM, Actor, Strength
from sen.base.clock import ZONE
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.identity.tests.factories import (
    EmploymentFactory,
    OfficialFactory,
    PositionFactory,
    UnitFactory,
)
from sen.kernel.workflow import public as workflow

AT = dt.datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)
"""A Monday morning, office open since 07:30."""
DUE = dt.datetime(2026, 3, 11, 17, 0, tzinfo=ZONE)

STEPS = ("receive", "assign", "process", "check", "sign", "tax", "land", "sum_up", "hand_over")


def register() -> None:
    """Register the trial acts and their rights, once a process."""
    if "trial.receive" in workflow.acts():
        return
    access.register_permissions(*(access.Permission(f"trial.{step}", step) for step in STEPS))
    workflow.register_acts(
        *(
            workflow.Act(
                code=f"trial.{step}",
                title={"vi": f"Việc {step}"},
                permission=f"trial.{step}",
                url_name=f"trial:{step}",
                after={"vi": "Chờ người dân nhận"} if step == "hand_over" else None,
            )
            for step in STEPS
        )
    )


def step(key: str, *onward: dict[str, Any], unit: str = "office", hours: float | None = 4) -> dict:
    """Return a step of a document; its act is the trial act of the same name."""
    return {
        "key": key,
        "title": {"vi": key},
        "act": f"trial.{key}",
        "unit": unit,
        "hours": hours,
        "next": list(onward),
    }


def document(*steps: dict[str, Any], code: str = "trial.flow", **changes: Any) -> dict[str, Any]:
    """Return a document of these steps that starts with the first."""
    return {
        "code": code,
        "title": {"vi": "Quy trình thử"},
        "source": "Quy trình mẫu",
        "start": steps[0]["key"],
        "clock": "office",
        "steps": list(steps),
        **changes,
    }


def simple() -> dict[str, Any]:
    """Return the flow of most tests: receive, process with rework and supplement, sign."""
    return document(
        step(
            "receive",
            {"outcome": "accept", "to": "process"},
            {"outcome": "refuse", "to": "end"},
            unit="counter",
        ),
        step(
            "process",
            {"outcome": "propose", "to": "sign"},
            {"outcome": "supplement", "wait": "supplement"},
        ),
        step(
            "sign",
            {"outcome": "agree", "to": "hand_over"},
            {"outcome": "return", "to": "process", "return": True},
        ),
        step("hand_over", {"outcome": "done", "to": "end"}, unit="counter", hours=None),
        timers=[
            {"key": "soon", "step": None, "hours": -4},
            {"key": "late", "step": None, "hours": 0},
            {"key": "slow", "step": "sign", "hours": 1},
        ],
    )


def forked() -> dict[str, Any]:
    """Return a flow in which two units are asked side by side."""
    return document(
        step(
            "receive",
            {"outcome": "consult", "fork": ["tax", "land"], "join": "sum_up"},
            unit="counter",
        ),
        step("tax", {"outcome": "answer", "to": "sum_up"}, {"outcome": "stop", "to": "end"}),
        step("land", {"outcome": "answer", "to": "sum_up"}),
        step("sum_up", {"outcome": "done", "to": "end"}),
    )


@dataclass(frozen=True)
class World:
    """Two units and three officials: one at the counter, two in the office."""

    counter: UUID
    office: UUID
    clerk: Actor
    official: Actor
    colleague: Actor

    @property
    def units(self) -> dict[str, UUID]:
        return {"counter": self.counter, "office": self.office}


def official(
    unit: Any, *permissions: str, name: str = "", groups: list[str] | None = None
) -> Actor:
    """Return an official with these rights in a unit."""
    position = PositionFactory(unit=unit)
    extra = {"person__full_name": name} if name else {}
    account = OfficialFactory(secrets=False, **extra)
    EmploymentFactory(account=account, position=position, is_default=True)
    role = access.Role.objects.create(
        code=f"trial_{new_id().hex}", title={"vi": "Vai thử"}, permissions=list(permissions)
    )
    access.Grant.objects.create(
        position=position, role=role, scope="own", groups=groups, valid_from=dt.date(2025, 7, 1)
    )
    return Actor(
        account=account.id,
        person=account.person_id,
        position=position.id,
        unit=unit.id,
        strength=Strength.MULTI_FACTOR,
    )


def world() -> World:
    """Make the calendar, the units and the officials."""
    for year in (2026, 2027):
        calendar.seed_year(SYSTEM, year=year, at=AT)
    counter, office = UnitFactory(), UnitFactory()
    everything = [f"trial.{key}" for key in STEPS]
    return World(
        counter=counter.id,
        office=office.id,
        clerk=official(counter, *everything, name="Lê Thị Quầy"),
        official=official(office, *everything, "workflow.task.assign", name="Trần Văn Thụ"),
        colleague=official(office, *everything, name="Phạm Thị Đồng"),
    )


def publish(body: dict[str, Any]) -> UUID:
    """Publish a document as the system and return the version's id."""
    return workflow.publish_flow(SYSTEM, document=body, status="sample", at=AT).id


def begin(
    place: World,
    body: dict[str, Any] | None = None,
    *,
    due_at: dt.datetime | None = None,
    **changes: Any,
) -> workflow.Task:
    """Start a run of a new record and return its first task."""
    values: dict[str, Any] = {
        "kind": "trial.dossier",
        "record": new_id(),
        "code": "H41.8-260309-0001",
        "title": "Hồ sơ thử",
        "flow": publish(body or simple()),
        "units": place.units,
        "due_at": due_at,
        "at": AT,
        **changes,
    }
    with access.acting(SYSTEM):
        return workflow.start(SYSTEM, **values)[0]


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of March 2026."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def process(world: Any, **changes: Any) -> Any:
    """Return the task that is open after the reception."""
    task = begin(world)
    [opened] = workflow.complete(
        world.clerk, task=task, outcome="accept", at=AT, record_due_at=DUE, **changes
    )
    return opened


def published(name: str) -> list[dict[str, Any]]:
    """Return what events of a name said, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::text FROM events_event WHERE name = %s ORDER BY id", [name])
        return [json.loads(row[0]) for row in cursor.fetchall()]

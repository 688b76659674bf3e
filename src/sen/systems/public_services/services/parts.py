"""What follows each act where several agencies share a dossier: who takes part, which stage runs.

Nothing is asked or written for a version that has neither parts nor stages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.database import public as database
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Dossier, Stage
from sen.systems.public_services.queries import parts, stages

KIND = "public_services.dossier"
_LEAVES_STEPS = frozenset({"pass_on", "sync_failed", "follow_up"})
"""Acts between us and another system: no step opens or ends by them, and no date moves."""


def follow(dossier: Dossier, *, act: str, at: dt.datetime) -> None:
    """Let whoever has the open steps take part, and begin and end stages, after an act.

    A unit takes part while a step of its own is open, and no longer. Called once an act, when its
    rows and its next step are written.
    """
    told, has_own = stages.told_of(dossier.case), parts.has_own(dossier.case)
    if (not told and not has_own) or act in _LEAVES_STEPS:
        return
    tasks = workflow.record_tasks(dossier.id)
    if has_own:
        _let_in(dossier, tasks, at)
    if not told:
        return
    is_first = act == "receive"
    if is_first:
        units = {part: UUID(unit) for part, unit in workflow.run(dossier.id).units.items()}
        held = laid_down(dossier, told, units, at)
    else:
        held = _held(dossier)
    moved = move_on(dossier, held, {task.step for task in tasks}, _pauses(dossier), at)
    if is_first:
        database.insert(*held)
    for stage in moved if not is_first else ():
        database.update(stage, "started_at", "ended_at", "expected_at")


def _held(dossier: Dossier) -> list[Stage]:
    """Return the stages of a dossier that is locked."""
    return list(Stage.objects.filter(dossier=dossier).order_by("position"))


def _let_in(dossier: Dossier, tasks: Sequence[workflow.Task], at: dt.datetime) -> None:
    own = {dossier.received_unit_id, dossier.competent_unit_id}
    now = {task.unit_id for task in tasks} - own
    taken = access.Participation.objects.filter(
        record=dossier.id, kind=KIND, why=parts.WHY, until=None
    )
    before = {unit for unit in taken.values_list("unit", flat=True) if unit is not None}
    for unit in sorted(before - now):
        access.leave(record=dossier.id, unit=unit, at=at)
    for unit in sorted(now - before):
        access.participate(record=dossier.id, kind=KIND, why=parts.WHY, unit=unit, at=at)


def laid_down(
    dossier: Dossier,
    told: Sequence[Mapping[str, Any]],
    units: Mapping[str, UUID],
    at: dt.datetime,
) -> list[Stage]:
    """Return the stages of a dossier that was just received, with the dates of its receipt.

    units: who holds each part of its flow. The allowances of the stages that count add up to that
    of the law; each promises the day on which all up to it are over.
    """
    days = calendar.calendar_of(dossier.competent_unit_id)
    rules = parts.rules_of(dossier.case)
    held, spent = [], 0
    for position, one in enumerate(told):
        counts, allowance = one["counts"], one.get("allowance")
        promised = None
        if counts and allowance is not None:
            spent += allowance["amount"]
            whole = calendar.Allowance.parse({**allowance, "amount": spent})
            promised = calendar.due_at(at, whole, days)
        held.append(
            Stage(
                dossier=dossier,
                position=position,
                key=one["key"],
                title=one["title"],
                steps=one["steps"],
                unit_id=units.get(one["part"], dossier.competent_unit_id),
                agency=one.get("holder") or rules.get(one["part"], {}).get("agency", {}),
                counts=counts,
                allowance=allowance,
                promised_at=promised,
                expected_at=promised,
            )
        )
    return held


def move_on(
    dossier: Dossier,
    held: Sequence[Stage],
    open_steps: Collection[str],
    pauses: Sequence[calendar.Pause],
    at: dt.datetime,
) -> list[Stage]:
    """End the stages of which no step is open any more, begin the others, move their dates.

    pauses: when the clock stood, empty where no date has moved yet. Return the stages that changed.
    """
    days = calendar.calendar_of(dossier.competent_unit_id)
    changed = []
    last = max((one.position for one in held if one.counts), default=None)
    for stage in held:
        before = (stage.started_at, stage.ended_at, stage.expected_at)
        runs = not set(open_steps).isdisjoint(stage.steps)
        if runs and (stage.started_at is None or stage.ended_at is not None):
            stage.started_at, stage.ended_at = stage.started_at or at, None
            if not stage.counts and stage.allowance is not None:
                own = calendar.Allowance.parse(stage.allowance)
                stage.expected_at = calendar.due_at(at, own, calendar.calendar_of(stage.unit_id))
        elif not runs and stage.started_at is not None and stage.ended_at is None:
            stage.ended_at = at
        if stage.position == last and stage.ended_at is None:
            stage.expected_at = dossier.expected_at
        elif stage.promised_at is not None and stage.ended_at is None and pauses:
            stage.expected_at = calendar.due_after_pauses(
                stage.promised_at, pauses, at=at, calendar=days
            )
        if (stage.started_at, stage.ended_at, stage.expected_at) != before:
            changed.append(stage)
    return changed


def _pauses(dossier: Dossier) -> list[calendar.Pause]:
    """Return when the clock stood; nothing is asked where no date has moved yet."""
    if dossier.expected_at == dossier.due_at:
        return []
    return [
        calendar.Pause(one.started_at, one.ended_at) for one in workflow.clock_intervals(dossier.id)
    ]

"""The stages of a dossier: who holds it, until when, and which date is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sen.systems.public_services.data import StageStanding
from sen.systems.public_services.models import Case, Dossier, Stage
from sen.systems.public_services.rules import stages as rules


def told_of(case: Case) -> Sequence[Mapping[str, Any]]:
    """Return the stages that a version has for a case, as written; none for most."""
    told: Sequence[Mapping[str, Any]] = case.version.overlay.get("stages", {}).get(case.code, ())
    return told


def of(dossier: Dossier, now: dt.datetime) -> list[StageStanding]:
    """Return how each stage of a dossier stands now, in order; no statement where it has none."""
    if not told_of(dossier.case):
        return []
    return standing(dossier.stages.order_by("position"), now)


def standing(stages: Iterable[Stage], now: dt.datetime) -> list[StageStanding]:
    """Return how stages that were read stand now."""
    return [_standing(one, now) for one in stages]


def running(dossiers: Sequence[Dossier], now: dt.datetime) -> dict[UUID, StageStanding]:
    """Return the stage that runs in each of these dossiers; one statement, if any has stages."""
    held = [one.id for one in dossiers if told_of(one.case)]
    if not held:
        return {}
    found = Stage.objects.filter(dossier__in=held, started_at__isnull=False, ended_at=None)
    return {one.dossier_id: _standing(one, now) for one in found.order_by("dossier_id", "position")}


def _standing(stage: Stage, now: dt.datetime) -> StageStanding:
    return StageStanding(
        key=stage.key,
        title=stage.title,
        unit=stage.unit_id,
        agency=stage.agency,
        counts=stage.counts,
        promised_at=stage.promised_at,
        expected_at=stage.expected_at,
        started_at=stage.started_at,
        ended_at=stage.ended_at,
        state=rules.state(
            started_at=stage.started_at,
            ended_at=stage.ended_at,
            expected_at=stage.expected_at,
            now=now,
        ),
    )

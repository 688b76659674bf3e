"""Which unit holds which part of a flow, as the version of a procedure says and the run froze it.

A version without parts has two: the centre that receives, the unit that decides; it costs nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sen.base.errors import NotFound
from sen.kernel.access import public as access
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services import permissions
from sen.systems.public_services.models import Case, Dossier

RECEIVED, COMPETENT = "received", "competent"
WHY = "part"
"""Why a unit takes part in a dossier while a step of its own is open."""

_KIND = "public_services.dossier"


def rules_of(case: Case) -> Mapping[str, Mapping[str, Any]]:
    """Return how the parts of a case's flow find their units, by part.

    A rule is {"code"} of a unit, {"kind", "name"} for the nearest unit of that kind whose name
    begins so, {"level"} for the commune or the province that the centre belongs to, or {"agency",
    "watched_by"} for an agency outside, whose steps another part watches.
    """
    parts: Mapping[str, Mapping[str, Any]] = case.version.overlay.get("parts", {})
    return parts


def has_own(case: Case) -> bool:
    """Tell whether a part of the flow may be another unit's than that which receives or decides."""
    return any(
        "agency" not in rule and part not in {RECEIVED, COMPETENT}
        for part, rule in rules_of(case).items()
    )


def resolve(case: Case, *, received: UUID, competent: UUID, on: dt.date) -> dict[str, UUID]:
    """Return the unit of each part of a flow for what a centre receives on a day.

    A part for which no unit is found is done by the unit that decides.
    """
    found = {RECEIVED: received, COMPETENT: competent}
    rules = rules_of(case)
    inside = {part: rule for part, rule in rules.items() if "agency" not in rule}
    for part, rule in inside.items():
        if part not in found:
            found[part] = unit_by(rule, received, on) or competent
    for part, rule in rules.items():
        if part not in inside:
            found[part] = found.get(rule["watched_by"], competent)
    return found


def unit_by(rule: Mapping[str, Any], received: UUID, on: dt.date) -> UUID | None:
    """Return the unit that a rule names, seen from a centre; None where there is none.

    Remembered until the tree of units changes.
    """
    key = ("public_services.unit_by", tuple(sorted(rule.items())), received, on)
    return legal.cached("units", key, lambda: _unit_by(rule, received, on))


def _unit_by(rule: Mapping[str, Any], received: UUID, on: dt.date) -> UUID | None:
    if "code" in rule:
        try:
            return organisations.unit(rule["code"], on).id
        except NotFound:
            return None
    above = organisations.above(received, on, include_self=False)
    if "level" in rule:
        kinds = {organisations.UnitKind.COMMUNE, organisations.UnitKind.PROVINCE}
        held = (organisations.unit_by_id(unit) for unit in above)
        return next(
            (one.id for one in held if one.level == rule["level"] and one.kind in kinds), None
        )
    named = [
        unit.id
        for unit in organisations.units(rule["kind"], on=on)
        if organisations.unit_name(unit.id, on).startswith(rule["name"])
    ]
    for ancestor in above:
        near = set(organisations.below(ancestor, on))
        for unit in named:
            if unit in near:
                return unit
    return None


def unit_for(dossier: Dossier, act: str) -> UUID:
    """Return the unit in which the right to an act is asked for: that of the open step.

    One statement for a version with such parts, none for any other. What has no open step is done
    by the unit that decides.
    """
    if not has_own(dossier.case):
        return dossier.competent_unit_id
    return unit_of_task(workflow.record_tasks(dossier.id), act) or dossier.competent_unit_id


def unit_of_task(tasks: list[workflow.Task], act: str) -> UUID | None:
    """Return the unit whose open task an act belongs to, None where none is open for it."""
    known = permissions.ACTS.get(act)
    steps = (known.steps if known is not None else ()) or ("propose",)
    for task in tasks:
        if task.act.removeprefix("public_services.") in steps:
            return task.unit_id
    return None


def holds_part(dossier: Dossier, case: Case, units: frozenset[UUID] | set[UUID]) -> bool:
    """Tell whether one of these units has an open step of its own in a dossier."""
    if not has_own(case) or not units:
        return False
    taken = access.Participation.objects.filter(
        record=dossier.id, kind=_KIND, unit__in=units, why=WHY, until=None
    )
    return taken.exists()

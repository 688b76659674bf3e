"""The reference province for a demonstration: real names and areas, codes partly chosen here.

H41 and the statistics codes are those of the national lists; every code that begins with H41.9 was
chosen here, is marked as not official, and gives way when the authority assigns one.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Any
from uuid import UUID

from django.db import transaction

from sen.base.actor import COMMAND
from sen.kernel.organisations.choices import AreaKind, Level, UnitKind
from sen.kernel.organisations.data import NewArea, NewUnit
from sen.kernel.organisations.models import Unit
from sen.kernel.organisations.services.areas import load_areas
from sen.kernel.organisations.services.positions import add_position
from sen.kernel.organisations.services.units import add_unit


def _read(name: str) -> Any:
    return json.loads((resources.files("sen.kernel.organisations") / "seed" / name).read_text())


@transaction.atomic
def seed(at: dt.datetime) -> None:
    """Lay down the areas, units and positions of the demonstration; what is there stays."""
    listed = _read("areas.json")
    areas = [
        NewArea(
            code=line["code"],
            name=line["name"],
            kind=AreaKind(line["kind"]),
            parent=line["parent"],
            valid_from=dt.date.fromisoformat(line["valid_from"]),
        )
        for line in listed["areas"]
    ]
    load_areas(COMMAND, areas=areas, source=listed["source"], at=at)
    tree = _read("units.json")
    _seed_unit(tree["root"], None, dt.date.fromisoformat(tree["valid_from"]), at)


def _seed_unit(line: dict[str, Any], parent: UUID | None, first: dt.date, at: dt.datetime) -> None:
    unit = Unit.objects.filter(code=line["code"]).first()
    if unit is None:
        added = NewUnit(
            code=line["code"],
            kind=UnitKind(line["kind"]),
            level=Level(line["level"]),
            name=line["name"],
            short_name=line["short_name"],
            is_code_official=line.get("is_code_official", False),
            statistics_code=line.get("statistics_code", ""),
        )
        unit = add_unit(COMMAND, unit=added, parent=parent, valid_from=first, at=at)
        for position in line["positions"]:
            add_position(
                COMMAND,
                unit=unit.id,
                code=position["code"],
                title=position["title"],
                valid_from=first,
                at=at,
                is_head=position.get("is_head", False),
            )
    for part in line["parts"]:
        _seed_unit(part, unit.id, first, at)

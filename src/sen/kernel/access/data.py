"""Values of access: permissions, role templates, the rights of an actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from sen.kernel.access.choices import Scope

Localised = Mapping[str, str]
"""Text that is data: `{"vi": …, "en": …}`, Vietnamese required."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that a verb asks for. name: "public_services.dossier.receive"; title: for people.

    opens_unit: whether whoever holds it in a unit sees that unit's records behind the second wall;
    False for what is done in single records, in which whoever does it takes part (`participate`).
    """

    name: str
    title: str | Promise
    opens_unit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTemplate:
    """A role that a system brings along.

    permissions: names, of any system. positions: codes of the positions to which a demonstration
    grants it, with this scope.
    """

    code: str
    title: Localised
    permissions: Sequence[str]
    positions: Sequence[str] = ()
    scope: Scope = Scope.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """What has to be known to give a role (by its code) to a position; as in `Grant`."""

    position: UUID
    role: str
    scope: Scope = Scope.OWN
    units: Sequence[UUID] = ()
    groups: Sequence[str] | None = None
    valid_from: dt.date
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why a right is held: by this grant of a role to this position, in these units.

    for_position: whose right it is where another stands in for it; else the position itself.
    """

    grant: UUID
    role: UUID
    position: UUID
    for_position: UUID
    permissions: tuple[str, ...]
    units: frozenset[UUID]
    groups: frozenset[str] | None
    scope: Scope
    valid_from: dt.date
    valid_to: dt.date | None
    made_by: UUID | None

    @property
    def is_standing_in(self) -> bool:
        return self.position != self.for_position


@dataclass(frozen=True, slots=True)
class Held:
    """One right as held: in these units, for these groups of procedures (None: for all)."""

    units: frozenset[UUID]
    groups: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What an actor may do, resolved to arrays; the same object for a whole request.

    held: permission → where it is held. positions: the actor's own first, then those for which it
    stands in. every_unit: those whose records the rights open (`Permission.opens_unit`).
    is_system: everything, everywhere.
    """

    held: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    positions: tuple[UUID, ...] = ()
    every_unit: tuple[UUID, ...] = ()
    is_system: bool = False

    @property
    def permissions(self) -> frozenset[str]:
        """The names of the rights held anywhere."""
        return frozenset(self.held)

    def units(self, permission: str) -> tuple[UUID, ...]:
        """Return the units in which a right is held, for whatever groups, in a stable order.

        For the system these are all units; ask `is_system` first where a list can do without.
        """
        if self.is_system:
            return self.every_unit
        return tuple(
            sorted({unit for held in self.held.get(permission, ()) for unit in held.units})
        )

    def scopes(self, permission: str) -> tuple[Held, ...]:
        """Return where a right is held, with the groups to which each part is limited."""
        return self.held.get(permission, ())

    def allows(self, permission: str, unit: UUID | None = None, group: str | None = None) -> bool:
        """Tell whether a right is held: in a unit (None: in any), for a group (None: for any)."""
        return self.is_system or any(
            (unit is None or unit in held.units)
            and (group is None or held.groups is None or group in held.groups)
            for held in self.held.get(permission, ())
        )

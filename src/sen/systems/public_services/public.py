"""The door of the public services: how the work of units stands, for gathering systems."""

from __future__ import annotations

from uuid import UUID

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.systems.public_services import permissions
from sen.systems.public_services.queries.figures import FIGURES
from sen.systems.public_services.queries.standing import (
    Flow,
    Held,
    Kind,
    OpenDossier,
    Standing,
    flows,
    held,
    open_dossiers,
    standing,
)

__all__ = [
    "FIGURES",
    "Flow",
    "Held",
    "Kind",
    "OpenDossier",
    "Standing",
    "flows",
    "held",
    "open_dossiers",
    "reading_units",
    "standing",
]


def reading_units(actor: Actor) -> frozenset[UUID]:
    """Return the units whose dossiers an actor may open."""
    return frozenset(access.rights(actor).units(permissions.READ.name))

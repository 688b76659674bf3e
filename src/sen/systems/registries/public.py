"""The door of the registries: which can be asked, and what was looked up for a record."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sen.base.actor import Actor
from sen.systems.registries import permissions, queries, services
from sen.systems.registries.data import LookupLine

__all__ = ["FOR_ANOTHER", "LookupLine", "connected", "of_draft"]

FOR_ANOTHER = permissions.FOR_ANOTHER.name
"""The right of an official to have it asked about whom a draft names."""

connected = queries.connected


def of_draft(actor: Actor, *, draft: UUID, record: UUID, at: dt.datetime) -> list[LookupLine]:
    """Return what was looked up for the draft of a record that the actor may read, in words.

    The caller has checked the right. One statement, and the line of the trail for an official.
    """
    return queries.lines(services.of_draft(actor, draft=draft, record=record, at=at))

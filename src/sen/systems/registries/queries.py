"""The reads: the record of lookups, and what was told for a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.forms.public import PrefillContext
from sen.systems.registries.choices import Registry
from sen.systems.registries.data import Partner
from sen.systems.registries.models import Lookup


def lookups(actor: Actor, *, draft: UUID | None = None, limit: int = 100) -> list[Lookup]:
    """Return the lookups about the actor, the latest first. One SELECT.

    draft: those of one draft, or of the dossier that came of it.
    """
    if actor.person is None:
        return []
    with access.acting(actor):
        rows = Lookup.objects.filter(person=actor.person)
        if draft is not None:
            rows = rows.filter(draft=draft)
        return list(rows.order_by("-at", "-id")[:limit])


def told(registry: Registry) -> Callable[[Actor, PrefillContext], Mapping[str, Any]]:
    """Return what reads a registry's answer out of what was gathered for a draft."""

    def read(_actor: Actor, context: PrefillContext) -> Mapping[str, Any]:
        found = context.found.get(registry.value)
        return found.values if found else {}

    return read


def partners() -> dict[Registry, Partner]:
    """Return the registries that are configured here."""
    return {
        registry: Partner(
            url=url, account=settings.REGISTRIES_ACCOUNT, secret=settings.REGISTRIES_SECRET
        )
        for registry in Registry
        if (url := settings.REGISTRIES.get(registry.value))
    }

"""What packages above contribute to organisations: the check of rights, concerns of a merger."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured

from sen.base.actor import Actor
from sen.base.errors import NotAllowed
from sen.kernel.organisations.data import MergeConcern

Guard = Callable[[Actor, str, UUID | None], None]
"""Raises NotAllowed unless the actor has a right in a unit (None: in any unit)."""


def _only_the_system(actor: Actor, permission: str, unit: UUID | None) -> None:  # noqa: ARG001 - the shape of a guard
    if not actor.is_system:
        raise NotAllowed


_guards: list[Guard] = [_only_the_system]
_concerns: dict[str, MergeConcern] = {}


def register_guard(guard: Guard) -> None:
    """Let a package above decide on rights; `access` does, once, at start.

    Raises ImproperlyConfigured when another guard already stands there.
    """
    if len(_guards) > 1 and _guards[-1] is not guard:
        raise ImproperlyConfigured("organisations already has a guard")
    _guards[1:] = [guard]


def demand(actor: Actor, permission: str, *, unit: UUID | None = None) -> None:
    """Raise NotAllowed unless the actor has the right, as the registered guard decides.

    For the verbs of this package and of the packages between it and `access`. Before a guard is
    registered only the system itself may act.
    """
    _guards[-1](actor, permission, unit)


def register_merge_concerns(*concerns: MergeConcern) -> None:
    """Add what the dry run of a merger counts. Raises ImproperlyConfigured for a second code."""
    for concern in concerns:
        if not isinstance(concern, MergeConcern):
            raise ImproperlyConfigured(f"not a MergeConcern: {concern!r}")
        if concern.code in _concerns:
            raise ImproperlyConfigured(f"the merge concern {concern.code} is registered twice")
        _concerns[concern.code] = concern


def merge_concerns() -> tuple[MergeConcern, ...]:
    """Return what the dry run of a merger counts."""
    return tuple(_concerns.values())

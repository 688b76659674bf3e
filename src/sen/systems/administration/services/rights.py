"""The rights that concern the whole province."""

from __future__ import annotations

import datetime as dt

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.access import public as access
from sen.kernel.access.public import Permission
from sen.kernel.organisations import public as organisations


def check_province(actor: Actor, permission: Permission, *, at: dt.datetime) -> None:
    """Let pass whoever holds a right for the province itself. Raises NotAllowed, SignInNeeded."""
    access.check(actor, permission.name)
    if actor.is_system:
        return
    kind = organisations.UnitKind.PROVINCE
    for province in organisations.units(kind, on=clock.day(at)):
        access.check(actor, permission.name, unit=province.id)

"""What a newer version brings to an installation at its start: roles, positions."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations


class Renewed(NamedTuple):
    """What a start brought: roles that changed, positions that were added."""

    roles: int
    positions: int


@transaction.atomic
def renew(*, at: dt.datetime) -> Renewed:
    """Bring the roles of the systems in, and the positions that units of the pattern lack.

    For every start outside a demo; done twice it changes nothing. Nobody's rights grow: a position
    that is added is vacant, from today on, and gets the roles that the systems name for it; a new
    role of a position that was there is given by an administrator.
    """
    roles = access.sync_roles(COMMAND, at=at)
    added = organisations.bring_positions(COMMAND, at=at, valid_from=clock.day(at))
    if added:
        access.seed(at, positions=[one.id for one in added])
    return Renewed(roles, len(added))

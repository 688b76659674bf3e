"""Opening a dossier: what an official reads of people leaves a line in the trail."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sen.base import clock
from sen.base.actor import Actor
from sen.kernel.audit import public as audit
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import records, whole
from sen.systems.public_services.queries.whole import Whole
from sen.systems.public_services.services.dossiers import KIND, subject

ACTION = f"{KIND}.read"
AGAIN = dt.timedelta(hours=1)
"""An official who goes on reading a dossier is written down once in this time."""


def open_dossier(*, actor: Actor, code: str, at: dt.datetime) -> Whole:
    """Return a dossier whole, for its page or the API; that an official opened it is kept.

    Raises NotFound.
    """
    opened = whole.whole(actor, code, now=at)
    _note(actor, opened.dossier, at)
    return opened


def may_read_file(actor: Actor, owner_id: UUID, file_id: UUID) -> bool:
    """Tell whether an actor may read a file of a dossier, asked at each download.

    That an official opened it is kept.
    """
    dossier = records.of_file(actor, owner_id, file_id)
    if dossier is None:
        return False
    _note(actor, dossier, clock.now())
    return True


def _note(actor: Actor, dossier: Dossier, at: dt.datetime) -> None:
    if actor.is_official:
        audit.record_once(actor, ACTION, subject=subject(dossier), at=at, within=AGAIN)

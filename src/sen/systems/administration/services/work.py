"""Verbs on work in the background that failed: let it be tried again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from sen.base.actor import Actor
from sen.kernel.audit import public as audit
from sen.kernel.events import public as events
from sen.kernel.jobs import public as jobs
from sen.systems.administration import permissions
from sen.systems.administration.services.rights import check_province


@transaction.atomic
def replay_job(*, actor: Actor, job_id: int, at: dt.datetime) -> None:
    """Let a job that failed run now. Raises NotAllowed, NotFound where it did not fail."""
    check_province(actor, permissions.REPLAY, at=at)
    jobs.replay(actor=actor, job_id=job_id)
    subject = audit.Subject(kind="jobs.job", id=UUID(int=job_id), code=str(job_id))
    audit.record(actor, permissions.REPLAY.name, subject=subject, at=at)


@transaction.atomic
def replay_delivery(*, actor: Actor, event: UUID, handler: str, at: dt.datetime) -> None:
    """Let a handler have another try at an event. Raises NotAllowed, NotFound.

    What the handler has taken up already stays done once.
    """
    check_province(actor, permissions.REPLAY, at=at)
    events.replay(actor=actor, event_id=event, handler=handler)
    subject = audit.Subject(kind="events.delivery", id=event, code=handler)
    audit.record(actor, "administration.delivery.replay", subject=subject, at=at)

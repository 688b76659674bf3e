"""The job that carries out one delivery."""

from __future__ import annotations

from uuid import UUID

from sen.base import clock
from sen.kernel.jobs import public as jobs
from sen.kernel.notifications.services import sending
from sen.kernel.notifications.services.telling import SEND


@jobs.job(SEND, queue=jobs.OUTSIDE)
def send(*, delivery: str) -> None:
    """Send one message out."""
    sending.send(delivery=UUID(delivery), at=clock.now())

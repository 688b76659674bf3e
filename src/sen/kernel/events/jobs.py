"""The job that delivers one event to one handler."""

from __future__ import annotations

from sen.kernel.events import services
from sen.kernel.jobs import public as jobs


@jobs.job(services.JOB, atomic=True)
def deliver(event: str, handler: str) -> None:
    """Let one handler take up one event."""
    services.deliver(event=event, handler=handler)

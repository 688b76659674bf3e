"""The job that makes one ordered paper."""

from __future__ import annotations

from uuid import UUID

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.jobs import public as jobs
from sen.systems.public_services.services import issuing


@jobs.job(issuing.MAKE)
def make_form(*, issued: str) -> None:
    """Render an ordered paper and ask for its signature."""
    issuing.make_form(actor=SYSTEM, issued=UUID(issued), at=clock.now())

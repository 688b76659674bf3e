"""Work after an act: make an ordered paper; pass a dossier on and watch it."""

from __future__ import annotations

from uuid import UUID

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.kernel.jobs import public as jobs
from sen.systems.public_services.services import issuing, passing_on


@jobs.job(issuing.MAKE)
def make_form(*, issued: str) -> None:
    """Render an ordered paper and ask for its signature."""
    issuing.make_form(actor=SYSTEM, issued=UUID(issued), at=clock.now())


@jobs.job(passing_on.SEND, queue=jobs.OUTSIDE)
def pass_on(*, dossier: str) -> None:
    """Pass a received dossier on to the system that settles it."""
    passing_on.pass_on(dossier=UUID(dossier), at=clock.now())


@jobs.job(passing_on.LOOK, queue=jobs.OUTSIDE, retry=jobs.ONCE)
def look_elsewhere(*, dossier: str) -> None:
    """Ask the system that settles a dossier where it is."""
    passing_on.look(dossier=UUID(dossier), at=clock.now())


@jobs.job("public_services.watch_elsewhere", every="* * * * *", retry=jobs.ONCE)
def watch_elsewhere() -> None:
    """Have every dossier asked for whose time has come."""
    passing_on.order_looks(at=clock.now())

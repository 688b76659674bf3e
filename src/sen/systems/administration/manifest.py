"""What the administration contributes, and the seeds of the kernel's own tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.manifest.public import Manifest, Say, Seed
from sen.kernel.organisations import public as organisations

YEARS = (2026, 2027)


def seed_organisations(say: Say) -> None:
    """Lay down areas, units and positions."""
    organisations.seed(clock.now())
    say("Đơn vị, vị trí việc làm: đã có.")


def seed_calendar(say: Say) -> None:
    """Lay down the working calendar of the years that are known."""
    for year in YEARS:
        calendar.seed_year(COMMAND, year=year, at=clock.now())
    say(f"Lịch làm việc {YEARS[0]}–{YEARS[-1]}: đã có.")


def seed_roles(say: Say) -> None:
    """Bring in the roles of all systems and give them to the positions that they name."""
    access.seed(clock.now())
    say("Vai trò: đã có.")


MANIFEST = Manifest(
    code="administration",
    title=_("Quản trị"),
    seed=(
        Seed(order=10, title="Đơn vị", run=seed_organisations),
        Seed(order=20, title="Lịch làm việc", run=seed_calendar),
        Seed(order=40, title="Vai trò", run=seed_roles),
    ),
)

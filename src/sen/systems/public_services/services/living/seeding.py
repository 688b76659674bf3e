"""The seeds of a living demonstration: officials in every post, a year of dossiers."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from random import Random
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.database import public as database
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services.living import province
from sen.systems.public_services.services.living.cast import appoint

_SEALED_AT_ONCE = 2000

Say = Callable[[str], None]


def seed_officials(say: Say) -> None:
    """Let an invented official hold every post that the year needs and that is vacant."""
    if not settings.DEMO_DOSSIERS:
        say("Không dựng hồ sơ hư cấu nên không thêm cán bộ hư cấu.")
        return
    say(f"Cán bộ hư cấu của cả tỉnh: thêm {appoint_officials(_plan(clock.now()))}.")


def appoint_officials(plan: province.Plan) -> int:
    """Let an invented official hold every vacant post that a plan needs; return how many."""
    prepare(plan, at=plan.until)
    with transaction.atomic():
        access.enter(SYSTEM)
        random = Random(plan.seed)  # noqa: S311 - invented people
        count, rows = appoint(random, since=clock.moment(plan.first), at=plan.until)
        database.load(rows)
    return count


def seed_dossiers(say: Say) -> None:
    """Lay down the invented year, as many dossiers as the installation says, once."""
    if not settings.DEMO_DOSSIERS or _is_there():
        say("Hồ sơ hư cấu: đã có." if settings.DEMO_DOSSIERS else "Hồ sơ hư cấu: không dựng.")
        return
    plan = _plan(clock.now())
    prepare(plan, at=plan.until)
    began = time.monotonic()
    rows = province.lay_down(plan)
    say(f"{plan.count} hồ sơ hư cấu, {rows} dòng: {time.monotonic() - began:.1f} s.")
    finish()


def _plan(now: dt.datetime) -> province.Plan:
    shown = units_shown(clock.day(now))
    centres = organisations.units(organisations.UnitKind.CENTRE, on=clock.day(now))
    busy = shown & frozenset(centres.values_list("id", flat=True))
    return province.Plan(count=settings.DEMO_DOSSIERS, until=now, busy=busy, shown=shown)


def prepare(plan: province.Plan, *, at: dt.datetime) -> None:
    """Make what a year that is past needs: its partitions, its calendar. As the owner."""
    jobs.keep_partitions(on=plan.first)
    if calendar.calendar_of().first_day > plan.first:
        calendar.seed_year(COMMAND, year=plan.first.year, at=at)


def finish() -> None:
    """Seal the trail of what was laid down, and let PostgreSQL count its tables anew."""
    while audit.seal(limit=_SEALED_AT_ONCE):
        pass
    database.analyze()


def units_shown(on: dt.date) -> frozenset[UUID]:
    """Return the units whose officials can sign in, unlike those that were invented in bulk."""
    posts = identity.Employment.objects.filter(organisations.holds_on(on))
    shown = posts.exclude(account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return frozenset(shown.values_list("position__unit_id", flat=True))


@transaction.atomic
def _is_there() -> bool:
    """Tell whether the year was laid down: the only dossiers that were filed before today."""
    access.enter(SYSTEM)
    return Dossier.objects.filter(case__version__number=0).exists()

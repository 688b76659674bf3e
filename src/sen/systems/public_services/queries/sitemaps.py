"""The public pages of this system, for programs that look for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from sen.base import clock
from sen.kernel.legal import public as legal
from sen.systems.public_services.choices import ProcedureStatus
from sen.systems.public_services.models import ProcedureVersion
from sen.systems.public_services.queries import life_events

Row = tuple[str, dt.date | None]


def pages(*, on: dt.date) -> Sequence[Row]:
    """Return the path of every public page with the day of its last change, if that is known.

    Procedures of which only the code is known are left out: their pages say next to nothing. One
    statement an edition of the values.
    """
    return legal.cached("values", ("public_services.sitemap", on), lambda: _pages(on))


def _pages(on: dt.date) -> Sequence[Row]:
    versions = (
        ProcedureVersion.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            status=ProcedureStatus.PUBLISHED,
            valid_from__lte=on,
            procedure__is_active=True,
        )
        .order_by("procedure__code", "number")
        .values_list("procedure__code", "published_at")
    )
    latest = {code: _day(at) for code, at in versions}
    guides = [
        (reverse("public_services:life-event", args=[one.slug]), _day(one.published_at))
        for one in life_events.life_events()
    ]
    return (
        (reverse("public_services:home"), None),
        (reverse("public_services:life-events"), max((d for _p, d in guides if d), default=None)),
        *guides,
        *((reverse("public_services:procedure", args=[code]), day) for code, day in latest.items()),
        (reverse("public_services:look-up"), None),
    )


def _day(at: dt.datetime | None) -> dt.date | None:
    return clock.day(at) if at is not None else None

"""What came and went by month: counted before where a day is over, now for the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from sen.systems.operations import rules
from sen.systems.operations.models import CountedMonth, MonthCount
from sen.systems.public_services import public as services
from sen.systems.public_services.public import Flow


def flows(units: Sequence[UUID], *, today: dt.date) -> list[Flow]:
    """Return what units received and settled in the months of the trend, by month.

    Two statements for what was counted, one for the days from the first on that was not; a month
    of which both say something comes twice.
    """
    rows = CountedMonth.objects.filter(
        month__gte=rules.trend_from(today), counted_at__isnull=False
    ).values_list("month", "until")
    first = _first_not_counted(dict(rows), today)
    kept = MonthCount.objects.filter(
        unit__in=units, month__gte=rules.trend_from(today), month__lt=first
    ).values_list("unit_id", "month_id", "received", "settled", "late")
    told = [
        Flow(unit=unit, month=month, received=received, settled=settled, late=late)
        for unit, month, received, settled, late in kept
    ]
    return [*told, *services.flows(units, first=first, last=today)]


def _first_not_counted(counted: Mapping[dt.date, dt.date | None], today: dt.date) -> dt.date:
    """Return the first day of the trend from which on nothing was counted.

    counted: up to which day each month was, None for all of it.
    """
    for month in rules.months_over(today):
        if counted.get(month, today) is not None:
            return month
    month = today.replace(day=1)
    until = counted.get(month)
    return until if until is not None and until <= today else month

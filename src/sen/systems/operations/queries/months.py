"""What came and went by month: counted before where a month is over, now for the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sen.systems.operations import rules
from sen.systems.operations.models import CountedMonth, MonthCount
from sen.systems.public_services import public as services
from sen.systems.public_services.public import Flow


def flows(units: Sequence[UUID], *, today: dt.date) -> list[Flow]:
    """Return what units received and settled in the months of the trend, by month.

    Two statements for what was counted, one for the months from the first on that was not.
    """
    counted = set(
        CountedMonth.objects.filter(
            month__gte=rules.trend_from(today), counted_at__isnull=False
        ).values_list("month", flat=True)
    )
    first = next(
        (month for month in rules.months_over(today) if month not in counted), today.replace(day=1)
    )
    kept = MonthCount.objects.filter(
        unit__in=units, month__gte=rules.trend_from(today), month__lt=first
    ).values_list("unit_id", "month_id", "received", "settled", "late")
    told = [
        Flow(unit=unit, month=month, received=received, settled=settled, late=late)
        for unit, month, received, settled, late in kept
    ]
    return [*told, *services.flows(units, first=first, last=today)]

"""Counting months that are over, so that a page does not."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.operations import rules
from sen.systems.operations.models import CountedMonth, MonthCount
from sen.systems.public_services import public as services


@transaction.atomic
def count_months(*, at: dt.datetime) -> int:
    """Count each month of the trend that is over and was not counted lately; return how many.

    Called by a loop of the worker, by the system alone. Whoever comes second waits and finds
    nothing to do.
    """
    today = clock.day(at)
    over = rules.months_over(today)
    CountedMonth.objects.bulk_create(
        [CountedMonth(month=month) for month in over], ignore_conflicts=True
    )
    due = CountedMonth.objects.select_for_update().filter(
        Q(counted_at=None)
        | Q(counted_at__lte=at - rules.COUNTED_AGAIN)
        | Q(counted_at__gt=at + rules.COUNTED_AGAIN),
        month__in=over,
    )
    months = list(due.order_by("month"))
    if not months:
        return 0
    units = list(organisations.Unit.objects.order_by("id").values_list("id", flat=True))
    for row in months:
        last = rules.last_of_month(row.month)
        row.counted_at = at
        row.counts.all().delete()
        MonthCount.objects.bulk_create(
            MonthCount(
                month=row,
                unit_id=flow.unit,
                received=flow.received,
                settled=flow.settled,
                late=flow.late,
            )
            for flow in services.flows(units, first=row.month, last=last)
        )
    CountedMonth.objects.bulk_update(months, ["counted_at"])
    return len(months)

"""Counting days that are over, so that a page does not."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from sen.base import clock
from sen.kernel.organisations import public as organisations
from sen.systems.operations import rules
from sen.systems.operations.models import CountedMonth, MonthCount
from sen.systems.public_services import public as services


@transaction.atomic
def count_months(*, at: dt.datetime) -> int:
    """Count each month of the trend that was not counted lately; return how many.

    The month that runs is counted up to today, and anew with each day. Called by a loop of the
    worker, by the system alone. Whoever comes second waits and finds nothing to do.
    """
    today = clock.day(at)
    wanted = rules.counted_months(today)
    CountedMonth.objects.bulk_create(
        [CountedMonth(month=month) for month in wanted], ignore_conflicts=True
    )
    found = CountedMonth.objects.select_for_update().filter(month__in=wanted).order_by("month")
    months = [row for row in found if _is_due(row, wanted[row.month], at)]
    if not months:
        return 0
    units = list(organisations.Unit.objects.order_by("id").values_list("id", flat=True))
    for row in months:
        row.counted_at, row.until = at, wanted[row.month]
        row.counts.all().delete()
        MonthCount.objects.bulk_create(
            MonthCount(
                month=row,
                unit_id=flow.unit,
                received=flow.received,
                settled=flow.settled,
                late=flow.late,
            )
            for flow in services.flows(units, first=row.month, last=_last(row))
        )
    CountedMonth.objects.bulk_update(months, ["counted_at", "until"])
    return len(months)


def _is_due(row: CountedMonth, until: dt.date | None, at: dt.datetime) -> bool:
    """Tell whether a month is to be counted: not yet, up to another day, long ago, or ahead."""
    if row.counted_at is None or row.until != until:
        return True
    return abs(at - row.counted_at) >= rules.COUNTED_AGAIN


def _last(row: CountedMonth) -> dt.date:
    if row.until is not None:
        return row.until - dt.timedelta(days=1)
    return rules.last_of_month(row.month)

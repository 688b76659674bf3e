"""Reads of the calendar: the calendar of an office, the days of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from sen.base import clock
from sen.kernel.calendar.choices import DayKind
from sen.kernel.calendar.data import Span, SpecialDay, WeekHours, WorkCalendar
from sen.kernel.calendar.models import CalendarDay, CalendarYear, WorkWeek, in_edition
from sen.kernel.calendar.rules import CalendarTooShort
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations


def calendar_of(
    unit_id: UUID | None = None, *, on: dt.date | None = None, edition: int | None = None
) -> WorkCalendar:
    """Return when a unit works: its own days and weeks over those of the units above it.

    unit_id: None gives the calendar of the province. on: the day whose organisation tree counts,
    today by default. edition: an earlier edition, to compute again what was printed then.
    Kept in the process until the calendar or the tree changes: no SQL but the editions of the
    request. Raises CalendarTooShort while no year or no week is entered.
    """
    editions = legal.editions()
    number = editions.calendar if edition is None else edition
    day = on or clock.day(clock.now())
    key = ("calendar.of", unit_id, number, day, editions.units)
    return legal.cached("calendar", key, lambda: _load(unit_id, number, day))


def days(year: int, unit_id: UUID | None = None) -> QuerySet[CalendarDay]:
    """Return the days of a year that differ, of one unit or of the whole province, in order.

    Public: the calendar is published to citizens.
    """
    return CalendarDay.objects.filter(
        on__year=year, unit_id=unit_id, until_edition__isnull=True
    ).order_by("on", "id")


def _load(unit_id: UUID | None, edition: int, on: dt.date) -> WorkCalendar:
    units = () if unit_id is None else organisations.above(unit_id, on) or (unit_id,)
    rank = {unit: place for place, unit in enumerate(reversed(units), start=1)}
    mine = in_edition(edition) & (Q(unit_id__isnull=True) | Q(unit_id__in=units))
    years = list(
        CalendarYear.objects.filter(since_edition__lte=edition)
        .order_by("year")
        .values_list("year", flat=True)
    )
    weeks = list(WorkWeek.objects.filter(mine).order_by("valid_from", "id"))
    if not years or not weeks:
        raise CalendarTooShort
    special: dict[dt.date, SpecialDay] = {}
    found = list(CalendarDay.objects.filter(mine))
    if unit_id is not None and not any(
        unit for unit in [*(week.unit_id for week in weeks), *(row.unit_id for row in found)]
    ):
        return calendar_of(on=on, edition=edition)  # the province's own, laid out once for all
    for row in sorted(found, key=lambda row: rank.get(row.unit_id, 0) if row.unit_id else 0):
        special[row.on] = _special(row)
    nearest = max(rank.get(week.unit_id, 0) if week.unit_id else 0 for week in weeks)
    chosen = [w for w in weeks if (rank.get(w.unit_id, 0) if w.unit_id else 0) == nearest]
    return WorkCalendar(
        weeks=tuple(
            WeekHours(valid_from=week.valid_from, hours=parse(week.hours)) for week in chosen
        ),
        special=special,
        edition=edition,
        first_day=dt.date(_first_of_run(years), 1, 1),
        last_day=dt.date(years[-1], 12, 31),
    )


def _special(row: CalendarDay) -> SpecialDay:
    has_hours = row.opens is not None and row.closes is not None
    span: Span | None = (row.opens, row.closes) if has_hours else None  # type: ignore[assignment]  # both are times where has_hours
    return SpecialDay(
        kind=DayKind(row.kind), span=span, title=str(row.title["vi"]), decision=row.source
    )


def parse(hours: Sequence[Sequence[Sequence[str]]]) -> tuple[tuple[Span, ...], ...]:
    """Return the hours of a week from their stored form. Raises ValueError."""
    time = dt.time.fromisoformat
    return tuple(tuple((time(opens), time(closes)) for opens, closes in spans) for spans in hours)


def _first_of_run(years: Sequence[int]) -> int:
    """Return the first year from which no year is missing up to the last one."""
    first = years[-1]
    while first - 1 in years:
        first -= 1
    return first

"""The verbs of the calendar: enter days, weeks and years; each makes a new edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Invalid, NotFound
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.calendar.choices import DayKind
from sen.kernel.calendar.data import DayEntry, WeekEntry, YearEntry
from sen.kernel.calendar.events import CalendarChanged
from sen.kernel.calendar.models import CalendarDay, CalendarYear, WorkWeek
from sen.kernel.calendar.permissions import MANAGE
from sen.kernel.events import public as events
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations

PROVINCE = UUID(int=0)
"""Stands for the province's own calendar where an id is asked for."""


@transaction.atomic
def set_days(
    actor: Actor, *, unit: UUID | None, days: Sequence[DayEntry], reason: str = "", at: dt.datetime
) -> int:
    """Enter days that differ for a unit or the whole province; return the new edition.

    A day already entered is replaced. Dates promised before stay as they are printed.
    Raises NotAllowed; Invalid for hours that do not fit the kind of day, a day entered twice or a
    missing title or source.
    """
    _check_right(actor, unit, at)
    _check_days(days)
    edition = _new_edition()
    _close_days(unit, {day.on for day in days}, edition)
    CalendarDay.objects.bulk_create(_row(day, unit, edition) for day in days)
    _finish(actor, "calendar.days.set", unit, edition, reason=reason, at=at)
    return edition


@transaction.atomic
def clear_day(actor: Actor, *, unit: UUID | None, on: dt.date, reason: str, at: dt.datetime) -> int:
    """Take back a day that was entered; it is again like its weekday. Return the new edition.

    Raises NotAllowed; NotFound if that day is not entered; Invalid without a reason.
    """
    _check_right(actor, unit, at)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Vui lòng nêu lý do bỏ ngày này khỏi lịch.")]})
    edition = _new_edition()
    if not _close_days(unit, {on}, edition):
        raise NotFound(_("Lịch không có ngày riêng này."))
    _finish(actor, "calendar.day.cleared", unit, edition, reason=reason, at=at)
    return edition


@transaction.atomic
def set_week(actor: Actor, *, unit: UUID | None, week: WeekEntry, at: dt.datetime) -> int:
    """Enter the hours of an ordinary week from a day on; return the new edition.

    Hours entered for the same first day are replaced. Raises NotAllowed; Invalid without a source.
    """
    _check_right(actor, unit, at)
    if not week.source.strip():
        raise Invalid(fields={"source": [_("Vui lòng ghi văn bản quy định giờ làm việc.")]})
    edition = _new_edition()
    first = week.hours.valid_from
    WorkWeek.objects.filter(unit_id=unit, valid_from=first, until_edition__isnull=True).update(
        until_edition=edition
    )
    WorkWeek.objects.create(
        unit_id=unit,
        valid_from=first,
        hours=[
            [[time.isoformat("minutes") for time in span] for span in spans]
            for spans in week.hours.hours
        ],
        source=week.source,
        standing=week.standing,
        since_edition=edition,
    )
    _finish(actor, "calendar.week.set", unit, edition, reason=week.source, at=at)
    return edition


@transaction.atomic
def open_year(actor: Actor, *, year: YearEntry, at: dt.datetime) -> int:
    """Enter a year with its national days, so that time limits may reach into it.

    A year already open keeps the days that officials changed since: only days that are not entered
    yet are added. Returns the edition, the same one if nothing was new.
    Raises NotAllowed; Invalid as `set_days`, and for a day of another year.
    """
    _check_right(actor, None, at)
    _check_days(year.days)
    if any(day.on.year != year.year for day in year.days):
        raise Invalid(_("Danh sách có ngày không thuộc năm đang nhập."))
    known = set(
        CalendarDay.objects.filter(on__year=year.year, unit_id__isnull=True).values_list(
            "on", flat=True
        )
    )
    missing = [day for day in year.days if day.on not in known]
    if not missing and CalendarYear.objects.filter(pk=year.year).exists():
        return legal.editions().calendar
    edition = _new_edition()
    CalendarYear.objects.get_or_create(
        year=year.year,
        defaults={
            "source": year.source, "standing": year.standing, "since_edition": edition,
        },
    )  # fmt: skip
    CalendarDay.objects.bulk_create(_row(day, None, edition) for day in missing)
    _finish(actor, "calendar.year.opened", None, edition, reason=year.source, at=at)
    return edition


def _check_right(actor: Actor, unit: UUID | None, at: dt.datetime) -> None:
    """Check the right in the unit; for the whole province, in every province unit."""
    if unit is not None or actor.is_system:
        access.check(actor, MANAGE, unit=unit)
        return
    provinces = organisations.units(organisations.UnitKind.PROVINCE, on=clock.day(at))
    for province in list(provinces.values_list("id", flat=True)) or [PROVINCE]:
        access.check(actor, MANAGE, unit=province)


def _new_edition() -> int:
    legal.bump("calendar")
    return legal.editions().calendar


def _check_days(days: Sequence[DayEntry]) -> None:
    if len({day.on for day in days}) != len(days):
        raise Invalid(_("Một ngày chỉ được nhập một lần."))
    for day in days:
        if not day.source.strip() or not str(day.title.get("vi", "")).strip():
            raise Invalid(_("Mỗi ngày cần tên gọi tiếng Việt và văn bản quy định."))
        if (day.span is None and day.kind == DayKind.HALF) or (
            day.span is not None and day.kind == DayKind.HOLIDAY
        ):
            raise Invalid(_("Chỉ ngày làm việc một phần cần giờ riêng; ngày nghỉ không có giờ."))
        if day.span is not None and day.span[0] >= day.span[1]:
            raise Invalid(_("Giờ mở cửa phải trước giờ đóng cửa."))


def _close_days(unit: UUID | None, days: Collection[dt.date], edition: int) -> int:
    return CalendarDay.objects.filter(unit_id=unit, on__in=days, until_edition__isnull=True).update(
        until_edition=edition
    )


def _row(day: DayEntry, unit: UUID | None, edition: int) -> CalendarDay:
    opens, closes = day.span or (None, None)
    return CalendarDay(
        on=day.on,
        unit_id=unit,
        kind=day.kind,
        opens=opens,
        closes=closes,
        title=dict(day.title),
        source=day.source,
        standing=day.standing,
        since_edition=edition,
    )


def _finish(
    actor: Actor, action: str, unit: UUID | None, edition: int, *, reason: str, at: dt.datetime
) -> None:
    subject = audit.Subject(kind="calendar", id=unit or PROVINCE, code=str(edition))
    audit.record(actor, action, subject=subject, at=at, reason=reason)
    events.publish(CalendarChanged(edition=edition, unit=unit), record=subject.id, at=at)

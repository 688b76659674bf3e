"""The law's clock: when a time limit ends, how much working time passed. Pure functions.

A moment at which an office opens belongs to its working time; the moment at which it closes ends
it, so a limit may end there.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import ClassVar

from sen.base import clock
from sen.base.errors import Conflict
from sen.kernel.calendar.choices import AllowanceUnit
from sen.kernel.calendar.data import (
    WORKING_DAY,
    Allowance,
    Pause,
    WorkCalendar,
    microseconds,
    moment,
)

_MICROSECOND = dt.timedelta(microseconds=1)


class CalendarTooShort(Conflict):
    """The published calendar ends before the answer, or begins after the question."""

    code: ClassVar[str] = "calendar_too_short"
    default: ClassVar[str] = (
        "Lịch làm việc chưa được công bố đến thời điểm cần tính. "
        "Vui lòng báo quản trị viên bổ sung lịch của năm đó."
    )


def due_at(start: dt.datetime, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    """Return when a record falls due ("thời hạn giải quyết, ngày hẹn trả").

    start: the moment of complete and correct receipt as printed on Mẫu 01; for a record received
    elsewhere, the moment at which the competent agency received it.
    Working days: the day of receipt is not counted, whatever day or hour it was; the limit ends at
    the close of the last working day. With a same-day cutoff the working day of receipt is the
    first day if the record came no later than the cutoff and before the office closed.
    Calendar days: the day of receipt is not counted; a last day of rest moves the end to the next
    working day; the limit ends when the office closes. Working hours: counted from the moment
    itself, inside working hours only.
    Raises CalendarTooShort if the calendar ends before the answer.
    Nguồn: Bộ luật Dân sự 91/2015/QH13, Điều 147 khoản 1–2, Điều 148 khoản 5; Nghị định
    118/2025/NĐ-CP, Điều 17 khoản 3 và Điều 18 khoản 2 (Nghị định 309/2026/NĐ-CP sửa đổi, hiệu lực
    từ 05/8/2026).
    """
    if allowance.unit == AllowanceUnit.WORKING_HOUR:
        return add_working_time(start, dt.timedelta(hours=allowance.amount), calendar)
    _inside(start, calendar)
    index = calendar.index
    received = clock.day(start).toordinal()
    if allowance.unit == AllowanceUnit.CALENDAR_DAY:
        last = bisect_left(index.days, received + allowance.amount)
    else:
        first = bisect_right(index.days, received)
        if _counts_today(start, allowance.same_day_cutoff, calendar):
            first -= 1
        last = first + allowance.amount - 1
    if last >= len(index.days):
        raise CalendarTooShort
    return moment(index.day_closes[last])


def transfer_by(received_at: dt.datetime, cutoff: dt.time, calendar: WorkCalendar) -> dt.datetime:
    """Return by when a received record must be with the unit that settles it.

    The close of the working day of receipt; for one received after the cutoff, or when no working
    time was left, the opening of the next working day. cutoff: 15:00 by the law of today.
    Raises CalendarTooShort.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 18 khoản 2 (Nghị định 309/2026/NĐ-CP sửa đổi, hiệu lực từ
    05/8/2026).
    """
    _inside(received_at, calendar)
    index = calendar.index
    day = bisect_right(index.days, clock.day(received_at).toordinal())
    if _counts_today(received_at, cutoff, calendar):
        return moment(index.day_closes[day - 1])
    if day == len(index.days):
        raise CalendarTooShort
    next_day = clock.moment(dt.date.fromordinal(index.days[day]))
    return next_working_moment(next_day, calendar)


def add_working_time(start: dt.datetime, time: dt.timedelta, calendar: WorkCalendar) -> dt.datetime:
    """Return the earliest working moment by which `time` of work has passed since `start`.

    time: at least zero; zero gives `start` itself, or the next opening if `start` is not working.
    Raises CalendarTooShort; ValueError for negative time.
    Nguồn: Bộ luật Dân sự 91/2015/QH13, Điều 147 khoản 1 (thời hạn tính bằng giờ).
    """
    if time < dt.timedelta():
        raise ValueError("only time to come can be added")
    _inside(start, calendar)
    index, at = calendar.index, microseconds(start)
    span = bisect_left(index.closes, at)
    if span == len(index.closes):
        raise CalendarTooShort
    target = _worked_until(at, calendar) + time // _MICROSECOND
    if target > index.worked[span] + index.closes[span] - index.opens[span]:
        span = bisect_left(index.worked, target) - 1
    at = index.opens[span] + target - index.worked[span]
    if at > index.closes[span]:
        raise CalendarTooShort
    return moment(at)


def working_time_between(
    start: dt.datetime, end: dt.datetime, calendar: WorkCalendar
) -> dt.timedelta:
    """Return the working time from `start` to `end`; negative when `end` is the earlier one.

    Raises CalendarTooShort when one of them is outside the calendar.
    """
    _inside(start, calendar)
    _inside(end, calendar)
    worked = _worked_until(microseconds(end), calendar) - _worked_until(
        microseconds(start), calendar
    )
    return dt.timedelta(microseconds=worked)


def paused_time(
    pauses: Iterable[Pause], *, until: dt.datetime, calendar: WorkCalendar
) -> dt.timedelta:
    """Return the working time inside pauses up to a moment, overlapping pauses counted once.

    An open pause lasts until that moment. Raises CalendarTooShort.
    """
    total, covered = dt.timedelta(), None
    for pause in sorted(pauses, key=lambda pause: pause.start):
        start = pause.start if covered is None else max(pause.start, covered)
        end = until if pause.end is None else min(pause.end, until)
        if end > start:
            total += working_time_between(start, end, calendar)
            covered = end
    return total


def elapsed(
    start: dt.datetime, at: dt.datetime, pauses: Iterable[Pause], calendar: WorkCalendar
) -> dt.timedelta:
    """Return the working time that counts against a record from `start` to `at`: pauses do not.

    Pauses begin no earlier than `start`. Raises CalendarTooShort.
    """
    whole = working_time_between(start, at, calendar)
    return whole - paused_time(pauses, until=at, calendar=calendar)


def due_after_pauses(
    due: dt.datetime, pauses: Iterable[Pause], *, at: dt.datetime, calendar: WorkCalendar
) -> dt.datetime:
    """Return the due moment moved by exactly the working time paused up to `at`.

    due: the moment without pauses. Raises CalendarTooShort.
    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 17 (thời gian bổ sung hồ sơ không tính vào thời hạn).
    """
    return add_working_time(due, paused_time(pauses, until=at, calendar=calendar), calendar)


def remaining(due: dt.datetime, at: dt.datetime, calendar: WorkCalendar) -> dt.timedelta:
    """Return the working time left until a record is due; negative when it is late.

    Raises CalendarTooShort.
    """
    return working_time_between(at, due, calendar)


def minutes_left(due: dt.datetime, at: dt.datetime, calendar: WorkCalendar) -> int:
    """Return the working minutes left, as people are told; negative when late.

    Late from the first moment on, at night too: one minute, where no working time has passed.
    Raises CalendarTooShort.
    """
    minutes = int(remaining(due, at, calendar) / dt.timedelta(minutes=1))
    return min(minutes, -1) if due < at else minutes


def is_working(at: dt.datetime, calendar: WorkCalendar) -> bool:
    """Tell whether the office works at a moment; its closing moment is no longer work.

    Raises CalendarTooShort.
    """
    _inside(at, calendar)
    value = microseconds(at)
    span = bisect_right(calendar.index.opens, value) - 1
    return span >= 0 and value < calendar.index.closes[span]


def next_working_moment(at: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Return the moment itself if the office works then, else when it opens next.

    Raises CalendarTooShort.
    """
    _inside(at, calendar)
    value, index = microseconds(at), calendar.index
    span = bisect_right(index.closes, value)
    if span == len(index.closes):
        raise CalendarTooShort
    return moment(max(value, index.opens[span]))


def working_days_between(start: dt.date, end: dt.date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after `start` up to and with `end`.

    Negative when `end` is the earlier one. Raises CalendarTooShort.
    """
    for on in (start, end):
        if not calendar.first_day <= on <= calendar.last_day:
            raise CalendarTooShort
    days = calendar.index.days
    return bisect_right(days, end.toordinal()) - bisect_right(days, start.toordinal())


def in_working_days(time: dt.timedelta) -> tuple[int, dt.timedelta]:
    """Return working time as whole working days of eight hours and the rest, both without sign."""
    return divmod(abs(time), WORKING_DAY)


def _counts_today(at: dt.datetime, cutoff: dt.time | None, calendar: WorkCalendar) -> bool:
    """Tell whether the day of receipt is a working day that still counts under the cutoff."""
    if cutoff is None or clock.local(at).time() > cutoff:
        return False
    index = calendar.index
    day = bisect_left(index.days, clock.day(at).toordinal())
    if day == len(index.days) or index.days[day] != clock.day(at).toordinal():
        return False
    return microseconds(at) < index.day_closes[day]


def _worked_until(at: int, calendar: WorkCalendar) -> int:
    index = calendar.index
    span = bisect_right(index.opens, at) - 1
    if span < 0:
        return 0
    return index.worked[span] + min(at, index.closes[span]) - index.opens[span]


def _inside(at: dt.datetime, calendar: WorkCalendar) -> None:
    first, after = calendar.limits
    if not first <= microseconds(at) <= after:
        raise CalendarTooShort

"""The door of the calendar: the law's clock, calendars of offices, the verbs that change them."""

from __future__ import annotations

from sen.kernel.calendar.choices import AllowanceUnit, DayKind, Standing
from sen.kernel.calendar.data import (
    WORKING_DAY,
    Allowance,
    DayEntry,
    Pause,
    WeekEntry,
    WeekHours,
    WorkCalendar,
    YearEntry,
)
from sen.kernel.calendar.events import CalendarChanged
from sen.kernel.calendar.models import CalendarDay
from sen.kernel.calendar.permissions import MANAGE
from sen.kernel.calendar.queries import calendar_of, days
from sen.kernel.calendar.rules import (
    CalendarTooShort,
    add_working_time,
    due_after_pauses,
    due_at,
    elapsed,
    in_working_days,
    is_working,
    minutes_left,
    next_working_moment,
    paused_time,
    remaining,
    transfer_by,
    working_days_between,
    working_time_between,
)
from sen.kernel.calendar.services.days import clear_day, open_year, set_days, set_week
from sen.kernel.calendar.services.seeding import seed_year

__all__ = [
    "MANAGE", "WORKING_DAY", "Allowance", "AllowanceUnit", "CalendarChanged", "CalendarDay",
    "CalendarTooShort", "DayEntry", "DayKind", "Pause", "Standing", "WeekEntry", "WeekHours",
    "WorkCalendar", "YearEntry", "add_working_time", "calendar_of", "clear_day", "days",
    "due_after_pauses", "due_at", "elapsed", "in_working_days", "is_working", "minutes_left",
    "next_working_moment", "open_year", "paused_time", "remaining", "seed_year", "set_days",
    "set_week", "transfer_by", "working_days_between", "working_time_between",
]  # fmt: skip

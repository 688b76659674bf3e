"""Calendars for tests: the office hours and the special days of 2026, written by hand."""

from __future__ import annotations

import datetime as dt

from sen.kernel.calendar.choices import DayKind
from sen.kernel.calendar.data import SpecialDay, WeekHours, WorkCalendar

MORNING = (dt.time(7, 30), dt.time(12))
AFTERNOON = (dt.time(13, 30), dt.time(17))
FULL = (MORNING, AFTERNOON)
WEEK = WeekHours(valid_from=dt.date(2026, 1, 1), hours=(FULL,) * 5 + ((), ()))

_HOLIDAYS = [
    (1, 1), (1, 2), (2, 16), (2, 17), (2, 18), (2, 19), (2, 20), (4, 27), (4, 30), (5, 1),
    (8, 31), (9, 1), (9, 2), (11, 24),
]  # fmt: skip
SPECIAL_2026 = {
    **{dt.date(2026, m, d): SpecialDay(kind=DayKind.HOLIDAY) for m, d in _HOLIDAYS},
    dt.date(2026, 1, 10): SpecialDay(kind=DayKind.WORKING),
    dt.date(2026, 8, 22): SpecialDay(kind=DayKind.WORKING),
    dt.date(2026, 3, 28): SpecialDay(kind=DayKind.HALF, span=(dt.time(7, 30), dt.time(11, 30))),
}


def work_calendar(**changes: object) -> WorkCalendar:
    """Return the calendar of 2026: 07:30-12:00 and 13:30-17:00, with the national days."""
    values: dict[str, object] = {
        "weeks": (WEEK,),
        "special": SPECIAL_2026,
        "edition": 1,
        "first_day": dt.date(2026, 1, 1),
        "last_day": dt.date(2026, 12, 31),
        **changes,
    }
    return WorkCalendar(**values)  # type: ignore[arg-type]

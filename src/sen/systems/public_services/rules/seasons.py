"""When people file, in the course of a year and of a day: shares, not law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from random import Random

from sen.base import clock

_HOURS = (
    (7, 4), (8, 9), (9, 11), (10, 10), (11, 6), (12, 4), (13, 5), (14, 9), (15, 9), (16, 6),
    (17, 4), (18, 3), (19, 6), (20, 8), (21, 5), (22, 2),
)  # fmt: skip
"""Of an ordinary day online: hour and share."""
_MORNING, _NIGHT = 6, 23
"""The hours between which people are awake."""
_WEEKEND = 0.25
"""Of an ordinary day's online filings."""


def weights(
    first: dt.date,
    last: dt.date,
    *,
    months: Sequence[float],
    worked: Mapping[dt.date, bool],
    after_rest: Mapping[str, float],
    recent: Mapping[str, float],
) -> dict[dt.date, float]:
    """Return the share of each day from first to last: by month, and by rests such as Tết.

    worked: whether offices work on a day. after_rest: what long rests do ("days_of_rest" or more of
    them in a row): the "working_days" after one count "times", the "before" days before one count
    "before_times". A day of rest counts what is filed online then. recent: the last "days" count
    "times", so that there is work to be seen at every step.
    """
    days = [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]
    found = {day: months[day.month - 1] * (1.0 if worked[day] else _WEEKEND) for day in days}
    for begins, ends in _rests(days, worked, int(after_rest["days_of_rest"])):
        open_days = [day for day in days if worked[day]]
        after = [day for day in open_days if day > ends][: int(after_rest["working_days"])]
        before = [day for day in open_days if day < begins][-int(after_rest["before"]) :]
        for day in after:
            found[day] *= after_rest["times"]
        for day in before:
            found[day] *= after_rest["before_times"]
    for day in days[-int(recent["days"]) :]:
        found[day] *= recent["times"]
    return found


def _rests(
    days: Sequence[dt.date], worked: Mapping[dt.date, bool], least: int
) -> list[tuple[dt.date, dt.date]]:
    """Return first and last day of each rest of so many days in a row."""
    rests: list[tuple[dt.date, dt.date]] = []
    begins: dt.date | None = None
    for day in days:
        if not worked[day]:
            begins = begins or day
        elif begins is not None:
            if (day - begins).days >= least:
                rests.append((begins, day - dt.timedelta(days=1)))
            begins = None
    return rests


def awake(at: dt.datetime, random: Random) -> dt.datetime:
    """Return a moment of the day: at night it becomes the next morning."""
    local = clock.local(at)
    if _MORNING <= local.hour < _NIGHT:
        return at
    day = local if local.hour < _MORNING else local + dt.timedelta(days=1)
    minutes = random.randrange(20, 180)
    return day.replace(hour=_MORNING, minute=0) + dt.timedelta(minutes=minutes)


def time_online(random: Random) -> dt.time:
    """Return when somebody files online on a day."""
    hours, shares = zip(*_HOURS, strict=True)
    [hour] = random.choices(hours, shares)
    return dt.time(hour, random.randrange(60), random.randrange(60))

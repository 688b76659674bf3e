"""Values of the calendar: what the law allows, when an office works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

from sen.base import clock
from sen.kernel.calendar.choices import AllowanceUnit, DayKind, Standing

Span = tuple[dt.time, dt.time]
"""Opening and closing time of one stretch of work within a day."""

WORKING_DAY = dt.timedelta(hours=8)
"""One working day where working time is written in hours: a unit of measure, not a threshold.

Nguồn: Bộ luật Lao động 45/2019/QH14, Điều 105 khoản 1; các quy trình nội bộ đã duyệt ghi 1 ngày =
8 giờ.
"""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Allowance:
    """The time the law allows for settling a record ("thời hạn giải quyết").

    amount: at least 1, in `unit`.
    same_day_cutoff: only with working days: the working day of receipt is itself the first day
    when the record came no later than this time ("trả kết quả trong ngày; sau 15 giờ thì ngày làm
    việc tiếp theo"). Without it the day of receipt is never counted.
    """

    amount: int
    unit: AllowanceUnit
    same_day_cutoff: dt.time | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", AllowanceUnit(self.unit))
        if self.amount < 1:
            raise ValueError("an allowance is at least 1")
        if self.same_day_cutoff is not None and self.unit is not AllowanceUnit.WORKING_DAY:
            raise ValueError("only an allowance in working days has a same-day cutoff")

    def to_json(self) -> dict[str, object]:
        """Return plain values, for a record that freezes its allowance."""
        cutoff = self.same_day_cutoff
        return {
            "amount": self.amount,
            "unit": str(self.unit),
            "same_day_cutoff": None if cutoff is None else cutoff.isoformat("minutes"),
        }

    @classmethod
    def parse(cls, data: Mapping[str, object]) -> Self:
        """Return the allowance written by `to_json`. Raises ValueError or KeyError otherwise."""
        cutoff = data.get("same_day_cutoff")
        return cls(
            int(str(data["amount"])),
            AllowanceUnit(str(data["unit"])),
            None if cutoff is None else dt.time.fromisoformat(str(cutoff)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """The hours of an ordinary week from a day on.

    hours: seven weekdays from Monday, each with its spans in order; none is a day of rest.
    """

    valid_from: dt.date
    hours: tuple[tuple[Span, ...], ...]

    def __post_init__(self) -> None:
        if len(self.hours) != _WEEK:
            raise ValueError("a week has seven days")
        for spans in self.hours:
            flat = [time for span in spans for time in span]
            if any(a >= b for a, b in pairwise(flat)):
                raise ValueError("spans of a day are in order and do not touch")

    @property
    def full_day(self) -> tuple[Span, ...]:
        """The hours of the first weekday that is worked, which a compensatory day takes over."""
        return next((spans for spans in self.hours if spans), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that differs from its weekday. span: its own hours; None for an ordinary full day."""

    kind: DayKind
    span: Span | None = None
    title: str = ""
    decision: str = ""


class Index(NamedTuple):
    """A calendar laid out for binary search; moments are microseconds since 1970 UTC.

    opens, closes: every span. worked: working time before each span. days: ordinals of the days
    with any work. day_closes: when each of them closes.
    """

    opens: list[int]
    closes: list[int]
    worked: list[int]
    days: list[int]
    day_closes: list[int]


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """When one office works, from `first_day` to `last_day`, both included.

    weeks: ordinary weeks by the day from which they hold; the earliest holds before its day too.
    special: days that differ. edition: the number of the calendar's edition it was read in.
    """

    weeks: tuple[WeekHours, ...]
    special: Mapping[dt.date, SpecialDay]
    edition: int
    first_day: dt.date
    last_day: dt.date

    def spans(self, on: dt.date) -> tuple[Span, ...]:
        """Return the stretches of work of a day, none for a day of rest."""
        week = self.weeks[0]
        for candidate in self.weeks:
            if candidate.valid_from <= on:
                week = candidate
        day = self.special.get(on)
        if day is None:
            return week.hours[on.weekday()]
        if day.kind == DayKind.HOLIDAY:
            return ()
        return week.full_day if day.span is None else (day.span,)

    @cached_property
    def index(self) -> Index:
        """The same calendar for binary search, made once."""
        index = Index([], [], [], [], [])
        total = 0
        for ordinal in range(self.first_day.toordinal(), self.last_day.toordinal() + 1):
            on = dt.date.fromordinal(ordinal)
            spans = self.spans(on)
            for opens, closes in spans:
                start, end = (microseconds(clock.moment(on, time)) for time in (opens, closes))
                index.opens.append(start)
                index.closes.append(end)
                index.worked.append(total)
                total += end - start
            if spans:
                index.days.append(ordinal)
                index.day_closes.append(index.closes[-1])
        return index

    @cached_property
    def limits(self) -> tuple[int, int]:
        """The first moment of the calendar and the first after it, in microseconds."""
        after = self.last_day + dt.timedelta(days=1)
        return microseconds(clock.moment(self.first_day)), microseconds(clock.moment(after))


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock of a record stands still. end: None while it still does."""

    start: dt.datetime
    end: dt.datetime | None = None


def microseconds(at: dt.datetime) -> int:
    """Return a moment as microseconds since 1970 UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(value: int) -> dt.datetime:
    """Return the moment of a number of microseconds since 1970 UTC, in the law's zone."""
    return (_EPOCH + dt.timedelta(microseconds=value)).astimezone(clock.ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEntry:
    """A day that differs, as it is entered. title: Localised; source: the decision it rests on."""

    on: dt.date
    kind: DayKind
    title: Mapping[str, str]
    source: str
    standing: Standing = Standing.CONFIRMED
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEntry:
    """The hours of an ordinary week, as they are entered. source: the decision they rest on."""

    hours: WeekHours
    source: str
    standing: Standing = Standing.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class YearEntry:
    """A year with the days that differ in the whole province. source: what the year rests on."""

    year: int
    days: tuple[DayEntry, ...]
    source: str
    standing: Standing

"""The law's clock: a table of cases with their sources, and what always holds."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sen.base import clock
from sen.kernel.calendar import rules
from sen.kernel.calendar.choices import AllowanceUnit, DayKind
from sen.kernel.calendar.data import Allowance, Pause, SpecialDay, WeekHours
from sen.kernel.calendar.rules import CalendarTooShort
from sen.kernel.calendar.tests.factories import FULL, MORNING, SPECIAL_2026, WEEK, work_calendar

CALENDAR = work_calendar()
DAY, HOUR, PLAIN = AllowanceUnit.WORKING_DAY, AllowanceUnit.WORKING_HOUR, AllowanceUnit.CALENDAR_DAY
THREE = dt.time(15)


def at(text: str) -> dt.datetime:
    """Return the moment written as 13/02 15:01, of 2026 unless the year is given."""
    day, hour = text.split()
    parts = [int(part) for part in day.split("/")]
    year = parts[2] if len(parts) == 3 else 2026
    return clock.moment(dt.date(year, parts[1], parts[0]), dt.time.fromisoformat(hour))


BLDS_147 = "BLDS 91/2015/QH13 Điều 147 khoản 2: ngày đầu tiên không được tính"
BLDS_147_1 = (
    "BLDS 91/2015/QH13 Điều 147 khoản 1: thời hạn tính bằng giờ bắt đầu từ thời điểm đã xác định"
)
BLDS_148 = "BLDS 91/2015/QH13 Điều 148 khoản 5: ngày cuối là ngày nghỉ thì kết thúc ngày làm việc tiếp theo"
ND_118_17 = "NĐ 118/2025 Điều 17 khoản 3 (NĐ 309/2026 sửa đổi): tính từ khi nhận đủ hồ sơ hợp lệ"
ND_118_18 = "NĐ 118/2025 Điều 18 khoản 2 (NĐ 309/2026 sửa đổi): tiếp nhận sau 15 giờ"
BLLD_112 = "Bộ luật Lao động 45/2019/QH14 Điều 112: nghỉ lễ, tết"
NQ_28 = "Nghị quyết 28/2026/QH16: 24/11 Ngày Văn hóa Việt Nam"
SWAP = "Hoán đổi ngày làm việc 2026: 2/1 với 10/1, 31/8 với 22/8"

CASES = [
    # source, received, allowance, due
    (BLDS_147, "03/03 09:00", Allowance(1, DAY), "04/03 17:00"),
    (BLDS_147, "03/03 07:30", Allowance(5, DAY), "10/03 17:00"),
    (BLDS_147, "03/03 16:59", Allowance(5, DAY), "10/03 17:00"),
    (BLDS_147, "06/03 15:01", Allowance(1, DAY), "09/03 17:00"),
    (BLDS_147, "02/03 10:00", Allowance(30, DAY), "10/04 17:00"),
    # at night, on a Saturday, on a holiday: that day is the first day and is not counted
    (BLDS_147, "03/03 22:15", Allowance(1, DAY), "04/03 17:00"),
    (BLDS_147, "03/03 00:10", Allowance(1, DAY), "04/03 17:00"),
    (BLDS_147, "07/03 10:00", Allowance(1, DAY), "09/03 17:00"),
    (BLDS_147, "17/02 10:00", Allowance(2, DAY), "24/02 17:00"),
    # over Tết 2026, 16-20/2: received Friday 13/2
    (BLLD_112, "13/02 15:01", Allowance(1, DAY), "23/02 17:00"),
    (BLLD_112, "13/02 15:01", Allowance(3, DAY), "25/02 17:00"),
    # Giỗ Tổ 26/4 is a Sunday, 27/4 in lieu; 30/4 and 1/5
    (BLLD_112, "24/04 10:00", Allowance(3, DAY), "04/05 17:00"),
    (NQ_28, "23/11 10:00", Allowance(1, DAY), "25/11 17:00"),
    # the compensatory Saturdays are working days
    (SWAP, "31/12/2025 10:00", Allowance(2, DAY), None),
    (SWAP, "09/01 10:00", Allowance(1, DAY), "10/01 17:00"),
    (SWAP, "21/08 10:00", Allowance(1, DAY), "22/08 17:00"),
    (SWAP, "28/08 10:00", Allowance(1, DAY), "03/09 17:00"),
    # a Saturday worked in the morning only: the limit ends when the office closes
    ("Ca sáng thứ Bảy theo quyết định của xã", "27/03 10:00", Allowance(1, DAY), "28/03 11:30"),
    ("Ca sáng thứ Bảy theo quyết định của xã", "27/03 10:00", Allowance(2, DAY), "30/03 17:00"),
    # the same day, after 15:00 the next working day
    (ND_118_18, "03/03 09:00", Allowance(1, DAY, THREE), "03/03 17:00"),
    (ND_118_18, "03/03 15:00", Allowance(1, DAY, THREE), "03/03 17:00"),
    (ND_118_18, "03/03 15:01", Allowance(1, DAY, THREE), "04/03 17:00"),
    (ND_118_18, "03/03 05:00", Allowance(1, DAY, THREE), "03/03 17:00"),
    (ND_118_18, "03/03 23:00", Allowance(1, DAY, THREE), "04/03 17:00"),
    (ND_118_18, "07/03 09:00", Allowance(1, DAY, THREE), "09/03 17:00"),
    (ND_118_18, "13/02 15:00", Allowance(1, DAY, THREE), "13/02 17:00"),
    (ND_118_18, "13/02 15:01", Allowance(1, DAY, THREE), "23/02 17:00"),
    (ND_118_18, "28/03 11:00", Allowance(1, DAY, THREE), "28/03 11:30"),
    (ND_118_18, "28/03 11:30", Allowance(1, DAY, THREE), "30/03 17:00"),
    (ND_118_18, "03/03 09:00", Allowance(2, DAY, THREE), "04/03 17:00"),
    (ND_118_18, "31/12 16:00", Allowance(1, DAY, THREE), None),
    # hours count inside working hours, from the moment itself
    (BLDS_147_1, "03/03 09:00", Allowance(2, HOUR), "03/03 11:00"),
    (BLDS_147_1, "03/03 11:00", Allowance(2, HOUR), "03/03 14:30"),
    (BLDS_147_1, "03/03 16:00", Allowance(4, HOUR), "04/03 10:30"),
    (BLDS_147_1, "03/03 07:30", Allowance(8, HOUR), "03/03 17:00"),
    (BLDS_147_1, "03/03 07:30", Allowance(16, HOUR), "04/03 17:00"),
    (BLDS_147_1, "03/03 20:00", Allowance(8, HOUR), "04/03 17:00"),
    (BLDS_147_1, "03/03 12:30", Allowance(1, HOUR), "03/03 14:30"),
    (BLDS_147_1, "27/03 16:00", Allowance(6, HOUR), "30/03 08:30"),
    (BLDS_147_1, "13/02 15:01", Allowance(4, HOUR), "23/02 09:31"),
    (BLDS_147_1, "31/12 16:00", Allowance(4, HOUR), None),
    # days: the first not counted, a last day of rest moves the end
    (BLDS_148, "02/03 10:00", Allowance(3, PLAIN), "05/03 17:00"),
    (BLDS_148, "02/03 10:00", Allowance(5, PLAIN), "09/03 17:00"),
    (BLDS_148, "06/02 10:00", Allowance(10, PLAIN), "23/02 17:00"),
    (BLDS_148, "20/12 10:00", Allowance(15, PLAIN), None),
    # received elsewhere on Monday, by the competent agency on Wednesday: Wednesday is handed in
    (ND_118_17, "04/03 08:00", Allowance(3, DAY), "09/03 17:00"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "received", "allowance", "due"), CASES)
def test_due_at_follows_the_law(source, received, allowance, due):
    if due is None:
        with pytest.raises(CalendarTooShort):
            rules.due_at(at(received), allowance, CALENDAR)
    else:
        assert rules.due_at(at(received), allowance, CALENDAR) == at(due), source


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("03/03 09:00", "03/03 17:00"),
        ("03/03 15:00", "03/03 17:00"),
        ("03/03 15:01", "04/03 07:30"),
        ("06/03 16:00", "09/03 07:30"),
        ("07/03 08:00", "09/03 07:30"),
        ("13/02 15:01", "23/02 07:30"),
    ],
)
def test_transfer_is_due_the_same_day_or_at_the_next_opening(received, by):
    assert rules.transfer_by(at(received), THREE, CALENDAR) == at(by)


def test_transfer_needs_a_next_working_day():
    with pytest.raises(CalendarTooShort):
        rules.transfer_by(at("31/12 16:00"), THREE, CALENDAR)


def test_a_moment_before_the_calendar_is_refused():
    with pytest.raises(CalendarTooShort):
        rules.due_at(at("31/12/2025 10:00"), Allowance(1, HOUR), CALENDAR)


def test_negative_time_is_refused():
    with pytest.raises(ValueError, match="to come"):
        rules.add_working_time(at("03/03 10:00"), dt.timedelta(seconds=-1), CALENDAR)


def test_adding_after_the_last_close_is_refused():
    with pytest.raises(CalendarTooShort):
        rules.add_working_time(at("31/12 17:01"), dt.timedelta(), CALENDAR)


@pytest.mark.parametrize(
    ("amount", "unit", "cutoff"), [(0, DAY, None), (3, HOUR, THREE), (1, "weeks", None)]
)
def test_an_impossible_allowance_is_refused(amount, unit, cutoff):
    with pytest.raises(ValueError, match=r"allowance|valid"):
        Allowance(amount, unit, cutoff)


@pytest.mark.parametrize("allowance", [Allowance(1, DAY, THREE), Allowance(30, PLAIN)])
def test_an_allowance_survives_being_frozen(allowance):
    assert Allowance.parse(allowance.to_json()) == allowance


def test_a_week_has_seven_days_in_order():
    with pytest.raises(ValueError, match="seven"):
        WeekHours(valid_from=dt.date(2026, 1, 1), hours=())
    with pytest.raises(ValueError, match="order"):
        WeekHours(valid_from=dt.date(2026, 1, 1), hours=(((MORNING[1], MORNING[0]),), *((),) * 6))


def test_hours_change_with_the_season():
    summer = WeekHours(
        valid_from=dt.date(2026, 5, 4),
        hours=(((dt.time(7), dt.time(11, 30)), (dt.time(13, 30), dt.time(17))),) * 5 + ((), ()),
    )
    calendar = work_calendar(weeks=(WEEK, summer))
    assert rules.next_working_moment(at("29/04 05:00"), calendar) == at("29/04 07:30")
    assert rules.next_working_moment(at("05/05 05:00"), calendar) == at("05/05 07:00")


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("03/03 07:30", True), ("03/03 11:59", True), ("03/03 12:00", False),
        ("03/03 13:00", False), ("03/03 17:00", False), ("07/03 09:00", False),
        ("22/08 09:00", True), ("24/11 09:00", False), ("01/01 00:00", False),
    ],
)  # fmt: skip
def test_is_working(moment, working):
    assert rules.is_working(at(moment), CALENDAR) is working


def test_next_working_moment_ends_with_the_calendar():
    assert rules.next_working_moment(at("03/03 12:15"), CALENDAR) == at("03/03 13:30")
    with pytest.raises(CalendarTooShort):
        rules.next_working_moment(at("31/12 17:00"), CALENDAR)


def test_working_days_between_counts_after_the_first_up_to_the_last():
    first, last = dt.date(2026, 2, 13), dt.date(2026, 2, 25)
    assert rules.working_days_between(first, last, CALENDAR) == 3
    assert rules.working_days_between(last, first, CALENDAR) == -3
    with pytest.raises(CalendarTooShort):
        rules.working_days_between(first, dt.date(2027, 1, 4), CALENDAR)


def test_working_time_is_told_in_days_of_eight_hours():
    assert rules.in_working_days(dt.timedelta(hours=-19)) == (2, dt.timedelta(hours=3))


def test_pauses_do_not_count_and_overlap_only_once():
    pauses = [
        Pause(at("04/03 09:00"), at("04/03 11:00")),
        Pause(at("04/03 10:00"), at("04/03 12:00")),
        Pause(at("05/03 16:00")),
    ]
    now = at("06/03 08:30")
    assert rules.paused_time(pauses, until=now, calendar=CALENDAR) == dt.timedelta(hours=5)
    assert rules.elapsed(at("04/03 07:30"), now, pauses, CALENDAR) == dt.timedelta(hours=12)
    assert rules.due_after_pauses(at("09/03 17:00"), pauses, at=now, calendar=CALENDAR) == at(
        "10/03 14:00"
    )


def test_a_pause_over_days_of_rest_moves_nothing():
    pauses = [Pause(at("14/02 00:00"), at("22/02 23:00"))]
    due = at("25/02 17:00")
    assert rules.due_after_pauses(due, pauses, at=due, calendar=CALENDAR) == due


def test_due_at_is_quick():
    calendar = work_calendar()
    start, allowance = at("02/03 10:00"), Allowance(30, DAY)
    rules.due_at(start, allowance, calendar)
    best = min(_seconds(start, allowance, calendar) for _ in range(5))
    assert best <= 50e-6


def _seconds(start, allowance, calendar):
    began = time.perf_counter()
    for _ in range(200):
        rules.due_at(start, allowance, calendar)
    return (time.perf_counter() - began) / 200


# -- What always holds, on calendars of every shape

TIMES = st.sampled_from([(FULL), (MORNING,), ((dt.time(6), dt.time(22, 30)),)])


@st.composite
def calendars(draw):
    """Return a calendar of half a year with chance hours, rest days, half days and working days."""
    days = tuple(draw(st.one_of(st.just(()), TIMES)) for _ in range(6))
    week = WeekHours(valid_from=dt.date(2026, 1, 1), hours=(FULL, *days))
    dates = st.dates(dt.date(2026, 1, 2), dt.date(2026, 6, 20))
    half = SpecialDay(kind=DayKind.HALF, span=(dt.time(8), dt.time(10, 30)))
    kinds = st.sampled_from(
        [SpecialDay(kind=DayKind.HOLIDAY), SpecialDay(kind=DayKind.WORKING), half]
    )
    special = draw(st.dictionaries(dates, kinds, max_size=12))
    return work_calendar(weeks=(week,), special=special, last_day=dt.date(2026, 12, 31))


moments = st.datetimes(dt.datetime(2026, 1, 3), dt.datetime(2026, 6, 1)).map(  # noqa: DTZ001 - made aware next
    lambda value: value.replace(tzinfo=clock.ZONE)
)
durations = st.timedeltas(dt.timedelta(), dt.timedelta(hours=80))
allowances = st.one_of(
    st.builds(Allowance, st.integers(1, 15), st.sampled_from([DAY, HOUR, PLAIN])),
    st.builds(Allowance, st.integers(1, 15), st.just(DAY), st.just(THREE)),
)


def ends_work(moment, calendar):
    """Tell whether the moment is inside working time or closes it."""
    just_before = moment - dt.timedelta(microseconds=1)
    return rules.is_working(moment, calendar) or rules.is_working(just_before, calendar)


@given(calendars(), moments, durations)
def test_adding_then_measuring_gives_the_same(calendar, start, duration):
    end = rules.add_working_time(start, duration, calendar)
    assert end >= start
    assert rules.working_time_between(start, end, calendar) == duration
    assert ends_work(end, calendar)


@given(calendars(), moments, moments, moments)
def test_working_time_adds_up_and_never_exceeds_the_clock(calendar, a, b, c):
    a, b, c = sorted([a, b, c])
    between = rules.working_time_between
    assert between(a, b, calendar) + between(b, c, calendar) == between(a, c, calendar)
    assert dt.timedelta() <= between(a, c, calendar) <= c - a
    assert between(c, a, calendar) == -between(a, c, calendar)


@given(calendars(), moments, moments, allowances)
def test_due_is_monotone_after_the_start_and_never_outside_work(calendar, a, b, allowance):
    a, b = sorted([a, b])
    due_a, due_b = (rules.due_at(start, allowance, calendar) for start in (a, b))
    assert a < due_a <= due_b
    assert ends_work(due_a, calendar)


@given(calendars(), moments, allowances)
def test_more_is_never_due_sooner(calendar, start, allowance):
    more = Allowance(allowance.amount + 1, allowance.unit, allowance.same_day_cutoff)
    assert rules.due_at(start, allowance, calendar) <= rules.due_at(start, more, calendar)


@given(calendars(), moments, allowances, moments, st.lists(st.tuples(moments, moments), max_size=4))
def test_elapsed_and_remaining_make_the_whole(calendar, start, allowance, now, pairs):
    assume(now >= start)
    pauses = [Pause(max(start, min(p)), max(start, *p)) for p in pairs]
    due = rules.due_at(start, allowance, calendar)
    whole = rules.working_time_between(start, due, calendar)
    moved = rules.due_after_pauses(due, pauses, at=now, calendar=calendar)
    gone = rules.elapsed(start, now, pauses, calendar)
    assert gone + rules.remaining(moved, now, calendar) == whole
    paused = rules.paused_time(pauses, until=now, calendar=calendar)
    assert rules.working_time_between(due, moved, calendar) == paused
    assert gone + paused == rules.working_time_between(start, now, calendar)


@given(calendars(), moments)
def test_the_next_working_moment_is_the_first_one(calendar, moment):
    found = rules.next_working_moment(moment, calendar)
    assert found >= moment
    assert rules.is_working(found, calendar)
    assert rules.working_time_between(moment, found, calendar) == dt.timedelta()


def test_the_hand_written_year_holds_the_facts_it_should():
    assert sum(bool(CALENDAR.spans(day)) for day in SPECIAL_2026) == 3


@pytest.mark.parametrize(
    ("due", "now", "minutes"),
    [
        ("06/03 17:00", "06/03 16:00", 60),
        ("06/03 17:00", "06/03 17:00", 0),
        ("06/03 17:00", "06/03 17:01", -1),
        ("06/03 17:00", "08/03 11:52", -1),  # a Sunday: no working time has passed, but it is late
        ("06/03 17:00", "09/03 09:30", -120),
        ("09/03 17:00", "06/03 22:00", 480),
    ],
)
def test_people_are_told_the_working_minutes_left_and_late_is_late_at_night_too(due, now, minutes):
    assert rules.minutes_left(at(due), at(now), CALENDAR) == minutes

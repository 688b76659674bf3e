"""Days, weeks and years entered: rights, editions, what an office's calendar then says."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from sen.base import clock
from sen.base.actor import ANONYMOUS, COMMAND, Actor, Strength
from sen.base.errors import Invalid, NotAllowed, NotFound, SignInNeeded
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.tests.factories import GrantFactory, RoleFactory
from sen.kernel.audit import public as audit
from sen.kernel.calendar import public as calendar
from sen.kernel.calendar.models import CalendarDay, CalendarYear, WorkWeek
from sen.kernel.calendar.public import AllowanceUnit, DayEntry, DayKind, Standing
from sen.kernel.calendar.services.days import PROVINCE
from sen.kernel.calendar.tests.factories import FULL, WEEK
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.organisations.public import Level, NewUnit, UnitKind
from sen.kernel.organisations.tests.factories import PositionFactory

pytestmark = pytest.mark.django_db

AT = clock.moment(dt.date(2026, 11, 21), dt.time(9))
MONDAY, SATURDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 28)
STORM = DayEntry(
    on=MONDAY, kind=DayKind.HOLIDAY, title={"vi": "Nghỉ tránh bão"}, source="Công điện 1/CĐ-UBND"
)
SHIFT = DayEntry(
    on=SATURDAY, kind=DayKind.HALF, title={"vi": "Ca sáng thứ Bảy"}, source="Quyết định 2/QĐ-UBND",
    span=(dt.time(7, 30), dt.time(11, 30)),
)  # fmt: skip


@pytest.fixture
def seeded():
    for year in (2026, 2027):
        calendar.seed_year(COMMAND, year=year, at=AT)


@pytest.fixture
def commune():
    """Return a commune of a province, and its centre."""
    units, parent = [], None
    for code, kind, level in (
        ("H41", UnitKind.PROVINCE, Level.PROVINCE),
        ("H41.9.1", UnitKind.COMMUNE, Level.COMMUNE),
        ("H41.9.1.1", UnitKind.CENTRE, Level.COMMUNE),
    ):
        name = {"vi": code}
        unit = NewUnit(code=code, kind=kind, level=level, name=name, short_name=name)
        parent = organisations.add_unit(
            COMMAND, unit=unit, parent=parent and parent.id, valid_from=dt.date(2025, 7, 1), at=AT
        )
        units.append(parent)
    return units[1:]


def day_of(unit, on, **more):
    return calendar.calendar_of(unit and unit.id, **more).spans(on)


# -- What was entered from the public list and our own data


def test_the_seeded_years_know_what_the_law_and_its_notices_say(seeded):
    province = calendar.calendar_of()
    off = [
        day for day in (dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(365))
        if day.weekday() < 5 and not province.spans(day)
    ]  # fmt: skip
    assert [f"{day.day}/{day.month}" for day in off] == [
        "1/1", "2/1", "16/2", "17/2", "18/2", "19/2", "20/2", "27/4", "30/4", "1/5", "31/8", "1/9",
        "2/9", "24/11",
    ]  # fmt: skip
    assert [province.spans(dt.date(2026, *day)) for day in ((1, 10), (8, 22))] == [FULL, FULL]
    assert province.spans(dt.date(2026, 11, 28)) == ()
    assert (province.first_day, province.last_day) == (dt.date(2026, 1, 1), dt.date(2027, 12, 31))


def test_every_seeded_day_has_its_source(seeded):
    rows = calendar.days(2026)
    assert [row.on for row in rows] == sorted(row.on for row in rows)
    assert all(row.source and row.title["vi"] for row in rows)
    assert {row.standing for row in rows} == {Standing.PUBLISHED}
    assert {row.standing for row in calendar.days(2027)} == {Standing.UNKNOWN}
    culture_day = next(row for row in rows if row.on == dt.date(2026, 11, 24))
    assert "28/2026/QH16" in culture_day.source


def test_received_on_the_friday_before_tet_2026(seeded):
    received = clock.moment(dt.date(2026, 2, 13), dt.time(15, 1))
    same_day = calendar.Allowance(1, AllowanceUnit.WORKING_DAY, dt.time(15))
    due = calendar.due_at(received, same_day, calendar.calendar_of())
    assert due == clock.moment(dt.date(2026, 2, 23), dt.time(17))


def test_seeding_again_changes_nothing_and_keeps_what_officials_changed(seeded):
    clear = {"unit": None, "on": dt.date(2026, 1, 2), "reason": "Không hoán đổi", "at": AT}
    edition = calendar.clear_day(COMMAND, **clear)
    assert calendar.seed_year(COMMAND, year=2026, at=AT) == edition
    assert day_of(None, dt.date(2026, 1, 2)) == FULL


def test_a_year_without_source_is_not_seeded():
    with pytest.raises(Invalid):
        calendar.seed_year(COMMAND, year=1999, at=AT)
    assert not WorkWeek.objects.exists()


def test_the_command_seeds_years():
    out = StringIO()
    call_command("calendar", "seed", "2026", "2027", stdout=out)
    assert [line.split(":")[0] for line in out.getvalue().splitlines()] == ["2026", "2027"]
    assert list(CalendarYear.objects.order_by("year").values_list("year", flat=True)) == [
        2026, 2027,
    ]  # fmt: skip


# -- Whose calendar


def test_an_office_has_its_own_days_over_those_above_it(seeded, commune):
    ubnd, centre = commune
    calendar.set_days(COMMAND, unit=ubnd.id, days=[STORM, SHIFT], at=AT)
    assert [day_of(unit, MONDAY) for unit in (ubnd, centre, None)] == [(), (), FULL]
    assert day_of(centre, SATURDAY) == (SHIFT.span,)
    open_again = DayEntry(
        on=MONDAY, kind=DayKind.WORKING, title={"vi": "Vẫn trực"}, source="Kế hoạch 3/KH"
    )
    calendar.set_days(COMMAND, unit=centre.id, days=[open_again], at=AT)
    assert [day_of(unit, MONDAY) for unit in (ubnd, centre)] == [(), FULL]


def test_an_office_has_its_own_week(seeded, commune):
    ubnd, centre = commune
    morning = ((dt.time(7), dt.time(11)),)
    hours = calendar.WeekHours(
        valid_from=dt.date(2026, 12, 1), hours=(*WEEK.hours[:5], morning, ())
    )
    week = calendar.WeekEntry(hours=hours, source="Quyết định 4/QĐ-UBND")
    calendar.set_week(COMMAND, unit=ubnd.id, week=week, at=AT)
    assert day_of(centre, dt.date(2026, 12, 5)) == morning
    assert day_of(None, dt.date(2026, 12, 5)) == ()
    again = calendar.WeekEntry(hours=WEEK, source="Quyết định 5/QĐ-UBND")
    calendar.set_week(COMMAND, unit=None, week=again, at=AT)
    assert WorkWeek.objects.filter(unit_id=None, until_edition=None).count() == 1


def test_an_earlier_edition_can_be_read_again(seeded, commune):
    ubnd, _centre = commune
    before = calendar.calendar_of(ubnd.id).edition
    after = calendar.set_days(COMMAND, unit=ubnd.id, days=[STORM], at=AT)
    assert (day_of(ubnd, MONDAY), day_of(ubnd, MONDAY, edition=before)) == ((), FULL)
    calendar.clear_day(COMMAND, unit=ubnd.id, on=MONDAY, reason="Bão tan", at=AT)
    assert (day_of(ubnd, MONDAY), day_of(ubnd, MONDAY, edition=after)) == (FULL, ())
    assert calendar.calendar_of(ubnd.id, edition=before).edition == before


def test_a_calendar_is_kept_until_it_changes(seeded, commune, django_assert_num_queries):
    ubnd, _centre = commune
    calendar.calendar_of(ubnd.id)
    legal.begin_request()
    with django_assert_num_queries(1):  # the editions, once a request
        for _ in range(3):
            calendar.calendar_of(ubnd.id)
    legal.end_request()


def test_without_a_year_or_a_week_there_is_no_calendar():
    with pytest.raises(calendar.CalendarTooShort):
        calendar.calendar_of()


def test_a_missing_year_cuts_the_calendar(seeded):
    CalendarYear.objects.create(year=2024, source="x", standing="unknown", since_edition=0)
    assert calendar.calendar_of(on=dt.date(2026, 5, 5)).first_day == dt.date(2026, 1, 1)


# -- Who may, and what is told


def test_a_change_is_audited_and_published(seeded):
    calendar.set_days(COMMAND, unit=None, days=[STORM], reason="Bão số 9", at=AT)
    entry = audit.trail(audit.Subject(kind="calendar", id=PROVINCE))[0]
    assert (entry.action, entry.reason) == ("calendar.days.set", "Bão số 9")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload ->> 'edition' FROM events_event WHERE name = 'calendar.changed'"
            " ORDER BY id DESC LIMIT 1"
        )
        assert int(cursor.fetchone()[0]) == calendar.calendar_of().edition


def test_only_who_manages_the_calendar_of_a_unit_changes_it(seeded, commune):
    ubnd, centre = commune
    position = PositionFactory(unit=ubnd)
    GrantFactory(position=position, role=RoleFactory(permissions=[calendar.MANAGE]))
    official = Actor(
        account=new_id(), person=new_id(), position=position.id, unit=ubnd.id,
        strength=Strength.MULTI_FACTOR,
    )  # fmt: skip
    calendar.set_days(official, unit=ubnd.id, days=[STORM], at=AT)
    citizen = Actor(account=new_id(), person=new_id(), strength=Strength.LEVEL_2)
    week = calendar.WeekEntry(hours=WEEK, source="x")
    for actor, unit, refusal in (
        (official, centre.id, NotAllowed), (citizen, ubnd.id, NotAllowed),
        (ANONYMOUS, ubnd.id, SignInNeeded),
    ):  # fmt: skip
        with pytest.raises(refusal):
            calendar.set_days(actor, unit=unit, days=[STORM], at=AT)
        with pytest.raises(refusal):
            calendar.clear_day(actor, unit=unit, on=MONDAY, reason="x", at=AT)
        with pytest.raises(refusal):
            calendar.set_week(actor, unit=unit, week=week, at=AT)
    year = calendar.YearEntry(year=2028, days=(), source="x", standing=Standing.UNKNOWN)
    with pytest.raises(NotAllowed):
        calendar.open_year(citizen, year=year, at=AT)


def test_whoever_manages_one_unit_may_not_change_the_province(seeded, commune):
    ubnd, _centre = commune
    position = PositionFactory(unit=ubnd)
    GrantFactory(position=position, role=RoleFactory(permissions=[calendar.MANAGE]))
    official = Actor(
        account=new_id(), person=new_id(), position=position.id, unit=ubnd.id,
        strength=Strength.MULTI_FACTOR,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        calendar.set_days(official, unit=None, days=[STORM], at=AT)
    assert access.allows(official, calendar.MANAGE, unit=ubnd.id)


# -- Refusals


def entry(**more):
    values = {"on": MONDAY, "kind": DayKind.HOLIDAY, "title": {"vi": "Nghỉ"}, "source": "QĐ 1"}
    return DayEntry(**{**values, **more})


@pytest.mark.parametrize(
    "days",
    [
        [entry(), entry()],
        [entry(source=" ")],
        [entry(title={"en": "Off"})],
        [entry(kind=DayKind.HALF)],
        [entry(span=SHIFT.span)],
        [entry(kind=DayKind.HALF, span=(dt.time(11), dt.time(7)))],
    ],
)
def test_days_that_do_not_hold_are_refused(seeded, days):
    before = calendar.calendar_of().edition
    with pytest.raises(Invalid):
        calendar.set_days(COMMAND, unit=None, days=days, at=AT)
    assert calendar.calendar_of().edition == before


def test_other_refusals(seeded):
    with pytest.raises(Invalid):
        calendar.clear_day(COMMAND, unit=None, on=MONDAY, reason=" ", at=AT)
    with pytest.raises(NotFound):
        calendar.clear_day(COMMAND, unit=None, on=MONDAY, reason="x", at=AT)
    week = calendar.WeekEntry(hours=WEEK, source=" ")
    with pytest.raises(Invalid):
        calendar.set_week(COMMAND, unit=None, week=week, at=AT)
    wrong = calendar.YearEntry(year=2028, days=(entry(),), source="x", standing="unknown")
    with pytest.raises(Invalid):
        calendar.open_year(COMMAND, year=wrong, at=AT)


def test_the_database_refuses_what_the_verbs_refuse(seeded):
    row = {
        "on": MONDAY, "kind": "holiday", "title": {"vi": "x"}, "source": "x", "standing": "unknown",
        "since_edition": 1,
    }  # fmt: skip
    CalendarDay.objects.create(**row)
    for wrong in ({}, {"on": SATURDAY, "kind": "half"}, {"on": SATURDAY, "title": {"en": "x"}},
                  {"on": SATURDAY, "opens": "09:00", "closes": "08:00", "kind": "working"},
                  {"on": SATURDAY, "until_edition": 1}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDay.objects.create(**{**row, **wrong})

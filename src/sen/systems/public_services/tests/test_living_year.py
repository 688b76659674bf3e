"""The whole invented year of a demo: 3,000 dossiers of 365 days, true to life; takes minutes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.models import Dossier, DossierPaper, Party
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.services.living import seeding
from sen.systems.public_services.services.living.told import told
from sen.systems.public_services.tests import factories
from sen.systems.public_services.tests.living import UNTIL, broken, lay_down_plan

pytestmark = [pytest.mark.django_db, pytest.mark.long]

COUNT = 3000
WORK_PERMIT, SCHOOL = "1.014199", "2.002481"
SHOWN = {"2.000815", factories.PROCEDURE}
"""Asked for so often that their share can be told from chance."""


@pytest.fixture(scope="module")
def months_are_there(in_demo) -> None:
    """The months of the year have their partitions before anything is laid down."""
    for days in (366, 60):
        jobs.keep_partitions(on=clock.day(UNTIL) - dt.timedelta(days=days))
    connections["owner"].close()


@pytest.fixture(scope="module")
def lived(months_are_there, seeded):
    """Lay the year down as the seeds of a demo do, in the whole province."""
    with transaction.atomic():
        organisations.seed_province(clock.now())
        call_command("seed_demo", verbosity=0)
        plan = year.Plan(
            count=COUNT,
            until=UNTIL,
            busy=frozenset({organisations.unit("H41.9.11.1", factories.ON).id}),
            shown=seeding.units_shown(factories.ON),
        )
        if calendar.calendar_of().first_day > plan.first:
            calendar.seed_year(COMMAND, year=plan.first.year, at=UNTIL)
        rows = lay_down_plan(plan)
        access.enter(SYSTEM)
        yield SimpleNamespace(plan=plan, rows=rows)
        transaction.set_rollback(True)


WRITTEN = "Theo văn bản ủy quyền nộp kèm hồ sơ"
PENSION, MARITAL = "1.014027", "1.004873"


def rows_of(sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def test_the_whole_year_is_there_and_holds_every_invariant(lived):
    assert lived.plan.days == 365
    assert Dossier.objects.count() == COUNT
    assert broken() == {}


def test_every_commune_and_every_month_has_its_part(lived):
    found = rows_of("SELECT DISTINCT received_unit_id FROM public_services_dossier")
    assert len(found) >= 131
    days = [clock.day(at) for at in Dossier.objects.values_list("submitted_at", flat=True)]
    assert min(days) <= lived.plan.first + dt.timedelta(days=14)
    assert max(days) == clock.day(UNTIL)
    assert len({(day.year, day.month) for day in days}) >= 12


def test_the_year_has_its_seasons(lived):
    """Before and during Tết little is filed, after it much; pupils change schools in summer."""
    days = Counter(clock.day(at) for at in Dossier.objects.values_list("submitted_at", flat=True))

    def a_day(first: str, last: str) -> float:
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        span = (end - begin).days + 1
        return sum(days[begin + dt.timedelta(days=one)] for one in range(span)) / span

    tet, after, calm = (
        a_day("2026-02-16", "2026-02-20"), a_day("2026-02-23", "2026-03-10"),
        a_day("2026-04-06", "2026-04-24"),
    )  # fmt: skip
    assert tet < calm / 3
    assert after > calm
    schools = Dossier.objects.filter(case__version__procedure__code=SCHOOL)
    months = Counter(clock.day(at).month for at in schools.values_list("submitted_at", flat=True))
    assert months[7] + months[8] > sum(months.values()) / 3
    weekdays = Counter[bool]()
    for day, count in days.items():
        weekdays[day.weekday() >= 5] += count
    assert 0 < weekdays[True] < COUNT * 0.15


def test_how_often_each_procedure_is_asked_for_is_as_the_data_say(lived):
    names = Dossier.objects.values_list("case__version__procedure__code", flat=True)
    found = Counter(names)
    weights = {code: one["weight"] for code, one in told().procedures.items()}
    assert set(found) == set(weights)
    for code in SHOWN:
        share = weights[code] / sum(weights.values())
        assert abs(found[code] / COUNT - share) < share / 2


def test_some_are_late_and_in_some_units_more_than_in_others(lived):
    """Trễ hạn: vài phần trăm cả tỉnh, nhiều hơn ở một số nơi; không nơi nào trễ hết."""
    ended = rows_of(
        "SELECT received_unit_id, issued_at > expected_at FROM public_services_dossier"
        " WHERE issued_at IS NOT NULL AND expected_at IS NOT NULL"
    )
    late = Counter(unit for unit, is_late in ended if is_late)
    whole = Counter(unit for unit, _late in ended)
    share = late.total() / len(ended)
    assert 0.01 < share < 0.15
    worst = max(late[unit] / count for unit, count in whole.items() if count >= 10)
    assert worst > 2 * share
    assert len({*whole} - {*late}) > len(whole) / 4


def test_open_ones_are_late_too_and_their_tasks_say_so(lived):
    [[late]] = rows_of(
        "SELECT count(*) FROM workflow_task WHERE record_due_at < %s AND NOT is_paused", UNTIL
    )
    [[waiting]] = rows_of("SELECT count(*) FROM workflow_task")
    assert 0 < late < waiting / 2


def test_every_way_of_ending_is_there(lived):
    states = Counter(Dossier.objects.values_list("state", flat=True))
    assert states["handed_over"] > COUNT / 2
    assert {"refused", "withdrawn", "supplement", "issued", "processing", "submitted"} <= set(
        states
    ), states
    channels = Counter(Dossier.objects.values_list("channel", flat=True))
    assert set(channels) == {"public_services.portal", "public_services.counter"}
    assert min(channels.values()) > COUNT / 5


def test_enterprises_own_what_they_file_and_their_representative_files(lived):
    """Bộ luật Dân sự 91/2015/QH13, Điều 137: người đại diện theo pháp luật nộp cho doanh nghiệp."""
    permits = Dossier.objects.filter(case__version__procedure__code=WORK_PERMIT)
    assert permits.count() > COUNT / 100
    owners = Party.objects.filter(role="owner", dossier__in=permits)
    filed = Party.objects.filter(role="submitter", dossier__in=permits)
    firms = dict(owners.values_list("dossier", "enterprise"))
    assert set(firms) == set(permits.values_list("id", flat=True))
    directors = dict(
        identity.Representation.objects.exclude(enterprise=None).values_list(
            "enterprise", "representative"
        )
    )
    by_staff = filed.filter(authority=WRITTEN)
    assert 0 < by_staff.count() < filed.count() / 2
    assert not set(by_staff.values_list("person", flat=True)) & set(directors.values())
    assert dict(filed.exclude(authority=WRITTEN).values_list("dossier", "person")) == {
        dossier: directors[firm]
        for dossier, firm in firms.items()
        if dossier not in set(by_staff.values_list("dossier", flat=True))
    }
    asked = DossierPaper.objects.filter(dossier__in=permits, code="uy_quyen_to_chuc")
    assert set(asked.values_list("dossier", flat=True)) <= set(
        by_staff.values_list("dossier", flat=True)
    )


def test_some_let_others_file_for_them(lived):
    """Elders and whoever builds or sells land, more than those who marry; with an authority."""
    persons = Party.objects.filter(role="submitter", dossier__parties__role="owner").filter(
        dossier__parties__person__isnull=False, dossier__parties__enterprise=None
    )
    of_persons = Dossier.objects.exclude(parties__enterprise__isnull=False)
    helped = of_persons.filter(parties__role="submitter")
    assert persons.exists()
    share = {
        code: helped.filter(case__version__procedure__code=code).count()
        / of_persons.filter(case__version__procedure__code=code).count()
        for code in (PENSION, MARITAL)
    }
    assert 0.15 < share[PENSION] < 0.45
    assert share[MARITAL] < 0.1
    acting = set(
        identity.Representation.objects.filter(kind="authorised").values_list(
            "representative", "person"
        )
    )
    for dossier in helped.prefetch_related("parties"):
        by_role = {party.role: party.person_id for party in dossier.parties.all()}
        assert (by_role["submitter"], by_role["owner"]) in acting
    online = helped.filter(channel="public_services.portal")
    filed = rows_of(
        "SELECT DISTINCT acting_for = party.person_id FROM audit_entry a"
        " JOIN public_services_party party"
        " ON party.dossier_id = a.subject_id AND party.role = 'owner'"
        " WHERE a.action = 'public_services.dossier.submit' AND a.subject_id = ANY(%s)",
        list(online.values_list("id", flat=True)),
    )
    assert filed == [(True,)]

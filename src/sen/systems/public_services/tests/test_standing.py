"""How the work of units stands, as lived dossiers have it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.systems.public_services import public
from sen.systems.public_services.public import Flow, Kind, Standing
from sen.systems.public_services.tests import factories as f

MONTH = f.ON.replace(day=1)
NEXT_WEEK = f.MORNING + dt.timedelta(days=7)


def standing(province, now=f.MORNING) -> Standing | None:
    return public.standing([province.ward], now=now).get(province.ward)


def test_a_dossier_waits_runs_pauses_and_is_late(province):
    assert standing(province) is None

    dossier = f.submitted(province)
    assert standing(province) == Standing(unit=province.ward, waiting=1, open=1)

    dossier = f.received(province)
    told = standing(province, f.later(10))
    assert told == Standing(unit=province.ward, waiting=1, open=2, today=1, week=1)
    assert standing(province, NEXT_WEEK) == Standing(
        unit=province.ward, waiting=1, open=2, late=1, late_since=dossier.due_at
    )

    paused = f.ask(province, f.assigned(province))
    told = standing(province, NEXT_WEEK)
    assert (told.paused, told.late, told.open) == (1, 1, 3)
    [line] = public.open_dossiers([province.ward], kind=Kind.PAUSED, now=NEXT_WEEK)
    assert (line.code, line.is_paused) == (paused.code, True)


def test_what_is_issued_is_settled_and_no_longer_open(province):
    dossier = f.issued(province)
    f.received(province)

    assert public.flows([province.ward], first=MONTH, last=f.ON) == [
        Flow(unit=province.ward, month=MONTH, received=2, settled=1, late=0)
    ]
    assert standing(province, f.later(600)).open == 1
    dossier.expected_at = dossier.issued_at - dt.timedelta(seconds=1)
    dossier.save(update_fields=["expected_at"])
    assert public.flows([province.ward], first=MONTH, last=f.ON)[0].late == 1


def test_months_are_those_of_the_law_s_zone(province):
    """Half past midnight of 1 November is still October in Greenwich."""
    dossier = f.received(province)
    at = clock.moment(dt.date(2026, 11, 1), dt.time(0, 30))
    for moment, month in (
        (at, dt.date(2026, 11, 1)),
        (at - dt.timedelta(hours=1), dt.date(2026, 10, 1)),
    ):
        dossier.received_at = moment
        dossier.save(update_fields=["received_at"])
        found = public.flows([province.ward], first=dt.date(2025, 12, 1), last=f.ON)
        assert [one.month for one in found] == [month]


def test_open_work_lies_at_its_step_with_whom_it_was_given_to(province):
    f.submitted(province)
    f.assigned(province)

    told = {
        (one.act, one.at, one.assignee): (one.late, one.open)
        for one in public.held([province.ward], now=NEXT_WEEK)
    }

    assert told == {
        ("public_services.receive", province.centre, None): (0, 1),
        ("public_services.propose", province.ward, province.hotich.account): (1, 1),
    }


def test_a_line_says_what_and_where_and_nothing_of_the_parties(province):
    dossier = f.assigned(province)

    [line] = public.open_dossiers([province.ward], kind=Kind.LATE, now=NEXT_WEEK)

    assert (line.code, line.end, line.unit, line.received, line.act) == (
        dossier.code,
        dossier.due_at,
        province.ward,
        province.centre,
        "public_services.propose",
    )
    assert line.procedure["vi"] == "Đăng ký khai sinh"
    assert public.open_dossiers([province.far_centre], kind=Kind.OPEN, now=NEXT_WEEK) == []


def test_who_reads_for_a_unit_may_open_its_dossiers(province):
    assert province.ward in public.reading_units(province.chutich)
    assert province.ward not in public.reading_units(province.far_chutich)
    assert public.reading_units(province.father) == frozenset()


@pytest.mark.parametrize(
    "read",
    [
        lambda units: public.standing(units, now=NEXT_WEEK),
        lambda units: public.flows(units, first=MONTH, last=f.ON),
        lambda units: public.held(units, now=NEXT_WEEK),
        lambda units: public.open_dossiers(units, kind=Kind.OPEN, now=NEXT_WEEK),
    ],
)
def test_each_read_is_one_statement_for_one_dossier_and_for_three(province, read):
    costs = []
    for _turn in range(2):
        f.received(province)
        with CaptureQueriesContext(connection) as asked:
            read([province.ward, province.centre])
        costs.append(len(asked))
        f.received(province)

    assert costs == [1, 1]


def test_a_day_is_read_by_its_moments_and_not_through_all_that_its_units_ever_had(province):
    f.issued(province)
    with CaptureQueriesContext(connection) as asked:
        public.flows([province.ward], first=f.ON, last=f.ON)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "dossier_by_reception" in plan
    assert "dossier_by_issue" in plan
    assert "dossier_by_competent" not in plan

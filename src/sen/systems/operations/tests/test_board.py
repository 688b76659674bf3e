"""What a leader looks after, how it stands, and who holds what is late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import ANONYMOUS, SYSTEM
from sen.base.errors import NotAllowed, NotFound, SignInNeeded
from sen.kernel.calendar import public as calendar
from sen.kernel.figures import public as figures
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.operations.choices import Term
from sen.systems.operations.data import Holder, Month, Sum
from sen.systems.operations.queries import board as reads
from sen.systems.operations.queries import scope
from sen.systems.operations.tables import board
from sen.systems.operations.tests import factories as f
from sen.systems.operations.tests.factories import NOW, ON
from sen.systems.public_services import public as services

WARD, FAR, OFFICE = "H41.9.11", "H41.9.12", "H41.9.2"
Kind = services.Kind


def test_a_provincial_leader_looks_after_every_commune_and_agency(province):
    seen = scope.scope(province.chair, on=ON)

    assert {one.code for one in seen.places} == {"H41", "H41.9.1", OFFICE, WARD, FAR}
    assert len(seen.seen) == organisations.units(on=ON).count()
    assert seen.seen[f.unit("H41.9.11.2")].code == WARD
    assert seen.seen[f.unit("H41")].code == "H41"


def test_a_leader_of_a_commune_looks_after_it_and_its_parts(province):
    [own] = scope.scope(province.commune_chair, on=ON).places

    assert (own.code, own.area, set(own.members)) == (
        WARD,
        "16690",
        set(organisations.below(f.unit(WARD), ON)),
    )


@pytest.mark.parametrize(
    ("who", "failure"), [("clerk", NotAllowed), (None, SignInNeeded)], ids=["clerk", "visitor"]
)
def test_the_board_is_for_whoever_has_the_right(province, who, failure):
    actor = getattr(province, who) if who else ANONYMOUS

    with pytest.raises(failure):
        reads.board(actor, term=Term.YEAR, now=NOW)
    with pytest.raises(failure):
        reads.place_board(actor, WARD, term=Term.YEAR, now=NOW)


def test_a_place_of_others_is_not_there(province):
    with pytest.raises(NotFound):
        scope.place(province.commune_chair, FAR, on=ON)
    with pytest.raises(NotFound):
        scope.place(province.chair, "H41.9.11.2", on=ON)  # a part is no line


def test_the_work_of_a_unit_that_was_merged_goes_with_its_successor(province):
    f.settled(FAR, at=f.days(-3))
    f.late(FAR)
    organisations.merge_units(
        SYSTEM, old=[f.unit(FAR)], new=f.unit(WARD), decision="NQ 9", on=ON, at=NOW
    )

    [line] = [
        one
        for one in reads.board(province.chair, term=Term.YEAR, now=NOW).lines
        if one.place.code == WARD
    ]

    assert (line.sum.late, line.sum.settled) == (1, 1)


def test_the_board_counts_each_sort_once(province):
    f.late(WARD, by=2)
    f.late(WARD, by=9)
    f.late(WARD, by=3, state="supplement")
    f.waits(f.dossier(WARD, due_at=f.days(0.2)), "process")
    f.waits(f.dossier(WARD, due_at=f.days(1.5)), "process")
    f.waits(f.dossier(WARD, due_at=f.days(30), expected_at=f.days(31)), "sign")
    f.waits(f.dossier(WARD, state="submitted", received_at=None, due_at=None), "receive")
    f.dossier(WARD, state="withdrawn", ended_at=f.days(-1))
    f.settled(WARD, at=f.days(-1))
    f.settled(WARD, at=f.days(-2), is_late=True)
    f.settled(WARD, at=f.days(-60))
    f.settled(OFFICE, at=f.days(-400))
    f.late(FAR, by=1)

    board = reads.board(province.chair, term=Term.MONTH, now=NOW)

    ward, far = board.lines[:2]
    assert (ward.name, far.place.code) == ("UBND phường Trường Vinh", FAR)
    assert ward.sum == Sum(
        late=2, today=1, week=2, waiting=1, paused=1, open=7, received=9, settled=2,
        settled_late=1, share=50.0, late_since=f.days(-9),
    )  # fmt: skip
    assert board.total == Sum(
        late=3, today=1, week=2, waiting=1, paused=1, open=8, received=10, settled=2,
        settled_late=1, share=50.0, late_since=f.days(-9),
    )  # fmt: skip
    assert board.months[-3:] == [
        Month(first=dt.date(2026, 9, 1), received=1, settled=1, late=0),
        Month(first=dt.date(2026, 10, 1), received=0, settled=0, late=0),
        Month(first=dt.date(2026, 11, 1), received=10, settled=2, late=1),
    ]
    assert [line.place.code for line, _load in board.worst] == [WARD, FAR]


def test_the_figures_of_the_registry_are_those_of_the_board(province):
    f.settled(WARD, at=f.days(-1))
    f.settled(WARD, at=f.days(-2), is_late=True)
    f.settled(WARD, at=f.days(-2), is_late=True)
    period = figures.Period(dt.date(2026, 11, 1), ON)
    units = [f.unit(WARD), f.unit(FAR)]

    told = {
        one.code: [*figures.count(one.code, period=period, units=units).values()]
        for one in services.FIGURES
    }

    assert told == {
        "public_services.dossiers_received": [3, 0],
        "public_services.dossiers_settled": [3, 0],
        "public_services.dossiers_settled_late": [2, 0],
        "public_services.dossiers_on_time_pct": [100 / 3, 0],
    }
    assert all(one.counted and one.source for one in services.FIGURES)


def test_what_is_late_lies_with_a_position_or_a_person(province):
    specialist = identity.account_named("hotich.truongvinh").pk
    f.waits(f.dossier(WARD, due_at=f.days(-4)), "process", assignee=specialist)
    f.late(WARD, step="process")
    f.late(WARD, step="process")
    f.late(WARD, step="sign")
    f.waits(f.dossier(WARD), "receive", at="H41.9.11.1")
    f.dossier(WARD, state="signing", due_at=f.days(-1))
    place = scope.place(province.chair, WARD, on=ON)

    found = [(one.holder, one.late, one.open) for one in reads.loads(place, now=NOW)]

    ward = "UBND phường Trường Vinh"
    office = "Công chức tư pháp – hộ tịch"
    assert found[0] == (
        Holder(step="Thụ lý", place=ward, position=f"{office}, Chánh Văn phòng"), 2, 2,
    )  # fmt: skip
    assert sorted(found[1:4], key=lambda one: one[0].step) == [
        (Holder(step="Ký số", place=ward, position="Phó Chủ tịch, Chủ tịch"), 1, 1),
        (
            Holder(step="Thụ lý", place=ward, position=office, person="Đặng Thị Hộ Tịch"), 1, 1,
        ),
        (Holder(step="Đang ký số, phát hành", place="", position="Hệ thống"), 1, 1),
    ]  # fmt: skip
    assert found[4][0].position == "Công chức tiếp nhận hồ sơ"


def test_a_step_that_nobody_may_take_and_a_person_who_left_are_told(province):
    left = identity.account_named("vanthu.daidong").pk
    f.waits(f.dossier(FAR, due_at=f.days(-3)), "process", assignee=left)
    f.late("H41", step="process")
    identity.Employment.objects.filter(account=left).delete()

    board = reads.board(province.chair, term=Term.YEAR, now=NOW)

    holders = {line.place.code: load.holder for line, load in board.worst if load}
    assert (holders[FAR].position, holders[FAR].person) == (
        "Không còn giữ vị trí",
        "Ngô Thị Văn Thư",
    )
    assert holders["H41"].position == "Chưa có ai giữ quyền"


def test_open_dossiers_come_page_by_page_the_earliest_day_first(province):
    made = [f.late(WARD, by=number) for number in (1, 3, 2)]
    waiting = [
        f.waits(f.dossier(WARD, state="submitted", received_at=None, due_at=None), "receive")
        for _turn in range(2)
    ]
    units = scope.place(province.chair, WARD, on=ON).members
    seen, after = [], None
    while True:
        page = reads.dossiers(province.chair, units, kind=Kind.OPEN, now=NOW, after=after, limit=2)
        seen += [one.told.code for one in page]
        if not page:
            break
        after = reads.read_cursor(reads.cursor(page[-1]))

    assert seen == [one.code for one in (made[1], made[2], made[0], *waiting)]


def test_who_may_open_a_dossier_is_told(province):
    f.late(WARD)
    units = scope.place(province.chair, WARD, on=ON).members

    told = [
        reads.dossiers(who, units, kind=Kind.LATE, now=NOW, limit=9)[0].may_open
        for who in (province.chair, province.commune_chair)
    ]

    assert told == [False, True]


def cost(act) -> int:
    legal.begin_request()
    act()  # the tree and the names are remembered from here on
    with CaptureQueriesContext(connection) as asked:
        act()
    legal.end_request()
    return len(asked)


def test_a_board_of_all_units_costs_what_a_board_of_one_does(province):
    f.late(WARD)
    boards = [
        lambda who=who: reads.board(getattr(province, who), term=Term.YEAR, now=NOW)
        for who in ("chair", "commune_chair")
    ]
    few = [cost(act) for act in boards]
    for step in ("assign", "process", "sign"):
        f.late(FAR, step=step)
        f.settled(OFFICE, at=f.days(-5))

    assert (few, [cost(act) for act in boards]) == ([6, 6], [6, 6])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "now", "said"),
    [
        ("2026-11-20T17:00", "2026-11-22T11:52", "1 phút"),  # Friday evening to Sunday
        ("2026-11-20T17:00", "2026-11-23T09:30", "2 giờ"),
        ("2026-11-19T17:00", "2026-11-22T11:52", "1 ngày"),
    ],
)
def test_only_working_time_is_late(since, now, said):
    calendar.seed_year(SYSTEM, year=2026, at=NOW)
    since, now = (dt.datetime.fromisoformat(one).replace(tzinfo=clock.ZONE) for one in (since, now))

    assert board.longest_of(since, now) == said

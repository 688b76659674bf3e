"""A dossier settled elsewhere, over a real socket: passed on, watched, answered; what goes wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from sen.base.actor import SYSTEM
from sen.base.errors import NotAllowed, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.jobs import public as jobs
from sen.systems.public_services.adapters import residence
from sen.systems.public_services.models import Dossier, Passage, SyncMessage
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import delivery, passing_on, reception
from sen.systems.public_services.services.living import province as year
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.conftest import province
from sen.systems.public_services.tests.living import (
    UNTIL,
    broken,
    lay_down_plan,
    months_are_there,
    rows_of,
)
from sen.systems.public_services.tests.test_budgets import counted
from tests.journeys.residence import standing_in

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("stand_in")]
__all__ = ["months_are_there", "province"]
HAND_OVER = 9
JOBS = {"pass_on": 7, "look": 4, "answer": 9}
"""Statements of each job beside taking and ending it; the test is one transaction."""


@pytest.fixture
def stand_in(settings):
    with standing_in(settings) as serving:
        yield serving


@pytest.fixture
def received(province):
    made = a.filed(province, "permanent_residence", "1.004222")
    return reception.receive_dossier(actor=province.motcua, order=f.order(made), at=f.later(10))


def send(dossier: Dossier, minutes: float = 11) -> None:
    passing_on.pass_on(dossier=dossier.id, at=f.later(minutes))


def look(dossier: Dossier, minutes: float) -> None:
    passing_on.look(dossier=dossier.id, at=f.later(minutes))


def passage(dossier: Dossier) -> Passage:
    return Passage.objects.get(dossier=dossier)


def messages(dossier: Dossier) -> list[tuple[str, str]]:
    found = SyncMessage.objects.filter(dossier=dossier).order_by("id")
    return [(one.kind, one.outcome) for one in found]


def states(dossier: Dossier) -> tuple[str, int, str, str]:
    held = f.fresh(dossier)
    return held.state, held.national_state, held.sync_state, held.delivery_state


def test_it_is_received_passed_on_watched_and_answered(province, received, stand_in):
    assert states(received) == ("passed_on", 4, "waiting", "not_ready")
    assert jobs.pending(passing_on.SEND)

    send(received)
    assert states(received) == ("passed_on", 4, "done", "not_ready")
    [code] = stand_in.codes()
    assert passage(received).foreign_code == code

    assert passing_on.order_looks(at=f.later(11)) == 0
    assert passing_on.order_looks(at=f.later(13)) == 1
    assert passing_on.order_looks(at=f.later(13)) == 0
    look(received, 13)
    stand_in.decide(code, "dang_xu_ly")
    look(received, 14)
    assert passage(received).foreign_state == "Đang xử lý"
    stand_in.decide(code, "dong_y")
    look(received, 15)

    assert states(received) == ("issued", 9, "done", "ready")
    answered = passage(received)
    assert (answered.outcome, answered.number, answered.next_look_at) == (
        "granted", "11/TB-CT08", None,
    )  # fmt: skip
    assert messages(received) == [
        ("submit", "taken"), ("status", "changed"), ("status", "answered"),
    ]  # fmt: skip
    assert f.told(received)[-2:] == [
        "public_services.dossier.passed_on", "public_services.dossier.answered_elsewhere",
    ]  # fmt: skip
    owner = f.citizen("040050000101")
    delivery.take_result(actor=owner, order=f.order(received), at=f.later(20))
    assert f.fresh(received).state == "handed_over"


def test_an_invented_passage_leaves_the_rows_of_a_lived_one(province, received, stand_in):
    """The invented year passes on as the job does, and an older code is known to the stand-in."""
    send(received)
    [code] = stand_in.codes()
    stand_in.decide(code, "dang_xu_ly")
    look(received, 14)
    stand_in.decide(code, "dong_y")
    look(received, 15)
    delivery.hand_over(
        actor=province.motcua, order=f.order(received), method="counter", receiver="Người nhận",
        evidence="Phiếu nhận", at=f.later(20),
    )  # fmt: skip
    lived = f.fresh(received)
    lay_down_plan(year.Plan(count=40, until=UNTIL, days=40, procedures=frozenset({"1.004222"})))
    access.enter(SYSTEM)
    invented = Dossier.objects.exclude(id=lived.id)
    alike = invented.filter(state=lived.state, version=lived.version, channel=lived.channel)
    assert any(rows_of(one) == rows_of(lived) for one in alike), [
        (rows_of(lived) - rows_of(one), rows_of(one) - rows_of(lived)) for one in alike
    ]
    assert broken() == {}

    watched = Passage.objects.filter(dossier__in=invented, answered_at=None).first()
    assert watched is not None
    look(watched.dossier, 60 * 24)
    assert passage(watched.dossier).failure == ""
    stand_in.decide(watched.foreign_code, "tu_choi")
    look(watched.dossier, 60 * 25)
    assert f.fresh(watched.dossier).state == "refused"
    assert broken() == {}


def test_a_refusal_there_ends_it_here_with_reason_and_ground(received, stand_in):
    send(received)
    stand_in.decide(stand_in.codes()[0], "tu_choi")
    look(received, 15)
    assert states(received) == ("refused", 8, "done", "not_ready")
    closing = f.fresh(received).closing
    assert closing.reason == "Chưa đủ điều kiện đăng ký thường trú tại chỗ ở này"
    assert closing.ground == "Luật Cư trú 68/2020/QH14, Điều 20"


def test_the_answer_that_did_not_come_in_time_is_asked_for_under_the_same_key(received, stand_in):
    """Taken there, lost on the way back; or killed before our own record: once all the same."""
    stand_in.break_down("lost")
    with pytest.raises(residence.Unreachable):
        send(received)
    assert states(received)[2] == "failed"
    stand_in.break_down("")
    send(received, 12)
    send(received, 13)
    assert len(stand_in.codes()) == 1
    assert states(received)[2] == "done"
    assert messages(received) == [("submit", "failed"), ("submit", "taken")]


@pytest.mark.parametrize("fault", ["down", "slow"])
def test_while_it_is_away_nothing_is_lost(received, stand_in, fault, monkeypatch):
    monkeypatch.setattr(residence, "TIMEOUT_SECONDS", 0.2)
    stand_in._slow_seconds = 1
    stand_in.break_down(fault)
    with pytest.raises(residence.Unreachable):
        send(received)
    assert (states(received)[2], bool(passage(received).failure)) == ("failed", True)
    stand_in.break_down("")
    send(received, 60)
    assert (states(received)[2], passage(received).failure) == ("done", "")
    stand_in.break_down(fault)
    look(received, 70)
    look(received, 71)
    assert messages(received)[-1] == ("status", "failed")
    assert len(messages(received)) == 3
    stand_in.break_down("")
    stand_in.decide(stand_in.codes()[0], "dong_y")
    look(received, 72)
    assert states(received)[0] == "issued"


def test_what_is_refused_there_waits_for_an_official_who_sends_it_again(
    province, received, stand_in
):
    stand_in.break_down("refuses")
    send(received)
    assert states(received)[2] == "failed"
    shown = whole.whole(province.motcua, received.code, now=f.later(20))
    assert "follow_up" in shown.acts
    assert shown.passage.failure == "Địa chỉ đăng ký không thuộc địa bàn quản lý"
    assert [one.outcome for one in shown.sync_messages] == ["refused"]
    [paper] = shown.sync_messages[0].content["papers"]
    assert (paper["ma"], len(paper["tep"])) == ("hop_dong_o_nho", 1)
    stand_in.break_down("")
    before = jobs.pending(passing_on.SEND)
    passing_on.follow_up(actor=province.motcua, order=f.order(received), at=f.later(30))
    assert states(received)[2] == "waiting"
    assert jobs.pending(passing_on.SEND) == before + 1
    send(received, 31)
    assert states(received)[2] == "done"
    passing_on.follow_up(actor=province.motcua, order=f.order(received), at=f.later(32))
    assert jobs.pending(passing_on.LOOK)
    assert f.trail(received)[-2:] == [
        "public_services.dossier.pass_on", "public_services.dossier.follow_up",
    ]  # fmt: skip


def test_answered_twice_the_first_answer_stands(received, stand_in):
    send(received)
    stand_in.decide(stand_in.codes()[0], "dong_y")
    look(received, 15)
    stand_in.break_down("twice")
    for minutes in (16, 17):
        look(received, minutes)
    assert passage(received).number == "11/TB-CT08"
    assert states(received)[0] == "issued"
    repeated = [one for one in messages(received) if one[1] == "repeated"]
    assert len(repeated) == 2


def test_a_wrong_secret_and_a_missing_address_are_said(received, stand_in, settings):
    url, _secret = settings.SETTLED_ELSEWHERE["residence"]
    settings.SETTLED_ELSEWHERE = {"residence": (url, "sai")}
    with pytest.raises(residence.Unreachable, match="401"):
        send(received)
    settings.SETTLED_ELSEWHERE = {"residence": ("", "")}
    with pytest.raises(residence.Unreachable, match="Chưa cấu hình"):
        send(received)
    assert states(received)[2] == "failed"


def test_following_up_needs_its_right_and_its_state(province, received):
    for other in (province.hotich, province.far_motcua):
        with pytest.raises(NotAllowed):
            passing_on.follow_up(actor=other, order=f.order(received), at=f.later(20))
    ordinary = f.received(province)
    with pytest.raises(VersionConflict):
        passing_on.follow_up(actor=province.motcua, order=f.order(ordinary), at=f.later(20))


def test_parties_see_where_it_is_and_not_what_failed(province, received, stand_in):
    stand_in.break_down("refuses")
    send(received)
    owner = f.citizen("040050000101")
    shown = whole.whole(owner, received.code, now=f.later(20))
    assert (shown.sync_messages, shown.acts, shown.sees_working_papers) == ([], [], False)


def test_the_stage_elsewhere_has_the_date_of_the_law(received, stand_in):
    [(key, day, where)] = a.stages(received)
    assert (key, day, where) == ("elsewhere", "02/12", "running")
    assert f.fresh(received).due_at.astimezone(f.MORNING.tzinfo).date() == dt.date(2026, 12, 2)


def test_what_was_answered_elsewhere_is_handed_over_within_its_budget(province, received, stand_in):
    """The other acts of a procedure settled elsewhere: `test_budgets_of_all`."""
    send(received)
    [code] = stand_in.codes()
    stand_in.decide(code, "dong_y")
    look(received, 13)
    order, seen = f.order(received), []
    with counted(seen):
        delivery.hand_over(
            actor=province.motcua, order=order, method="counter", receiver="Người nhận",
            evidence="Phiếu nhận", at=f.later(30),
        )  # fmt: skip
    assert seen[0] <= HAND_OVER


def test_the_jobs_of_a_passage_stay_within_their_budget(province, received, stand_in):
    """What the worker asks and writes, from sending to the answer; a life went before."""
    send(received)
    made = a.filed(province, "permanent_residence", "1.004222")
    order = f.order(made)
    reception.receive_dossier(actor=province.motcua, order=order, at=f.later(10))
    seen: list[int] = []

    def spent(job) -> None:
        with counted(seen):
            job()
            connection.run_gathered()

    spent(lambda: send(made))
    spent(lambda: look(made, 13))
    stand_in.decide(passage(made).foreign_code, "dong_y")
    spent(lambda: look(made, 15))
    assert dict(zip(JOBS, seen, strict=True)) == JOBS

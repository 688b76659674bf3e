"""What is late is the same everywhere: the leader's number, its list, the desk, the dossier."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest

from sen.base import clock
from sen.kernel.workflow import public as workflow
from sen.systems.operations.choices import Term
from sen.systems.operations.queries import board as boards
from sen.systems.public_services import public as services
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import records
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from tests.journeys.programs import of

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("province")]

NOW = dt.datetime(2026, 11, 25, 9, 0, tzinfo=clock.ZONE)
DESK = ("motcua", "chanhvanphong", "hotich", "chutich", "vanthu")


@pytest.fixture
def lives(province) -> SimpleNamespace:  # noqa: F811
    """A dossier at each point at which a clock may run, stand or have ended; all days are past."""
    answered_late = f.issued(province)
    Dossier.objects.filter(id=answered_late.id).update(due_at=f.later(15), expected_at=f.later(15))
    paused = f.ask(province, f.assigned(province))
    return SimpleNamespace(
        unreceived=f.submitted(province),
        at_work=f.assigned(province),
        to_sign=f.checked(province),
        paused=paused,
        answered=f.issued(province),
        answered_late=answered_late,
        ended=f.handed_over(province),
    )


@pytest.fixture
def later(lives, monkeypatch) -> SimpleNamespace:
    monkeypatch.setenv("SEN_CLOCK", NOW.isoformat())
    return lives


def codes(*dossiers: Dossier) -> set[str]:
    return {one.code for one in dossiers}


def test_the_headline_the_list_and_the_desk_tell_the_same(province, later):  # noqa: F811
    leader = province.chutich
    board = boards.board(leader, term=Term.MONTH, now=NOW)
    listed = boards.dossiers(leader, [province.ward], kind=services.Kind.LATE, now=NOW, limit=50)
    desk = {
        task.code
        for name in DESK
        for task in workflow.open_tasks(
            getattr(province, name), state=workflow.TaskState.LATE, at=NOW
        ).rows
        if task.record_due_at
    }
    pages = {
        one.code
        for one in vars(later).values()
        if records.clock_of(f.fresh(one), NOW).state == "late"
    }

    late = codes(later.at_work, later.to_sign)
    assert (board.total.late, {one.told.code for one in listed}, desk, pages) == (
        2, late, late, late,
    )  # fmt: skip
    assert sum(one.late for one in services.held([province.ward], now=NOW)) == 2


def test_what_is_not_received_is_late_at_its_step_and_waits_for_the_leader(province, later):  # noqa: F811
    board = boards.board(province.chutich, term=Term.MONTH, now=NOW)
    [task] = workflow.record_tasks(later.unreceived.id)

    assert (board.total.waiting, task.record_due_at, task.due_at < NOW) == (1, None, True)


def test_the_desk_says_since_when_a_result_waits_for_its_people(province, later):  # noqa: F811
    rows = {
        row["code"]: row for row in of("motcua", "tasks:read").ask("GET", "/tasks").json()["items"]
    }
    waiting = {code: rows[code] for code in codes(later.answered, later.answered_late)}

    assert {
        (row["clock_state"], row["minutes"], row["due_at"], row["waits"])
        for row in waiting.values()
    } == {("", None, None, "Chờ người dân nhận từ 20/11/2026")}
    assert {rows[later.unreceived.code]["waits"]} == {""}
    page = text(browser(province.motcua).get("/viec/?viec=public_services.hand_over"))
    assert page.count("Chờ người dân nhận từ 20/11/2026") == 2
    assert re.search(r"Trễ \d", page) is None
    assert later.answered.code not in text(browser(province.motcua).get("/viec/?tinh-trang=late"))


def test_the_dossier_says_to_both_sides_that_its_time_is_over(province, later):  # noqa: F811
    for who in (province.motcua, province.father):
        on_time = text(browser(who).get(f"/ho-so/{later.answered.code}/"))
        late = text(browser(who).get(f"/ho-so/{later.answered_late.code}/"))
        assert ("Đã xong" in on_time, "trễ hạn" in on_time.lower()) == (True, False)
        assert ("Đã xong, trễ hạn" in late, bool(re.search(r"Trễ \d", late))) == (True, False)
    desk = text(browser(province.motcua).get(f"/ho-so/{later.answered.code}/"))
    assert "Chờ người dân nhận từ 20/11/2026" in desk


def test_figures_count_the_answer_and_not_the_fetching(province, later):  # noqa: F811
    flows = services.flows([province.ward], first=dt.date(2026, 11, 1), last=NOW.date())

    assert [(one.received, one.settled, one.late) for one in flows] == [(6, 3, 1)]

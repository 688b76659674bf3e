"""How many statements each act may cost; transaction control and what jobs do are counted apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.kernel.legal import public as legal
from sen.systems.public_services.data import PaperInput
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.services import deciding, delivery, processing, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
SUBMIT, LIFE = 8, 160
PAGE = 10
"""Of a dossier's page, for its parties and for officials: the frame and the session are in it."""


@contextmanager
def counted(seen: list[int]) -> Iterator[None]:
    """Add the number of statements of one request."""
    legal.begin_request()
    try:
        with CaptureQueriesContext(connection) as asked:
            yield
    finally:
        legal.end_request()
    plain = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(CONTROL)]
    seen.append(len(plain))


def warmed(cast: SimpleNamespace) -> None:
    """Let the process remember what it remembers: one life went before."""
    f.handed_over(cast)


def receive(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.submitted(cast))
    return lambda: reception.receive_dossier(actor=cast.motcua, order=order, at=f.later(10))


def assign(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order, to = f.order(f.received(cast)), cast.hotich.account
    return lambda: processing.assign_dossier(
        actor=cast.chanhvanphong, order=order, to=to, at=f.later(20)
    )


def ask(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.assigned(cast))
    return lambda: processing.request_supplement(
        actor=cast.hotich, order=order, items=[f.ITEM], at=f.later(30)
    )


def answer(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.ask(cast, f.assigned(cast)))
    given = [PaperInput(code="giay_chung_sinh", files=(f.file(cast.father),))]
    return lambda: processing.answer_supplement(
        actor=cast.father, order=order, given=given, at=f.later(35)
    )


def propose(cast: SimpleNamespace) -> Callable[[], Dossier]:
    dossier = f.assigned(cast)
    return lambda: f.propose(cast, dossier)


def check(cast: SimpleNamespace) -> Callable[[], Dossier]:
    dossier = f.proposed(cast)
    return lambda: f.check(cast, dossier)


def sign(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.checked(cast))
    return lambda: deciding.sign_result(actor=cast.chutich, order=order, at=f.later(60))


def issue(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.signed(cast))
    return lambda: deciding.issue_result(actor=cast.vanthu, order=order, at=f.later(70))


def hand_over(cast: SimpleNamespace) -> Callable[[], Dossier]:
    order = f.order(f.issued(cast))
    return lambda: delivery.hand_over(
        actor=cast.motcua,
        order=order,
        method="counter",
        receiver="Nguyễn Văn Thử",
        evidence="Căn cước đã đối chiếu",
        at=f.later(80),
    )


STEPS = {
    receive: 7, assign: 8, ask: 8, answer: 8, propose: 10, check: 8, sign: 11, issue: 16,
    hand_over: 6,
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "most"), STEPS.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_a_step_stays_within_its_budget(province, step, most):
    warmed(province)
    act = step(province)
    seen: list[int] = []
    with counted(seen):
        act()
    assert seen[0] <= most


def test_filing_stays_within_its_budget(province):
    warmed(province)
    given = f.a_filing(province.father)
    seen: list[int] = []
    with counted(seen):
        submission.submit_dossier(actor=province.father, filing=given, at=f.MORNING)
    assert seen[0] <= SUBMIT


def test_a_whole_life_stays_within_its_budget(province):
    """Filed to handed over, with a supplement; jobs and the test's own looks are in it."""
    warmed(province)
    seen: list[int] = []
    with counted(seen):
        dossier = f.assigned(province)
        f.settle()
        f.ask(province, dossier)
        f.settle()
        given = [PaperInput(code="giay_chung_sinh", files=(f.file(province.father),))]
        processing.answer_supplement(
            actor=province.father, order=f.order(dossier), given=given, at=f.later(35)
        )
        f.check(province, f.propose(province, dossier))
        deciding.sign_result(actor=province.chutich, order=f.order(dossier), at=f.later(60))
        f.settle()
        deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))
        f.settle()
        delivery.take_result(actor=province.father, order=f.order(dossier), at=f.later(80))
    assert seen[0] <= LIFE


@pytest.mark.parametrize(
    ("reached", "who"),
    [
        (f.submitted, "motcua"),
        (f.received, "chanhvanphong"),
        (f.assigned, "hotich"),
        (f.proposed, "chanhvanphong"),
        (f.checked, "chutich"),
        (f.signed, "vanthu"),
        (f.handed_over, "motcua"),
        (f.submitted, "father"),
        (f.assigned, "father"),
        (f.issued, "father"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_dossiers_page_stays_within_its_budget(province, reached, who):
    dossier = reached(province)
    client = browser(getattr(province, who))
    address = f"/ho-so/{dossier.code}/"
    first = client.get(address)
    assert first.status_code == HTTPStatus.OK
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    plain = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(CONTROL)]
    assert len(plain) <= PAGE, plain

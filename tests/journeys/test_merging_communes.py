"""Two communes merge by the page of administration while dossiers stand in every state.

One merger for all tests: Trường Vinh ends in Đại Đồng. Then each dossier goes on to its end there,
by the officials of Đại Đồng and by those whom the administrator takes over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from sen.base import clock
from sen.base.actor import SYSTEM, Actor, Channel, Strength
from sen.base.errors import NotAllowed
from sen.base.identifiers import to_base32
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Dossier, Stage
from sen.systems.public_services.queries import paperwork, whole
from sen.systems.public_services.services import (
    deciding,
    delivery,
    duties,
    passing_on,
    processing,
    reception,
)
from sen.systems.public_services.services.dossiers import FormerUnit
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import councils
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.living import broken, months_are_there
from sen.systems.public_services.tests.test_merging import NEW as OLD
from sen.systems.public_services.tests.test_merging import OLD as NEW
from sen.systems.public_services.tests.test_merging import words
from tests.journeys.residence import standing_in

pytestmark = pytest.mark.journey
__all__ = ["months_are_there"]

DAY = dt.datetime(2026, 12, 1, 8, 0, tzinfo=clock.ZONE)
"""When the merger takes effect, a working Tuesday morning."""
DECISION = "Nghị quyết thử nghiệm số 9"


def at(minutes: float) -> dt.datetime:
    return DAY + dt.timedelta(minutes=minutes)


def _council(cast: SimpleNamespace, *, is_heard: bool) -> Dossier:
    made = councils.convened(cast)
    return councils.heard(cast, councils.SEVERE, dossier=made) if is_heard else made


def _passed_on(cast: SimpleNamespace) -> Dossier:
    made = a.filed(cast, "permanent_residence", "1.004222")
    reception.receive_dossier(actor=cast.motcua, order=f.order(made), at=f.later(10))
    passing_on.pass_on(dossier=made.id, at=f.later(11))
    return made


STATES: dict[str, Callable[[SimpleNamespace], Dossier]] = {
    "submitted": f.submitted,
    "received": f.received,
    "processing": f.assigned,
    "supplement_at_reception": lambda cast: f.ask(cast, f.submitted(cast), minutes=5),
    "supplement": lambda cast: f.ask(cast, f.assigned(cast)),
    "checking": f.proposed,
    "refusing": lambda cast: f.proposed(cast, refuse=True),
    "signing": f.checked,
    "signed": f.signed,
    "issued": f.issued,
    "ended": f.handed_over,
    "passed_on": _passed_on,
    "council": lambda cast: _council(cast, is_heard=False),
    "council_heard": lambda cast: _council(cast, is_heard=True),
    "duty": lambda cast: a.duty_sent(cast, a.at(23)),
    "duty_stated": lambda cast: a.duty_stated(cast, a.duty_sent(cast, a.at(23)), a.at(26)),
}
"""A dossier in each state in which it can stand, by the verbs."""
LAND, ENDED = {"duty", "duty_stated"}, {"ended"}


def official(username: str, unit: str = "") -> Actor:
    """Sign somebody in on the day of the merger, in their position in a unit."""
    account = identity.account_named(username)
    assert account is not None
    held = identity.employments(account.id, clock.day(DAY))
    places = [one.position_id for one in held if one.position.unit.code.startswith(unit)]
    return identity.actor_for(
        account.id, position_id=places[0], channel=Channel.WEB, strength=Strength.MULTI_FACTOR
    )


def promised(dossier: Dossier) -> tuple[Any, ...]:
    """What was promised: the dates of the dossier, of its run and of each of its stages."""
    held, run = f.fresh(dossier), workflow.run(dossier.id)
    stages = Stage.objects.filter(dossier=dossier).order_by("position")
    return (
        held.due_at, held.expected_at, run.promised_at, run.expected_at, run.counts_from,
        list(stages.values_list("promised_at", "expected_at")),
    )  # fmt: skip


def work(dossier: Dossier) -> list[tuple[str, str, bool]]:
    return sorted((one.step, one.act, one.is_paused) for one in workflow.record_tasks(dossier.id))


def merge_by_page(administrator: Actor) -> tuple[str, str]:
    """Try the merger on its page, then confirm it; return what the two pages say."""
    page, address = browser(administrator), f"/quan-tri/don-vi/{NEW}/sap-nhap/"
    said = {"old": [OLD], "on": f"{DAY:%d/%m/%Y}", "decision": DECISION}
    assert page.get(address).status_code == 200
    tried = page.post(address, said)
    assert (tried.status_code, organisations.unit(OLD, clock.day(DAY)).valid_to) == (200, None)
    done = page.post(address, {**said, "confirmed": "1"})
    assert done.status_code == 303
    return text(tried), text(page.get(done["Location"]))


def take_over(administrator: Actor, cast: SimpleNamespace) -> None:
    """Give the members of the old commune's council the same posts in the new one, by page."""
    page = browser(administrator)
    posts = {
        one.code: one.id
        for one in organisations.positions(on=clock.day(DAY)).filter(unit__code=NEW)
    }
    for name in councils.POSTS.values():
        held = identity.Employment.objects.filter(account=getattr(cast, name).account)
        code = held.values_list("position__code", flat=True)[0]
        address = f"/quan-tri/tai-khoan/{to_base32(getattr(cast, name).account)}/vi-tri/"
        given = page.post(address, {"position": str(posts[code]), "valid_from": f"{DAY:%d/%m/%Y}"})
        assert given.status_code == 303


@pytest.fixture(scope="module")
def merged(seeded) -> Iterator[SimpleNamespace]:
    """Every state, then the merger: what was before it and who goes on."""
    with (
        pytest.MonkeyPatch.context() as patched,
        override_settings(),
        standing_in(settings) as elsewhere,
        transaction.atomic(),
    ):
        organisations.seed_province(clock.now())
        call_command("seed_demo", verbosity=0)
        legal.forget()
        cast = a.land_cast(councils.members_of(f.province()))
        held = {name: make(cast) for name, make in STATES.items()}
        f.settle()
        before = {name: (promised(one), work(one), f.fresh(one)) for name, one in held.items()}
        patched.setenv("SEN_CLOCK", DAY.isoformat())
        administrator = official("quantri")
        tried, done = merge_by_page(administrator)
        f.settle()
        take_over(administrator, cast)
        legal.forget()
        new = organisations.unit(NEW, clock.day(DAY)).id
        yield SimpleNamespace(
            cast=cast,
            held=held,
            before=before,
            tried=tried,
            done=done,
            administrator=administrator,
            elsewhere=elsewhere,
            ward=new,
            centre=cast.far_centre,
            **{
                name: official(f"{name}.daidong")
                for name in ("motcua", "chanhvanphong", "hotich", "chutich", "vanthu")
            },
        )
        transaction.set_rollback(True)


@pytest.fixture
def after(merged) -> Iterator[SimpleNamespace]:
    """The morning after the merger; what a test does is undone."""
    with transaction.atomic():
        yield merged
        transaction.set_rollback(True)


# -- What holds for all of them


def test_the_page_says_first_how_much_open_work_lies_there(merged):
    assert "Kết thúc, do đơn vị khác kế thừa" in merged.tried
    waiting = sum(len(tasks) for name, (_d, tasks, _h) in merged.before.items() if name not in LAND)
    assert str(waiting) in merged.tried


@pytest.mark.parametrize("name", STATES)
def test_dates_and_work_stay_as_they_were(merged, name):
    """Ngày hẹn trả không đổi; mọi bước đang chờ vẫn chờ, ở đơn vị mới."""
    dossier = merged.held[name]
    dates, tasks, then = merged.before[name]
    now = f.fresh(dossier)
    assert (promised(dossier), work(dossier)) == (dates, tasks)
    assert (now.code, now.state, now.version) == (then.code, then.state, then.version)
    if name in ENDED:
        assert (now.received_unit_id, now.competent_unit_id) == (
            then.received_unit_id, then.competent_unit_id,
        )  # fmt: skip
        return
    office = merged.cast.land_office if name in LAND else merged.ward
    assert (now.received_unit_id, now.competent_unit_id) == (merged.centre, office)
    ended = {merged.cast.centre, merged.cast.ward}
    assert ended.isdisjoint(one.unit_id for one in workflow.record_tasks(dossier.id))
    assert ended.isdisjoint(Stage.objects.filter(dossier=dossier).values_list("unit_id", flat=True))


def test_no_open_work_is_left_in_a_unit_that_ended(merged):
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM workflow_task t JOIN organisations_unit u ON u.id = t.unit_id"
            " WHERE u.valid_to < %s",
            [clock.day(DAY)],
        )
        assert cursor.fetchone() == (0,)


def test_every_invariant_holds_after_the_merger(after):
    assert broken() == {}


@pytest.mark.parametrize("name", STATES)
def test_old_codes_and_addresses_lead_to_the_dossier(after, name):
    dossier = f.fresh(after.held[name])
    assert dossier.code == after.before[name][2].code
    desk = browser(after.motcua)
    if name not in ENDED:
        assert dossier.code in text(desk.get(f"/ho-so/{dossier.code}/"))
        assert dossier.code in text(desk.get("/tim/", {"q": dossier.code}))
    followed = browser(after.cast.stranger).get(
        "/" + paperwork.follow_address(dossier).split("/", 3)[3]
    )
    assert (followed.status_code, dossier.code in text(followed)) == (200, True)


def test_the_old_unit_keeps_its_page_which_leads_on(merged):
    page = browser(merged.administrator)
    shown = page.get(f"/quan-tri/don-vi/{OLD}/")
    assert (shown.status_code, shown["Location"]) == (303, f"/quan-tri/don-vi/{NEW}/")
    assert "đây là đơn vị kế thừa" in text(page.get(shown["Location"]))
    assert page.get("/quan-tri/don-vi/H41.9.999999/").status_code == 404


def test_officials_of_the_new_unit_find_everything_in_their_lists(merged):
    """Nobody's work is lost: each open step stands in the list of somebody who may do it."""
    members = [official(f"{name}.truongvinh", NEW) for name in councils.POSTS.values()]
    ours = [merged.motcua, merged.chanhvanphong, merged.hotich, merged.chutich, merged.vanthu]
    listed = {
        row.code for who in (*ours, *members) for row in workflow.open_tasks(who, at=at(1)).rows
    }
    open_here = {one.code for name, one in merged.held.items() if name not in LAND | ENDED}
    assert open_here - listed == set()


# -- Each goes on to its end


def from_assigning(after: SimpleNamespace, dossier: Dossier) -> None:
    processing.assign_dossier(
        actor=after.chanhvanphong, order=f.order(dossier), to=after.hotich.account, at=at(10)
    )
    from_proposing(after, dossier)


def from_proposing(after: SimpleNamespace, dossier: Dossier, **said: Any) -> None:
    processing.propose_result(
        actor=after.hotich, order=f.order(dossier), proposal=processing.Proposal(**said), at=at(20)
    )
    processing.check_proposal(
        actor=after.chanhvanphong, order=f.order(dossier), is_agreed=True, at=at(30)
    )
    deciding.sign_result(actor=after.chutich, order=f.order(dossier), at=at(40))
    f.settle()
    from_issuing(after, dossier)


def from_issuing(after: SimpleNamespace, dossier: Dossier) -> None:
    deciding.issue_result(actor=after.vanthu, order=f.order(dossier), at=at(50))
    f.settle()
    if f.fresh(dossier).state != "refused":
        at_counter(after, dossier)


def at_counter(after: SimpleNamespace, dossier: Dossier) -> None:
    delivery.hand_over(
        actor=after.motcua, order=f.order(dossier), method="counter", receiver="Nguyễn Văn Thử",
        evidence="Căn cước đã đối chiếu", at=at(60),
    )  # fmt: skip


def is_over(dossier: Dossier, state: str = "handed_over") -> None:
    """It ended as it should, every invariant holds, and the answer bears the new unit's name."""
    assert f.fresh(dossier).state == state
    assert broken() == {}


def names_the_new_unit(dossier: Dossier) -> None:
    said = words(f.fresh(dossier).decision.sealed_id)
    assert ("NHÂN DÂN XÃ ĐẠI ĐỒNG" in said, "NHÂN DÂN PHƯỜNG TRƯỜNG VINH" in said) == (True, False)


def test_submitted_is_received_and_settled_by_the_new_unit(after):
    dossier = after.held["submitted"]
    reception.receive_dossier(actor=after.motcua, order=f.order(dossier), at=at(5))
    from_assigning(after, dossier)
    is_over(dossier)
    names_the_new_unit(dossier)


def test_received_is_assigned_and_settled_by_the_new_unit(after):
    from_assigning(after, after.held["received"])
    is_over(after.held["received"])


def test_being_processed_is_given_to_an_official_of_the_new_unit(after):
    from_assigning(after, after.held["processing"])
    is_over(after.held["processing"])


@pytest.mark.parametrize("name", ["supplement_at_reception", "supplement"])
def test_waiting_for_a_supplement_goes_on_when_it_comes(after, name):
    dossier = after.held[name]
    processing.answer_supplement(
        actor=after.cast.father, order=f.order(dossier), given=[], answer="Đã bổ sung", at=at(5)
    )
    if name == "supplement_at_reception":
        reception.receive_dossier(actor=after.motcua, order=f.order(dossier), at=at(6))
    from_assigning(after, dossier)
    is_over(dossier)


@pytest.mark.parametrize(
    ("name", "said", "end"),
    [
        ("checking", {}, "handed_over"),
        (
            "refusing",
            {"kind": "refusal", "reason": "Đã đăng ký", "ground": "Luật Hộ tịch, Điều 12"},
            "refused",
        ),
    ],
)
def test_a_draft_of_the_old_unit_is_not_agreed_to_but_made_anew(after, name, said, end):
    dossier = after.held[name]
    with pytest.raises(FormerUnit):
        processing.check_proposal(
            actor=after.chanhvanphong, order=f.order(dossier), is_agreed=True, at=at(5)
        )
    processing.check_proposal(
        actor=after.chanhvanphong,
        order=f.order(dossier),
        is_agreed=False,
        comment="Lập theo tên đơn vị mới",
        at=at(5),
    )
    from_proposing(after, dossier, **said)
    is_over(dossier, end)
    names_the_new_unit(dossier)


def test_waiting_for_the_signature_is_returned_and_signed_anew_by_the_new_leader(after):
    dossier = after.held["signing"]
    seen = whole.whole(after.chutich, dossier.code, now=at(4))
    assert ("return_for_rework" in seen.acts, "sign" in seen.acts) == (True, False)
    page = text(browser(after.chutich).get(f"/ho-so/{dossier.code}/"))
    assert "dự thảo mang tên đơn vị đã sáp nhập" in page
    with pytest.raises(FormerUnit):
        deciding.sign_result(actor=after.chutich, order=f.order(dossier), at=at(5))
    deciding.return_for_rework(
        actor=after.chutich, order=f.order(dossier), comment="Lập theo tên đơn vị mới", at=at(5)
    )
    from_proposing(after, dossier)
    is_over(dossier)
    names_the_new_unit(dossier)


def test_signed_before_is_numbered_and_sealed_by_the_new_unit(after):
    """What the former leader signed in office stands; the successor issues it."""
    from_issuing(after, after.held["signed"])
    is_over(after.held["signed"])


def test_a_result_that_waits_at_the_counter_is_handed_over_there(after):
    at_counter(after, after.held["issued"])
    is_over(after.held["issued"])


def test_what_ended_before_stays_with_the_unit_that_settled_it(after):
    dossier = after.held["ended"]
    assert browser(after.cast.father).get(f"/ho-so/{dossier.code}/").status_code == 200
    key = f.fresh(dossier).decision.result_key
    assert browser(after.cast.stranger).get(f"/xac-minh/{key}/").status_code == 200


def test_passed_on_elsewhere_is_answered_and_handed_over_by_the_new_centre(after):
    dossier = after.held["passed_on"]
    [code] = after.elsewhere.codes()
    after.elsewhere.decide(code, "dong_y")
    passing_on.look(dossier=dossier.id, at=at(5))
    f.settle()
    assert f.fresh(dossier).delivery_state == "ready"
    at_counter(after, dossier)
    is_over(dossier)


def _opine(after: SimpleNamespace, dossier: Dossier) -> None:
    for name in councils.POSTS.values():
        member = official(f"{name}.truongvinh", NEW)
        councils.council.give_opinion(
            actor=member, order=f.order(dossier), findings=councils.SEVERE, at=at(8)
        )


@pytest.mark.parametrize("name", ["council", "council_heard"])
def test_a_council_concludes_under_the_chair_of_the_new_unit(after, name):
    dossier = after.held[name]
    if name == "council":
        _opine(after, dossier)
    councils.minutes.conclude_council(
        actor=after.chutich, order=f.order(dossier), findings=councils.SEVERE, at=at(9)
    )
    f.settle()
    held = f.fresh(dossier).council
    assert held.chair == after.chutich.account
    assert identity.display_name(after.chutich.account) in councils.said(held.minutes)
    from_proposing(after, dossier)
    is_over(dossier)


def test_a_chair_elsewhere_does_not_take_over_a_council_that_has_its_own(after):
    with pytest.raises(NotAllowed):
        councils.minutes.conclude_council(
            actor=after.cast.land_giamdoc,
            order=f.order(after.held["council_heard"]),
            findings=councils.SEVERE,
            at=at(9),
        )


def test_duty_at_the_tax_office_goes_on_with_its_two_dates(after):
    cast = after.cast
    for name in sorted(LAND):
        dossier = after.held[name]
        if name == "duty":
            a.duty_stated(cast, dossier, at(5))
        duties.confirm_duty(
            actor=cast.land_chuyenvien,
            order=f.order(dossier),
            evidence="Giấy nộp tiền 0000123",
            paid_on=clock.day(DAY),
            at=at(10),
        )
        a.land_decided(cast, dossier)
        delivery.hand_over(
            actor=after.motcua, order=f.order(dossier), method="counter",
            receiver="Người nhận", evidence="Phiếu nhận", at=a.at(4, month=12),
        )  # fmt: skip
        is_over(dossier)

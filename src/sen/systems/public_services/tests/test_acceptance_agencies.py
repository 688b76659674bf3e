"""Acceptance cases of the law's clock and of several agencies, one test each, named after them.

The one that is not here, a result without a request that somebody refuses ("level 4"), has no
procedure yet. Two communes that merge: `tests/journeys/test_merging_communes.py`.
"""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from sen.base import clock
from sen.base.actor import COMMAND, SYSTEM, Actor, Strength
from sen.base.errors import Invalid, NotAllowed, VersionConflict
from sen.base.identifiers import new_id
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.identity.tests.factories import AccountFactory
from sen.kernel.organisations import public as organisations
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Apology, Decision, IssuedForm
from sen.systems.public_services.queries import catalogue, whole
from sen.systems.public_services.rules import dossiers as rules
from sen.systems.public_services.services import apologies, deciding, duties, processing, reception
from sen.systems.public_services.services import catalogue as catalogue_verbs
from sen.systems.public_services.services.filing import submission, withdrawal
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.procedures import SEED
from sen.systems.public_services.tests.test_merging import words
from sen.systems.results.models import Result

ZONE = clock.ZONE
CASE = "1.001193"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def day(moment: dt.datetime | None) -> str:
    return clock.day(moment).isoformat() if moment else ""


# -- Received 15:01 on the Friday before Tết


@pytest.mark.parametrize(
    ("received", "due"), [("2027-02-03T14:59", "2027-02-03"), ("2027-02-03T15:01", "2027-02-11")]
)
def test_received_1501_on_the_last_day_before_tet_2027(province, received, due):
    """Nghị định 118/2025/NĐ-CP, Điều 18.2: sau 15 giờ thì ngày làm việc tiếp theo, qua cả Tết."""
    made = f.submitted(province)
    taken = reception.receive_dossier(actor=province.motcua, order=f.order(made), at=at(received))
    assert day(taken.due_at) == due


def test_received_1501_friday_before_tet(province):
    """Thứ sáu 13/2/2026, ngày làm việc cuối trước Tết: hẹn ngày làm việc đầu tiên sau Tết."""
    office = calendar.calendar_of(province.ward)
    allowance = calendar.Allowance.parse(f.the_case().allowance)
    assert day(calendar.due_at(at("2026-02-13T15:01"), allowance, office)) == "2026-02-23"
    assert day(calendar.due_at(at("2026-02-13T14:59"), allowance, office)) == "2026-02-13"


# -- Non-boundary: sent on Tuesday, accepted by the competent agency on Thursday


def test_non_boundary_sent_tuesday_and_accepted_by_the_competent_agency_thursday(province):
    """Nghị định 118/2025/NĐ-CP, Điều 17.3 (sửa đổi): tính từ khi cơ quan có thẩm quyền nhận."""
    tuesday, thursday = at("2026-11-17T10:00"), at("2026-11-19T09:00")
    helper = province.far_motcua
    told = f.a_filing(helper, receiving_unit=province.centre, competent_unit=province.ward)
    made = submission.submit_dossier(actor=helper, filing=told, at=tuesday)
    assert (made.helped_at_id, made.received_unit_id) == (province.far_centre, province.centre)
    taken = reception.receive_dossier(actor=province.motcua, order=f.order(made), at=thursday)
    assert taken.submitted_at == tuesday
    assert taken.competent_received_at == thursday
    assert day(taken.due_at) == "2026-11-19"
    assert workflow.run(made.id).counts_from == thursday


# -- A supplement twice, at two stages


def test_supplement_twice_at_two_stages(province):
    """Điều 17.2.a: mỗi giai đoạn một phiếu; thời gian chờ không tính."""
    made = f.submitted(province)
    f.ask(province, made, minutes=1)
    answer(province, made, 5)
    reception.receive_dossier(actor=province.motcua, order=f.order(made), at=f.later(10))
    processing.assign_dossier(
        actor=province.chanhvanphong,
        order=f.order(made),
        to=province.hotich.account,
        at=f.later(20),
    )
    promised = f.fresh(made).due_at
    f.ask(province, made, minutes=30)
    answer(province, made, 90)
    held = f.fresh(made)
    assert [one.stage for one in made.supplements.order_by("requested_at")] == [
        "reception", "processing",
    ]  # fmt: skip
    assert (held.due_at, held.expected_at > promised) == (promised, True)
    with pytest.raises(processing.SupplementSpent):
        f.ask(province, made, minutes=95)


def answer(province, made, minutes):
    processing.answer_supplement(
        actor=province.father, order=f.order(made), given=[], answer="Đã bổ sung",
        at=f.later(minutes),
    )  # fmt: skip


# -- The apology, once


@pytest.fixture
def long_dossier(province):
    """A dossier with ten working days, of which nine are left."""
    made = f.submitted(province)
    made.allowance = {"amount": 10, "unit": "working_day", "same_day_cutoff": None}
    made.save()
    reception.receive_dossier(actor=province.motcua, order=f.order(made), at=f.later(10))
    processing.assign_dossier(
        actor=province.chanhvanphong, order=f.order(made), to=province.hotich.account,
        at=f.later(20),
    )  # fmt: skip
    return f.fresh(made)


def apologise(who, dossier, new, when, **changes):
    said = {"reason": "Chờ xác minh", "cause": "Phòng chuyên môn", **changes}
    return apologies.apologise(
        actor=who, order=f.order(dossier), new_due_on=dt.date.fromisoformat(new), at=at(when),
        **said,
    )  # fmt: skip


def test_apology_moves_the_promise_once_with_its_letter(province, long_dossier):
    assert day(long_dossier.due_at) == "2026-12-07"
    shown = whole.whole(province.chanhvanphong, long_dossier.code, now=at("2026-12-03T09:00"))
    assert "apologise" in shown.acts
    moved = apologise(province.chanhvanphong, long_dossier, "2026-12-11", "2026-12-03T09:00")
    assert (day(moved.due_at), day(moved.expected_at)) == ("2026-12-11", "2026-12-11")
    [extension] = workflow.run(moved.id).extensions.all()
    assert (day(extension.old_due_at), day(extension.new_due_at)) == ("2026-12-07", "2026-12-11")
    f.settle()
    letter = IssuedForm.objects.get(dossier=moved, form="mau_04")
    assert letter.state == "signed"
    said = words(letter.file_id)
    assert "XIN LỖI" in said
    assert "11/12/2026" in said or "11 THÁNG 12 NĂM 2026" in said
    assert f.told(moved)[-1] == "public_services.dossier.postponed"
    assert f.trail(moved)[-1].endswith(("apologise", "form"))


def test_apology_used_once_already(province, long_dossier):
    apologise(province.chanhvanphong, long_dossier, "2026-12-11", "2026-12-03T09:00")
    with pytest.raises(apologies.ApologySpent):
        apologise(province.chanhvanphong, long_dossier, "2026-12-15", "2026-12-04T09:00")
    shown = whole.whole(province.chanhvanphong, long_dossier.code, now=at("2026-12-04T09:00"))
    assert "apologise" not in shown.acts
    assert Apology.objects.filter(dossier=long_dossier).count() == 1


def test_apology_is_too_late_on_the_day_itself(province, long_dossier):
    with pytest.raises(apologies.TooLateToApologise):
        apologise(province.chanhvanphong, long_dossier, "2026-12-11", "2026-12-07T08:00")


@pytest.mark.parametrize(
    ("new", "changes", "field"),
    [
        ("2026-12-07", {}, "new_due_on"),
        ("2026-12-13", {}, "new_due_on"),
        ("2026-12-11", {"reason": " "}, "reason"),
        ("2026-12-11", {"cause": ""}, "cause"),
    ],
)
def test_apology_needs_a_working_day_a_reason_and_a_cause(
    province, long_dossier, new, changes, field
):
    with pytest.raises(Invalid) as wrong:
        apologise(province.chanhvanphong, long_dossier, new, "2026-12-03T09:00", **changes)
    assert set(wrong.value.fields) == {field}


def test_apology_needs_its_right_and_an_open_dossier(province, long_dossier):
    for other in (province.hotich, province.motcua, province.far_chanhvanphong):
        with pytest.raises(NotAllowed):
            apologise(other, long_dossier, "2026-12-11", "2026-12-03T09:00")
    waiting = f.submitted(province)
    with pytest.raises(VersionConflict):
        apologise(province.chanhvanphong, waiting, "2026-12-11", "2026-12-03T09:00")


@pytest.mark.parametrize(
    ("today", "due", "is_used", "may"),
    [
        ("2026-12-04", "2026-12-07", False, True),
        ("2026-12-06", "2026-12-07", False, True),
        ("2026-12-07", "2026-12-07", False, False),
        ("2026-12-08", "2026-12-07", False, False),
        ("2026-12-01", "2026-12-07", True, False),
    ],
)
def test_apology_once_and_a_day_before(today, due, is_used, may):
    """Nghị định 61/2018/NĐ-CP, Điều 19 khoản 9, 10."""
    said = rules.may_apologise(
        today=dt.date.fromisoformat(today), due_on=dt.date.fromisoformat(due), is_used=is_used
    )
    assert said is may


# -- The version changes on 1 March 2027 with open dossiers


def test_version_changes_on_1_march_2027_with_open_dossiers(province):
    """Luật Hộ tịch 03/2026/QH16 có hiệu lực 1/3/2027; hồ sơ nhận trước giữ quy định cũ."""
    before = f.received(province)
    document = json.loads((SEED / "birth_registration" / "procedure.json").read_text("utf-8"))
    document["version"] |= {
        "number": 2, "valid_from": "2027-03-01", "announcement": "Luật Hộ tịch 03/2026/QH16",
    }  # fmt: skip
    for case in document["version"]["cases"]:
        case["allowance"] = {"amount": 3, "unit": "working_day"}
    catalogue_verbs.publish_version(
        actor=COMMAND,
        document=document,
        form_version=forms.latest_form("public_services.birth_registration").id,
        flow_version=workflow.latest_flow("public_services.birth_registration").id,
        at=f.later(15),
    )
    assert catalogue.current_version(CASE, on=dt.date(2027, 2, 28)).number == 1
    assert catalogue.current_version(CASE, on=dt.date(2027, 3, 1)).number == 2
    held = f.fresh(before)
    assert (held.case.version.number, held.allowance["amount"]) == (1, 1)
    processing.assign_dossier(
        actor=province.chanhvanphong, order=f.order(before), to=province.hotich.account,
        at=at("2027-03-02T09:00"),
    )  # fmt: skip
    assert f.fresh(before).case.version.number == 1
    late = f.the_case()
    assert catalogue.current_case(CASE, late.code, on=dt.date(2027, 3, 1)).version.number == 2


# -- A commune is renamed while a dossier is under way


def test_commune_renamed_mid_dossier(province):
    dossier = f.assigned(province)
    f.settle()
    organisations.rename_unit(
        SYSTEM,
        unit=province.ward,
        name={"vi": "Ủy ban nhân dân phường Tân Vinh", "en": "People's Committee of Tan Vinh"},
        short_name={"vi": "UBND phường Tân Vinh", "en": "Tan Vinh"},
        on=f.ON,
        decision="Nghị quyết thử nghiệm",
        at=f.later(30),
    )
    f.check(province, f.propose(province, dossier))
    deciding.sign_result(actor=province.chutich, order=f.order(dossier), at=f.later(60))
    f.settle()
    deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))
    f.settle()
    done = f.fresh(dossier)
    assert (done.state, done.competent_unit_id) == ("issued", province.ward)
    receipt = IssuedForm.objects.get(dossier=dossier, form="mau_01")
    assert "TÂN VINH" not in words(receipt.file_id)
    assert "TÂN VINH" in words(Decision.objects.get(dossier=dossier).sealed_id)


# -- A fee is paid after the dossier was withdrawn


def test_fee_paid_after_withdrawal(province):
    """Nghĩa vụ tài chính nộp sau khi rút: hồ sơ đã kết thúc không ghi nhận nữa."""
    made = procedures.assigned(province, "land_change")
    by, order = province.hotich, lambda: f.order(made)
    duties.send_duty(actor=by, order=order(), sheet=a.SHEET, at=f.later(30))
    seen = a.duty_stated(SimpleNamespace(land_chuyenvien=by), made, f.later(40))
    stale = f.order(seen)
    [person] = set(made.party_persons)
    party = Actor(
        account=AccountFactory(person_id=person).id, person=person, strength=Strength.LEVEL_2
    )
    withdrawal.withdraw_dossier(actor=party, order=order(), reason="Thôi", at=f.later(50))
    for known in (stale, order()):
        with pytest.raises(VersionConflict):
            duties.confirm_duty(
                actor=by, order=known, evidence="Giấy nộp tiền", paid_on=f.ON, at=f.later(60)
            )
    held = f.fresh(made)
    assert (held.state, held.duty.paid_at, held.money_state) == ("withdrawn", None, "free")
    assert workflow.record_tasks(made.id) == []
    assert workflow.run(made.id).is_over


# -- Signed, but the store of results failed


def test_result_signed_but_store_sync_failed(province):
    """What the store refuses undoes the issue, not the signature; the number is kept for again."""
    dossier = f.signed(province)
    decision = Decision.objects.get(dossier=dossier)
    in_the_way = Result.objects.create(
        key=decision.result_key,
        result_type="KQ.G15.000031",
        title="Nằm sẵn ở đó",
        number="9",
        issued_on=f.ON,
        unit_id=province.ward,
        source_kind="test",
        source=new_id(),
        source_code="",
        file_id=decision.signed_id,
        sha256="0" * 64,
        data=b"",
        kept_at=f.later(60),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))
    held = Decision.objects.get(dossier=dossier)
    assert (f.fresh(dossier).state, held.signed_id) == ("signed", decision.signed_id)
    in_the_way.delete()
    deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(80))
    f.settle()
    assert f.fresh(dossier).state == "issued"
    assert Result.objects.filter(key=decision.result_key).count() == 1
    assert Decision.objects.get(dossier=dossier).number == 1

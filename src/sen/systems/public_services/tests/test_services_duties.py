"""Land with two levels: the commune receives, the province's land office decides, taxes between."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.access.public import ConflictOfInterest
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Decision, FinancialDuty
from sen.systems.public_services.queries import records, whole
from sen.systems.public_services.services import deciding, delivery, duties, processing
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.tests import agencies as a
from sen.systems.public_services.tests import factories as f


@pytest.fixture(scope="module")
def in_demo(in_province) -> None:
    """The demo of other modules, and every unit of the province with its people."""


@pytest.fixture
def cast(province):
    return a.land_cast(province)


def test_the_land_office_of_the_province_decides_what_a_commune_receives(cast):
    dossier = a.land_received(cast)
    assert (dossier.received_unit_id, dossier.competent_unit_id) == (cast.centre, cast.land_office)
    units = workflow.run(dossier.id).units
    assert units == {
        "received": str(cast.centre),
        "competent": str(cast.land_office),
        "tax": str(cast.land_office),
    }


def test_the_receipt_promises_two_dates(cast):
    """Nghị định 151/2025/NĐ-CP: thẩm tra, rồi đăng ký sau khi hoàn thành nghĩa vụ tài chính."""
    dossier = a.land_received(cast)
    promised = [
        (one.key, one.promised_at and clock.day(one.promised_at).isoformat())
        for one in dossier.stages.order_by("position")
    ]
    # 24 November is a holiday
    assert promised == [
        ("examine", "2026-11-26"), ("duty", None), ("payment", None), ("register", "2026-12-03"),
    ]  # fmt: skip
    assert clock.day(dossier.due_at).isoformat() == "2026-12-03"
    f.settle()
    form = dossier.issued_forms.get(form="mau_01")
    assert form.state == "signed"


def test_the_clock_stands_from_the_sheet_to_the_payment_and_each_stage_has_its_date(cast):
    dossier = a.duty_sent(cast, a.at(25))
    assert (dossier.state, dossier.national_state) == ("duty", 6)
    assert a.stages(dossier) == [
        ("examine", "26/11", "done"), ("duty", "02/12", "running"), ("payment", "", "todo"),
        ("register", "03/12", "todo"),
    ]  # fmt: skip
    a.duty_stated(cast, dossier, a.at(30))
    assert f.fresh(dossier).state == "duty"
    assert [one for _key, _day, one in a.stages(dossier)] == ["done", "done", "running", "todo"]
    confirmed = a.duty_confirmed(cast, dossier, a.at(2, month=12))
    assert (confirmed.state, confirmed.national_state) == ("processing", 4)
    # five working days passed from the sheet to the payment
    assert clock.day(confirmed.due_at).isoformat() == "2026-12-03"
    assert clock.day(confirmed.expected_at).isoformat() == "2026-12-10"
    assert a.stages(dossier)[3] == ("register", "10/12", "running")
    reasons = [one.reason for one in workflow.clock_intervals(dossier.id)]
    assert reasons == ["tax_office", "payment"]
    assert f.told(dossier)[-3:] == [
        "public_services.duty.sent", "public_services.duty.stated",
        "public_services.duty.confirmed",
    ]  # fmt: skip
    assert f.trail(dossier)[-3:] == [
        "public_services.dossier.send_duty", "public_services.dossier.record_duty",
        "public_services.dossier.confirm_duty",
    ]  # fmt: skip


def test_a_late_tax_office_is_late_by_itself_and_the_dossier_is_not(cast):
    dossier = a.duty_sent(cast, a.at(25))
    seen = whole.whole(cast.land_chuyenvien, dossier.code, now=a.at(20, month=12))
    assert [(one.key, one.state) for one in seen.stages] == [
        ("examine", "done"), ("duty", "late"), ("payment", "todo"), ("register", "todo"),
    ]  # fmt: skip
    assert seen.clock.state == "paused"


def test_it_goes_on_to_the_result_and_back_for_rework_to_the_right_step(cast):
    dossier = a.duty_sent(cast, a.at(25))
    a.duty_stated(cast, dossier, a.at(26))
    a.duty_confirmed(cast, dossier, a.at(27))
    processing.propose_result(
        actor=cast.land_chuyenvien, order=f.order(dossier), proposal=processing.Proposal(),
        at=a.at(30),
    )  # fmt: skip
    processing.check_proposal(
        actor=cast.land_truongphong, order=f.order(dossier), is_agreed=False,
        comment="Ghi rõ số thửa", at=a.at(30, 10),
    )  # fmt: skip
    [task] = workflow.record_tasks(dossier.id)
    assert (task.step, task.assignee) == ("register", cast.land_chuyenvien.account)
    processing.propose_result(
        actor=cast.land_chuyenvien, order=f.order(dossier), proposal=processing.Proposal(),
        at=a.at(30, 11),
    )  # fmt: skip
    processing.check_proposal(
        actor=cast.land_truongphong, order=f.order(dossier), is_agreed=True, at=a.at(30, 14)
    )
    deciding.sign_result(actor=cast.land_giamdoc, order=f.order(dossier), at=a.at(30, 15))
    f.settle()
    deciding.issue_result(actor=cast.land_vanthu, order=f.order(dossier), at=a.at(30, 16))
    f.settle()
    done = f.fresh(dossier)
    assert (done.state, Decision.objects.get(dossier=dossier).number) == ("issued", 1)
    assert [one for _key, _day, one in a.stages(dossier)] == ["done"] * 4
    delivery.hand_over(
        actor=cast.motcua, order=f.order(dossier), method="counter", receiver="Nguyễn Văn Thử",
        evidence="Căn cước", at=a.at(1, month=12),
    )  # fmt: skip
    assert f.fresh(dossier).state == "handed_over"


def test_without_a_duty_the_result_is_proposed_at_once(cast):
    dossier = a.land_assigned(cast)
    processing.propose_result(
        actor=cast.land_chuyenvien, order=f.order(dossier), proposal=processing.Proposal(),
        at=a.at(25),
    )  # fmt: skip
    assert [one for _key, _day, one in a.stages(dossier)] == ["done", "todo", "todo", "running"]
    with pytest.raises(VersionConflict):
        a.duty_confirmed(cast, dossier, a.at(26))


def test_acts_are_offered_at_their_step_only(cast):
    dossier = a.land_assigned(cast)

    def offered():
        return whole.whole(cast.land_chuyenvien, dossier.code, now=a.at(26)).acts

    assert {"send_duty", "propose", "request_supplement"} <= set(offered())
    duties.send_duty(actor=cast.land_chuyenvien, order=f.order(dossier), sheet=a.SHEET, at=a.at(25))
    assert offered() == ["record_duty"]
    a.duty_stated(cast, dossier, a.at(26))
    assert offered() == ["confirm_duty"]
    a.duty_confirmed(cast, dossier, a.at(27))
    assert "send_duty" not in offered()
    with pytest.raises(duties.NoDutyHere):
        duties.send_duty(
            actor=cast.land_chuyenvien, order=f.order(dossier), sheet=a.SHEET, at=a.at(28)
        )


def test_a_procedure_without_a_duty_sends_none(cast):
    dossier = f.assigned(cast)
    with pytest.raises(duties.NoDutyHere):
        duties.send_duty(actor=cast.hotich, order=f.order(dossier), sheet=a.SHEET, at=f.later(30))
    assert "send_duty" not in whole.whole(cast.hotich, dossier.code, now=f.later(30)).acts


def test_each_act_of_a_duty_needs_its_right(cast):
    dossier = a.land_assigned(cast)
    for other, refusal in ((cast.motcua, NotAllowed), (cast.hotich, NotAllowed)):
        with pytest.raises(refusal):
            duties.send_duty(actor=other, order=f.order(dossier), sheet=a.SHEET, at=a.at(25))
    with pytest.raises(NotFound):
        duties.send_duty(actor=cast.stranger, order=f.order(dossier), sheet=a.SHEET, at=a.at(25))
    sent = a.duty_sent(cast, a.at(25))
    with pytest.raises(NotAllowed):
        duties.record_duty(
            actor=cast.land_vanthu, order=f.order(sent), notice="1", noticed_on=a.at(25).date(),
            amount_vnd=1, at=a.at(26),
        )  # fmt: skip
    a.duty_stated(cast, sent, a.at(26))
    with pytest.raises(NotAllowed):
        duties.confirm_duty(
            actor=cast.land_giamdoc, order=f.order(sent), evidence="1",
            paid_on=a.at(26).date(), at=a.at(26),
        )  # fmt: skip


def test_what_is_written_down_holds(cast):
    dossier = a.land_assigned(cast)
    who = cast.land_chuyenvien
    with pytest.raises(Invalid) as no_sheet:
        duties.send_duty(actor=who, order=f.order(dossier), sheet=" ", at=a.at(25))
    assert set(no_sheet.value.fields) == {"sheet"}
    duties.send_duty(actor=who, order=f.order(dossier), sheet=a.SHEET, at=a.at(25))

    def state(day, amount=1, notice="1"):
        duties.record_duty(
            actor=who, order=f.order(dossier), notice=notice, noticed_on=day, amount_vnd=amount,
            at=a.at(26),
        )  # fmt: skip

    for day, amount, notice, field in (
        (dt.date(2026, 11, 24), 1, "1", "noticed_on"),
        (dt.date(2026, 11, 27), 1, "1", "noticed_on"),
        (dt.date(2026, 11, 26), -1, "1", "amount_vnd"),
        (dt.date(2026, 11, 26), 1, " ", "notice"),
    ):
        with pytest.raises(Invalid) as wrong:
            state(day, amount, notice)
        assert set(wrong.value.fields) == {field}
    state(dt.date(2026, 11, 26))
    for evidence, day, field in (
        (" ", dt.date(2026, 11, 26), "evidence"), ("1", dt.date(2027, 1, 1), "paid_on"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            duties.confirm_duty(
                actor=who, order=f.order(dossier), evidence=evidence, paid_on=day, at=a.at(27)
            )
        assert set(wrong.value.fields) == {field}


def test_a_dossier_with_a_duty_can_be_taken_back(cast):
    dossier = a.duty_sent(cast, a.at(25))
    owner = f.citizen("040050000101")
    taken = withdrawal.withdraw_dossier(
        actor=owner, order=f.order(dossier), reason="Không chuyển nhượng nữa", at=a.at(26)
    )
    assert taken.state == "withdrawn"
    assert [one for _key, _day, one in a.stages(dossier)] == ["done", "done", "todo", "todo"]
    with pytest.raises(Conflict):
        a.duty_stated(cast, dossier, a.at(27))


def test_who_is_a_party_decides_on_no_duty(cast):
    dossier = a.land_assigned(cast)
    party = dossier.parties.get(role="owner")
    party.person_id = cast.land_chuyenvien.person
    party.save()
    with pytest.raises(ConflictOfInterest):
        duties.send_duty(
            actor=cast.land_chuyenvien, order=f.order(dossier), sheet=a.SHEET, at=a.at(25)
        )


def test_who_has_no_part_sees_no_duty(cast):
    dossier = a.duty_sent(cast, a.at(25))
    for actor, count in ((cast.land_chuyenvien, 1), (cast.motcua, 1), (cast.far_motcua, 0)):
        with access.acting(actor):
            assert FinancialDuty.objects.filter(dossier=dossier).count() == count


def test_without_sign_in_stages_show_their_dates_and_holders_only(cast):
    dossier = a.duty_sent(cast, a.at(25))
    status = records.public_status(f.fresh(dossier), now=a.at(26))
    assert [(one.key, one.state) for one in status.stages] == [
        ("examine", "done"), ("duty", "running"), ("payment", "todo"), ("register", "todo"),
    ]  # fmt: skip
    assert status.is_paused

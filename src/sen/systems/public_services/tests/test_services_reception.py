"""Reception: receive, refuse, and ask for more before receiving."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import COMMAND, Actor
from sen.base.errors import Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Closing, Dossier, IssuedForm
from sen.systems.public_services.services import processing, reception
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def receive(actor, dossier, at=None):
    return reception.receive_dossier(actor=actor, order=f.order(dossier), at=at or f.later(10))


def refuse(actor, dossier, reason="Không thuộc thẩm quyền", ground="Luật Hộ tịch, Điều 13", **more):
    return reception.refuse_reception(
        actor=actor, order=f.order(dossier), reason=reason, ground=ground, at=f.later(10), **more
    )


def test_receiving_freezes_the_time_and_promises_the_day(province):
    dossier = receive(province.motcua, f.submitted(province))
    assert (dossier.state, dossier.national_state, dossier.version) == ("received", 2, 2)
    assert dossier.received_at == dossier.competent_received_at == f.later(10)
    assert (
        dossier.due_at
        == dossier.expected_at
        == dt.datetime(2026, 11, 20, 17, tzinfo=f.MORNING.tzinfo)
    )
    assert dossier.calendar_edition is not None
    assert f.told(dossier)[-1] == "public_services.dossier.received"
    assert f.trail(dossier)[-1] == "public_services.dossier.receive"


@pytest.mark.parametrize(
    ("received_at", "due_on"),
    [  # NĐ 118/2025/NĐ-CP, Điều 18.2: sau 15 giờ tính từ ngày làm việc tiếp theo
        ("2026-11-20T14:59", "2026-11-20"),
        ("2026-11-20T15:00", "2026-11-20"),
        ("2026-11-20T15:01", "2026-11-23"),
    ],
)
def test_after_fifteen_hours_the_day_is_the_next_working_day(province, received_at, due_on):
    at = dt.datetime.fromisoformat(received_at).replace(tzinfo=f.MORNING.tzinfo)
    dossier = receive(province.motcua, f.submitted(province), at=at)
    assert dossier.due_at.astimezone(f.MORNING.tzinfo).date().isoformat() == due_on


def test_the_receipt_is_issued_signed_and_sent(province):
    dossier = receive(province.motcua, f.submitted(province))
    f.settle()
    issued = IssuedForm.objects.get(dossier=dossier)
    assert (issued.form, issued.state, issued.number) == ("mau_01", "signed", 1)


@pytest.mark.parametrize("who", ["hotich", "chutich", "far_motcua"])
def test_only_the_receiving_centre_receives(province, who):
    dossier = f.submitted(province)
    for verb in (receive, refuse):
        with pytest.raises(NotAllowed):
            verb(getattr(province, who), dossier)
    assert f.fresh(dossier).version == 1


def test_who_is_no_official_learns_nothing_of_a_dossier(province):
    dossier = f.submitted(province)
    for actor in (province.stranger, Actor()):
        with pytest.raises(NotFound):
            receive(actor, dossier)
    with pytest.raises(NotAllowed):
        receive(province.father, dossier)


def test_an_unknown_code_is_not_found(province):
    order = Ordered(code="H41.9.11.1-261120-9999", version=1)
    with pytest.raises(NotFound):
        reception.receive_dossier(actor=province.motcua, order=order, at=f.MORNING)


def test_receiving_twice_says_who_did_it(province):
    dossier = f.received(province)
    with pytest.raises(VersionConflict) as refused:
        receive(province.motcua, dossier)
    assert (refused.value.who, refused.value.what) == ("Hoàng Thị Một Cửa", "tiếp nhận hồ sơ")


def test_refusing_closes_with_reason_and_ground(province):
    dossier = refuse(province.motcua, f.submitted(province), competent_agency="UBND xã Đại Đồng")
    f.settle()
    closing = Closing.objects.get(dossier=dossier)
    assert (closing.kind, closing.reason, closing.ground, closing.competent_agency) == (
        "refused_at_reception", "Không thuộc thẩm quyền", "Luật Hộ tịch, Điều 13",
        "UBND xã Đại Đồng",
    )  # fmt: skip
    now = f.fresh(dossier)
    assert (now.state, now.national_state, now.money_state, now.ended_at) == (
        "refused", 3, "cancelled", f.later(10),
    )  # fmt: skip
    issued = IssuedForm.objects.get(dossier=dossier)
    assert (issued.form, issued.record, issued.state) == ("mau_03", closing.id, "signed")
    assert f.trail(dossier)[-1] == "public_services.dossier.refuse_reception"
    assert "public_services.dossier.closed" in f.told(dossier)


@pytest.mark.parametrize(
    ("reason", "ground", "fields"),
    [("", "Luật", {"reason"}), ("Sai", " ", {"ground"}), ("", "", {"reason", "ground"})],
)
def test_a_refusal_has_its_reason_and_ground(province, reason, ground, fields):
    dossier = f.submitted(province)
    with pytest.raises(Invalid) as refused:
        refuse(province.motcua, dossier, reason=reason, ground=ground)
    assert refused.value.fields.keys() == fields
    assert f.fresh(dossier).state == "submitted"


def kin(official: Actor, person, kind="child"):
    identity.add_kinship(COMMAND, person=person, relative=official.person, kind=kind, at=f.MORNING)


def test_nobody_refuses_a_dossier_of_their_family(province):
    dossier = f.submitted(province)
    kin(province.motcua, province.father.person, identity.KinshipKind.SPOUSE)
    with pytest.raises(access.ConflictOfInterest):
        refuse(province.motcua, dossier)
    with pytest.raises(access.ConflictOfInterest):
        f.ask(province, dossier)


# -- Supplement at reception


def test_more_is_asked_for_before_reception_and_again_after_it(province):
    dossier = f.ask(province, f.submitted(province), minutes=5)
    f.settle()
    assert (dossier.state, dossier.national_state) == ("supplement", 5)
    answer(province, dossier, minutes=7)
    assert f.fresh(dossier).state == "submitted"

    with pytest.raises(processing.SupplementSpent):
        f.ask(province, dossier, minutes=8)

    receive(province.motcua, dossier)
    processing.assign_dossier(
        actor=province.chanhvanphong, order=f.order(dossier), to=province.hotich.account,
        at=f.later(20),
    )  # fmt: skip
    f.ask(province, dossier, minutes=30)
    answer(province, dossier, minutes=40)
    with pytest.raises(processing.SupplementSpent):
        f.ask(province, dossier, minutes=50)
    stages = Dossier.objects.get(id=dossier.id).supplements.order_by("requested_at")
    assert [one.stage for one in stages] == ["reception", "processing"]
    f.settle()
    assert IssuedForm.objects.filter(dossier=dossier, form="mau_02", state="signed").count() == 2


def answer(province, dossier, *, minutes):
    return processing.answer_supplement(
        actor=province.father, order=f.order(dossier), given=[], answer="Đã bổ sung",
        at=f.later(minutes),
    )  # fmt: skip


def test_the_receiving_officer_only_asks_at_reception(province):
    dossier = f.submitted(province)
    with pytest.raises(NotAllowed):
        processing.request_supplement(
            actor=province.hotich, order=f.order(dossier), items=[f.ITEM], at=f.later(5)
        )

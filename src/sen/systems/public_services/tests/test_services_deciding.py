"""The decision: sign, return, number and seal, issue, refuse; and handing over."""

from __future__ import annotations

import pytest

from sen.base.actor import COMMAND, SYSTEM
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.signing import public as signing
from sen.systems.public_services.models import Closing, Decision, HandOver, IssuedForm
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import deciding, delivery, dossiers, elsewhere
from sen.systems.public_services.tests import factories as f
from sen.systems.results import public as results

pytestmark = pytest.mark.usefixtures("province")


def sign(actor, dossier):
    return deciding.sign_result(actor=actor, order=f.order(dossier), at=f.later(60))


def send_back(actor, dossier, comment="Xem lại nơi sinh"):
    return deciding.return_for_rework(
        actor=actor, order=f.order(dossier), comment=comment, at=f.later(60)
    )


def issue(actor, dossier):
    return deciding.issue_result(actor=actor, order=f.order(dossier), at=f.later(70))


def asked(dossier):
    """The id of the last signature that was asked for."""
    return signing.requests_of(dossier.id)[0].id


def test_a_result_is_signed_numbered_sealed_issued_and_kept(province):
    dossier = f.issued(province)
    decision = Decision.objects.get(dossier=dossier)
    assert (dossier.state, dossier.national_state, dossier.delivery_state) == ("issued", 9, "ready")
    assert (decision.state, decision.number, decision.notation, decision.decided_on) == (
        "sealed", 1, "01/2026", f.ON,
    )  # fmt: skip
    report = signing.verify(files.read(decision.sealed_id), at=f.later(80))
    assert (report.verdict, [one.field for one in report.signatures]) == (
        "valid", ["NguoiKy", "CoQuan"],
    )  # fmt: skip
    [kept] = results.results(province.father)
    assert (kept.key, kept.number, kept.file) == (
        decision.result_key, "01/2026", decision.sealed_id,
    )  # fmt: skip
    assert f.told(dossier).count("public_services.result.issued") == 1
    acts = [act.rpartition(".")[2] for act in f.trail(dossier)]
    assert [act for act in acts[acts.index("sign") :] if act != "request"] == [
        "sign", "number", "issue",
    ]  # fmt: skip


def test_a_refusal_is_signed_numbered_sealed_and_closes(province):
    dossier = f.issued(province, refuse=True)
    closing = Closing.objects.get(dossier=dossier)
    decision = Decision.objects.get(dossier=dossier)
    assert (dossier.state, dossier.national_state, dossier.money_state) == (
        "refused", 8, "cancelled",
    )  # fmt: skip
    assert (closing.kind, closing.reason, closing.ground) == (
        "refused", "Trẻ đã được đăng ký", "Luật Hộ tịch, Điều 12",
    )  # fmt: skip
    assert (decision.number, decision.notation) == (1, "01/TB-UBND")
    assert signing.verify(files.read(decision.sealed_id), at=f.later(80)).verdict == "valid"
    assert results.results(province.father) == []
    assert not IssuedForm.objects.filter(dossier=dossier, form="mau_03").exists()
    assert "public_services.dossier.closed" in f.told(dossier)


def test_only_the_named_leader_signs_or_returns(province):
    dossier = f.checked(province)
    for verb in (sign, send_back):
        for who in ("phochutich", "chanhvanphong", "far_chutich"):
            with pytest.raises(NotAllowed):
                verb(getattr(province, who), dossier)
    assert f.fresh(dossier).state == "signing"


def test_a_leader_does_not_decide_on_their_family(province):
    dossier = f.checked(province)
    identity.add_kinship(
        COMMAND, person=province.father.person, relative=province.chutich.person,
        kind=identity.KinshipKind.PARENT, at=f.MORNING,
    )  # fmt: skip
    for verb in (sign, send_back):
        with pytest.raises(access.ConflictOfInterest):
            verb(province.chutich, dossier)


def test_returning_says_why(province):
    dossier = f.checked(province)
    with pytest.raises(Invalid) as refused:
        send_back(province.chutich, dossier, comment="")
    assert refused.value.fields.keys() == {"comment"}
    send_back(province.chutich, dossier)
    assert f.fresh(dossier).state == "processing"
    assert f.trail(dossier)[-1] == "public_services.dossier.return_for_rework"


def test_a_signature_under_way_is_not_ordered_again(province):
    dossier = f.signing_ordered(province)
    for verb in (sign, send_back):
        with pytest.raises(dossiers.SigningUnderWay):
            verb(province.chutich, dossier)


def test_a_signature_that_failed_is_said_and_can_be_ordered_again(province):
    dossier = f.signing_ordered(province)
    elsewhere.record_signature(
        actor=SYSTEM,
        record=dossier.id,
        request=asked(dossier),
        signed=None,
        failure="Khóa ký hỏng",
        at=f.later(61),
    )
    decision = Decision.objects.get(dossier=dossier)
    assert (decision.state, decision.failure) == ("failed", "Khóa ký hỏng")
    assert f.fresh(dossier).state == "signing"
    assert f.trail(dossier)[-1] == "public_services.dossier.signing_failed"
    seen = whole.whole(province.chutich, dossier.code, now=f.later(62))
    assert {"sign", "return_for_rework"} <= set(seen.acts)
    sign(province.chutich, dossier)
    f.settle()
    assert f.fresh(dossier).state == "signed"


def test_a_signature_that_was_asked_for_comes(province):
    dossier = f.signing_ordered(province)
    assert f.trail(dossier)[-1] == "public_services.dossier.ask_signature"
    f.settle()
    decision = Decision.objects.get(dossier=dossier)
    assert (f.fresh(dossier).state, decision.state) == ("signed", "signed")
    assert files.get(decision.signed_id).owner_id == dossier.id


def test_a_seal_that_was_asked_for_comes_and_the_result_is_kept(province):
    dossier = f.sealing_ordered(province)
    assert f.trail(dossier)[-3:] == [
        "public_services.dossier.number", "signing.request", "public_services.dossier.ask_seal",
    ]  # fmt: skip
    f.settle()
    decision = Decision.objects.get(dossier=dossier)
    assert (f.fresh(dossier).state, decision.state) == ("issued", "sealed")
    assert [kept.file for kept in results.results(province.father)] == [decision.sealed_id]


def test_a_leader_without_a_certificate_is_told_and_nothing_changes(province):
    dossier = f.checked(province)
    signing.Certificate.objects.filter(holder=province.chutich.person).delete()
    before = f.order(dossier)
    with pytest.raises(signing.NoCertificate, match="chưa có chứng thư số"):
        sign(province.chutich, dossier)
    assert f.order(dossier) == before
    assert Decision.objects.get(dossier=dossier).state == "draft"


def test_a_draft_made_anew_while_it_is_signed_is_not_signed(province, monkeypatch):
    dossier = f.checked(province)
    order, sign_now = f.order(dossier), signing.sign_now

    def overtaken(*args, **values):
        monkeypatch.setattr(signing, "sign_now", sign_now)
        send_back(province.chutich, dossier)
        return sign_now(*args, **values)

    monkeypatch.setattr(signing, "sign_now", overtaken)
    with pytest.raises(VersionConflict):
        deciding.sign_result(actor=province.chutich, order=order, at=f.later(61))
    assert f.fresh(dossier).state == "processing"


def test_a_signature_told_twice_changes_nothing(province):
    dossier = f.signed(province)
    before = f.order(dossier)
    elsewhere.record_signature(
        actor=SYSTEM,
        record=dossier.id,
        request=asked(dossier),
        signed=None,
        failure="x",
        at=f.later(62),
    )
    elsewhere.record_seal(
        actor=SYSTEM,
        record=dossier.id,
        request=asked(dossier),
        sealed=None,
        failure="x",
        at=f.later(62),
    )
    assert f.order(dossier) == before


@pytest.mark.parametrize("who", ["chutich", "hotich", "far_vanthu"])
def test_only_the_clerk_of_the_unit_issues(province, who):
    with pytest.raises(NotAllowed):
        issue(getattr(province, who), f.signed(province))


def test_nothing_is_issued_before_it_is_signed(province):
    with pytest.raises(VersionConflict):
        issue(province.vanthu, f.checked(province))


def test_a_seal_that_failed_keeps_its_number_for_the_next_try(province):
    dossier = f.sealing_ordered(province)
    with pytest.raises(dossiers.SigningUnderWay):
        issue(province.vanthu, dossier)
    elsewhere.record_seal(
        actor=SYSTEM,
        record=dossier.id,
        request=asked(dossier),
        sealed=None,
        failure="Khóa ký hỏng",
        at=f.later(71),
    )
    issue(province.vanthu, dossier)
    f.settle()
    assert Decision.objects.get(dossier=dossier).number == 1
    assert f.fresh(dossier).state == "issued"


# -- Handing over


def test_the_owner_takes_the_result_by_their_sign_in(province):
    dossier = f.issued(province)
    delivery.take_result(actor=province.father, order=f.order(dossier), at=f.later(80))
    over = HandOver.objects.get(dossier=dossier)
    now = f.fresh(dossier)
    assert (over.method, over.receiver, over.evidence) == (
        "online", "Nguyễn Văn Thử", "Đăng nhập định danh điện tử mức 2",
    )  # fmt: skip
    assert (now.state, now.national_state, now.delivery_state, now.ended_at) == (
        "handed_over", 10, "handed_over", f.later(80),
    )  # fmt: skip
    assert f.told(dossier)[-1] == "public_services.result.handed_over"
    assert f.trail(dossier)[-1] == "public_services.dossier.hand_over"
    with pytest.raises(VersionConflict):
        delivery.take_result(actor=province.father, order=f.order(dossier), at=f.later(81))


def hand(actor, dossier, **said):
    values = {"method": "counter", "receiver": "Nguyễn Văn Thử", "evidence": "Căn cước", **said}
    return delivery.hand_over(actor=actor, order=f.order(dossier), at=f.later(80), **values)


def test_handing_over_at_the_counter_keeps_the_evidence(province):
    dossier = f.issued(province)
    for said, field in (
        ({"method": "drone"}, "method"),
        ({"receiver": " "}, "receiver"),
        ({"evidence": ""}, "evidence"),
    ):
        with pytest.raises(Invalid) as refused:
            hand(province.motcua, dossier, **said)
        assert refused.value.fields.keys() == {field}
    for who, error in (("hotich", NotAllowed), ("far_motcua", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(error):
            hand(getattr(province, who), dossier)
    with pytest.raises(NotFound):
        delivery.take_result(actor=province.stranger, order=f.order(dossier), at=f.later(80))

    slip = f.file(province.motcua, "phieu.jpg")
    hand(province.motcua, dossier, file=slip)
    over = HandOver.objects.get(dossier=dossier)
    assert (over.method, over.evidence, over.file_id, over.handed_by) == (
        "counter", "Căn cước", slip, province.motcua.account,
    )  # fmt: skip


def test_nothing_is_handed_over_before_it_is_issued(province):
    with pytest.raises((VersionConflict, Conflict)):
        hand(province.motcua, f.received(province))

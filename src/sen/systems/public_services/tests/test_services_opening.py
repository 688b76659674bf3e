"""Opening a dossier: parties read what was issued, officials all, and leave a line."""

from __future__ import annotations

import pytest

from sen.base.errors import NotFound
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.systems.public_services.models import Closing, Decision, IssuedForm, SupplementRequest
from sen.systems.public_services.queries import whole
from sen.systems.public_services.schemas import answers
from sen.systems.public_services.services import deciding, opening, processing, reception
from sen.systems.public_services.services.dossiers import subject
from sen.systems.public_services.tables import records as shapes
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def read_of(actor, dossier, minutes=90):
    return whole.whole(actor, dossier.code, now=f.later(minutes))


def detail(actor, dossier):
    return answers.dossier_detail(read_of(actor, dossier))


def readable(actor, file_id):
    try:
        files.open_file(actor, file_id)
    except NotFound:
        return False
    return True


def lines(dossier, act):
    trail = audit.trail(subject(dossier), limit=200)
    return [line for line in reversed(trail) if line.action == f"public_services.dossier.{act}"]


# -- What a party sees


def test_a_party_sees_no_draft_of_the_answer(province):
    dossier = f.checked(province)
    decision = Decision.objects.get(dossier=dossier)
    assert detail(province.father, dossier).decision is None
    assert not readable(province.father, decision.draft_id)
    assert detail(province.chutich, dossier).decision.file == decision.draft_id
    assert readable(province.chutich, decision.draft_id)


def test_a_party_sees_the_answer_once_it_is_sealed(province):
    dossier = f.issued(province)
    decision = Decision.objects.get(dossier=dossier)
    shown = detail(province.father, dossier).decision
    assert (shown.file, shown.result_key) == (decision.sealed_id, decision.result_key)
    may = {
        name: readable(province.father, getattr(decision, f"{name}_id"))
        for name in ("draft", "signed", "sealed")
    }
    assert may == {"draft": False, "signed": False, "sealed": True}


def test_a_party_does_not_learn_of_a_refusal_that_nobody_signed(province):
    dossier = f.proposed(province, refuse=True)
    assert detail(province.father, dossier).decision is None
    assert detail(province.hotich, dossier).decision.reason == "Trẻ đã được đăng ký"


def test_a_party_learns_why_it_was_not_received_from_the_signed_paper(province):
    dossier = f.submitted(province)
    reception.refuse_reception(
        actor=province.motcua, order=f.order(dossier), reason="Sai nơi", ground="Điều 13",
        at=f.later(5),
    )  # fmt: skip
    assert read_of(province.motcua, dossier).closing.reason == "Sai nơi"
    IssuedForm.objects.filter(dossier=dossier).update(state="requested")
    assert read_of(province.father, dossier).closing is None
    f.settle()
    IssuedForm.objects.filter(dossier=dossier).update(state="signed")
    assert read_of(province.father, dossier).closing.reason == "Sai nơi"


def test_a_form_is_read_when_it_is_signed(province):
    dossier = f.received(province)
    f.settle()
    form = IssuedForm.objects.get(dossier=dossier)
    assert readable(province.father, form.file_id)
    assert detail(province.father, dossier).issued_forms[0].file == form.file_id

    IssuedForm.objects.filter(id=form.id).update(state="requested")
    assert not readable(province.father, form.file_id)
    assert detail(province.father, dossier).issued_forms[0].file is None
    assert readable(province.motcua, form.file_id)
    assert detail(province.motcua, dossier).issued_forms[0].file == form.file_id


def test_the_papers_handed_in_are_read_by_parties_and_officials_of_its_units(province):
    paper = f.file(province.father)
    given = [f.PaperInput(code="giay_chung_sinh", files=(paper,))]
    f.submitted(province, papers=given)
    who = ("father", "motcua", "hotich", "mother", "stranger", "far_motcua")
    assert {name for name in who if readable(getattr(province, name), paper)} == {
        "father", "motcua", "hotich",
    }  # fmt: skip


# -- What is kept of it


def test_an_official_who_opens_a_dossier_is_written_down_once_an_hour(province):
    dossier = f.submitted(province)
    for minutes in (0, 5, 59, 61):
        opening.open_dossier(actor=province.motcua, code=dossier.code, at=f.later(minutes))
    opening.open_dossier(actor=province.hotich, code=dossier.code, at=f.later(6))
    noted = [(line.account, line.at) for line in lines(dossier, "read")]
    assert sorted(noted, key=lambda one: one[1]) == [
        (province.motcua.account, f.later(0)),
        (province.hotich.account, f.later(6)),
        (province.motcua.account, f.later(61)),
    ]


def test_a_party_opens_their_own_dossier_unwritten(province):
    dossier = f.submitted(province)
    opening.open_dossier(actor=province.father, code=dossier.code, at=f.later(1))
    assert lines(dossier, "read") == []


def test_who_may_not_see_a_dossier_is_told_nothing_and_not_written_down(province):
    dossier = f.submitted(province)
    with pytest.raises(NotFound):
        opening.open_dossier(actor=province.far_motcua, code=dossier.code, at=f.later(1))
    assert lines(dossier, "read") == []


def test_an_official_who_opens_a_file_is_written_down(province):
    paper = f.file(province.father)
    dossier = f.submitted(province, papers=[f.PaperInput(code="giay_chung_sinh", files=(paper,))])
    assert readable(province.father, paper)
    assert readable(province.motcua, paper)
    assert readable(province.motcua, paper)
    assert [line.account for line in lines(dossier, "read")] == [province.motcua.account]


# -- What people wrote stands in the record, not in the trail

COMMENT = "Kiểm tra lại nơi sinh của cháu An"


def timeline(actor, dossier, *, is_official=True):
    shown = read_of(actor, dossier)
    lines = shapes.trail(shown, is_official=is_official)
    rows = shapes.entries(shown, lines, {}, is_official=is_official)
    return {row.title: row.text for row in rows if row.text}


def test_the_trail_keeps_no_word_that_an_official_wrote(province):
    dossier = f.ask(province, f.assigned(province))
    processing.answer_supplement(
        actor=province.father, order=f.order(dossier), given=[], answer="Đã chụp lại",
        at=f.later(35),
    )  # fmt: skip
    f.propose(province, dossier)
    f.check(province, dossier)
    deciding.return_for_rework(
        actor=province.chutich, order=f.order(dossier), comment=COMMENT, at=f.later(60)
    )
    assert {line.reason for line in audit.trail(subject(dossier), limit=200)} == {""}
    assert "words" in lines(dossier, "return_for_rework")[0].fields
    assert SupplementRequest.objects.get(dossier=dossier).answer == "Đã chụp lại"
    assert timeline(province.hotich, dossier) == {
        "Trả lại để làm lại": COMMENT,
        "Bổ sung hồ sơ": "Đã chụp lại",
        "Yêu cầu bổ sung": "Chụp lại rõ hơn",
    }
    assert timeline(province.father, dossier, is_official=False) == {}


def test_the_reason_of_a_closing_can_be_erased_with_the_record(province):
    dossier = f.submitted(province)
    reception.refuse_reception(
        actor=province.motcua, order=f.order(dossier), reason="Sai nơi", ground="Điều 13",
        at=f.later(5),
    )  # fmt: skip
    assert lines(dossier, "refuse_reception")[0].reason == ""
    assert timeline(province.motcua, dossier) == {"Từ chối tiếp nhận": "Sai nơi"}
    Closing.objects.filter(dossier=dossier).update(reason="")
    opening.open_dossier(actor=province.motcua, code=dossier.code, at=f.later(6))
    assert timeline(province.motcua, dossier) == {}

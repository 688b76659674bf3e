"""Filing and withdrawing: rights, refusals field by field, audit, events, one dossier a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection

from sen.base.actor import Actor, Strength
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded, VersionConflict
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.files import public as files
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.jobs import public as jobs
from sen.kernel.signing import public as signing
from sen.systems.public_services.data import PaperInput, PartyInput
from sen.systems.public_services.models import (
    Decision,
    Dossier,
    DossierPaper,
    FeeLine,
    IssuedForm,
    Party,
)
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services.dossiers import KIND, Ordered, SigningUnderWay
from sen.systems.public_services.services.filing import checking, submission, withdrawal
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def submit(actor, **changes):
    return submission.submit_dossier(actor=actor, filing=f.a_filing(actor, **changes), at=f.MORNING)


def test_a_dossier_is_filed_with_all_its_parts(province):
    dossier = submit(province.father)

    assert {
        name: getattr(dossier, name)
        for name in (
            "code", "channel", "state", "national_state", "money_state", "delivery_state",
            "sync_state", "settled_in", "version", "last_act", "last_by", "received_unit_id",
            "competent_unit_id", "helped_at_id", "due_at",
        )
    } == {
        "code": "H41.9.11.1-261120-0001", "channel": "public_services.portal",
        "state": "submitted", "national_state": 1, "money_state": "waiting",
        "delivery_state": "not_ready", "sync_state": "local", "settled_in": "province",
        "version": 1, "last_act": "submit", "last_by": province.father.account,
        "received_unit_id": province.centre, "competent_unit_id": province.ward,
        "helped_at_id": None, "due_at": None,
    }  # fmt: skip
    [line] = FeeLine.objects.filter(dossier=dossier)
    assert (line.code, line.quantity, line.amount_vnd) == ("ban_sao_trich_luc", 2, 16000)
    [paper] = DossierPaper.objects.filter(dossier=dossier)
    assert (paper.code, paper.source) == ("giay_chung_sinh", "upload")
    [party] = Party.objects.filter(dossier=dossier)
    assert (party.role, party.full_name, party.last_digits) == ("owner", "Nguyễn Văn Thử", "0101")
    assert f.trail(dossier) == ["public_services.dossier.submit"]
    assert f.told(dossier) == ["public_services.dossier.submitted"]


def test_answers_are_kept_clean(province):
    dossier = submit(province.father, answers=f.answers(child_birth_date="1/11/2026"))
    with access.acting(province.father):
        kept = forms.read_answers(dossier.id)
    assert kept["child_birth_date"] == "2026-11-01"


def locked_answers(actor, dossier):
    with access.acting(actor):
        kept = forms.kept_answers(dossier.id)
    names = ("requester_full_name", "requester_number")
    return [kept.values[name] for name in names], sorted(kept.provenance)


def test_nobody_who_signed_in_files_under_another_name(province):
    """Pages take locked answers from the identity; so does whatever else calls the verb."""
    stated = f.answers(requester_full_name="Kẻ Mạo Danh", requester_number=f.MOTHER)
    dossier = submit(province.father, answers=stated)
    assert locked_answers(province.father, dossier) == (
        ["Nguyễn Văn Thử", f.FATHER], ["requester_full_name", "requester_number"],
    )  # fmt: skip


def test_what_the_draft_kept_of_locked_answers_stands(province):
    seen = forms.Prefilled(
        "Nguyễn Văn Trước", "identity.person", "VNeID", f.MORNING, is_locked=True
    )
    dossier = submit(province.father, known={"requester_full_name": seen})
    assert locked_answers(province.father, dossier)[0] == ["Nguyễn Văn Trước", f.FATHER]


def test_at_the_counter_nothing_is_known_of_whoever_is_helped(province):
    dossier = submit(province.motcua, answers=f.answers(requester_full_name="Trần Thị Mẫu"))
    assert locked_answers(province.hotich, dossier) == (["Trần Thị Mẫu", f.FATHER], [])


def test_decomposed_text_is_kept_composed(province):
    """Văn bản gõ tổ hợp (NFD) được lưu dựng sẵn (NFC)."""
    import unicodedata

    typed = unicodedata.normalize("NFD", "Nguyễn Ân Thử")
    dossier = submit(province.father, answers=f.answers(child_full_name=typed))
    with access.acting(province.father):
        assert forms.read_answers(dossier.id)["child_full_name"] == "Nguyễn Ân Thử"


# -- Who may file


def test_a_visitor_signs_in_first(province):
    with pytest.raises(SignInNeeded):
        submission.submit_dossier(actor=Actor(), filing=f.a_filing(province.father), at=f.MORNING)


def test_a_weaker_sign_in_is_not_enough(province):
    weak = f.citizen(strength=Strength.LEVEL_1)
    with pytest.raises(SignInNeeded):
        submit(weak)


def test_a_bearer_token_files_for_its_owner(province):
    by_token = replace(province.father, token=new_id(), strength=Strength.TOKEN)
    assert submit(by_token).state == "submitted"


def test_nobody_files_for_people_they_do_not_represent(province):
    made = f.a_filing(province.mother)
    paper = PaperInput(code="giay_chung_sinh", files=(f.file(province.father),))
    with pytest.raises(NotAllowed):
        submission.submit_dossier(
            actor=province.father, filing=replace(made, papers=[paper]), at=f.MORNING
        )


def test_a_representative_files_for_whom_they_act_for(province):
    acting = replace(province.mother, acting_for=province.father.person)
    dossier = submit(acting, answers=f.answers(requester_relation="mother"))
    roles = Party.objects.filter(dossier=dossier).order_by("role").values_list("role", "person_id")
    assert list(roles) == [
        ("owner", province.father.person),
        ("submitter", province.mother.person),
    ]


def test_an_authorised_person_named_takes_part(province):
    named = PartyInput(
        role="representative", full_name="Lê Thị Được Ủy Quyền", national_number="040190000555",
        authority="Giấy ủy quyền 01",
    )  # fmt: skip
    made = f.a_filing(province.father)
    dossier = submission.submit_dossier(
        actor=province.father, filing=replace(made, parties=[*made.parties, named]), at=f.MORNING
    )
    party = Party.objects.get(dossier=dossier, role="representative")
    assert (party.authority, party.last_digits) == ("Giấy ủy quyền 01", "0555")
    assert whole.whole(f.citizen("040190000555"), dossier.code, now=f.MORNING).parties


NOBODY = {
    "requester_full_name": "Hoàng Văn Không Tài Khoản",
    "requester_number": "040088000199",
    "requester_relation": "relative",
}


def test_the_counter_files_for_a_person_without_account(province):
    made = f.a_filing(province.motcua, answers=f.answers(**NOBODY))
    dossier = submission.submit_dossier(actor=province.motcua, filing=made, at=f.MORNING)
    party = Party.objects.get(dossier=dossier)
    assert (dossier.channel, dossier.helped_at_id) == ("public_services.counter", None)
    assert (party.full_name, party.last_digits) == ("Hoàng Văn Không Tài Khoản", "0199")
    assert identity.find_person("040088000199") is not None


def test_only_who_has_the_right_files_at_a_counter(province):
    for actor in (province.hotich, province.far_hotich):
        with pytest.raises(NotAllowed):
            submit(actor)
    assert not Dossier.objects.exists()


# -- What is refused, beside its field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mother_number": "040093000"}, "answers.mother_number"),
        ({"mother_number": "abc"}, "answers.mother_number"),
        ({"child_birth_date": "31/02/2026"}, "answers.child_birth_date"),
        ({"child_birth_date": "2027-05-01"}, "answers.child_birth_date"),
        ({"child_full_name": ""}, "answers.child_full_name"),
        ({"child_sex": "unknown"}, "answers.child_sex"),
        ({"no_such_question": "x"}, "answers.no_such_question"),
        ({"extract_copies": {"a": 1}}, "answers.extract_copies"),
    ],
)
def test_each_wrong_answer_is_told_beside_its_field(province, changes, field):
    with pytest.raises(Invalid) as refused:
        submit(province.father, answers=f.answers(**changes))
    assert refused.value.fields.keys() == {field}
    assert not Dossier.objects.exists()


def test_a_missing_paper_is_told(province):
    with pytest.raises(Invalid) as refused:
        submit(province.father, papers=[])
    assert refused.value.fields == {"papers.giay_chung_sinh": ["Cần có: Giấy chứng sinh."]}


def test_a_paper_that_is_not_asked_is_refused(province):
    papers = [
        PaperInput(code="giay_chung_sinh", files=(f.file(province.father),)),
        PaperInput(code="so_ho_khau", note="Có"),
    ]
    with pytest.raises(Invalid) as refused:
        submit(province.father, papers=papers)
    assert refused.value.fields.keys() == {"papers.so_ho_khau"}


def test_a_kind_of_file_that_the_paper_does_not_take_is_refused(province):
    case = f.the_case()
    case.papers[0]["accepted"] = ["application/pdf"]
    case.save()
    with pytest.raises(Invalid) as refused:
        submit(province.father)
    assert refused.value.fields.keys() == {"papers.giay_chung_sinh"}
    assert not Dossier.objects.exists()


def test_another_person_s_file_is_not_taken(province):
    paper = PaperInput(code="giay_chung_sinh", files=(f.file(province.mother),))
    with pytest.raises(NotFound):
        submit(province.father, papers=[paper])


def test_a_file_serves_one_dossier_only(province):
    paper = PaperInput(code="giay_chung_sinh", files=(f.file(province.father),))
    submit(province.father, papers=[paper])
    with pytest.raises(Conflict):
        submit(province.father, papers=[paper])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"full_name": " "}, "parties.owner.full_name"),
        ({"national_number": "12"}, "parties.owner.national_number"),
        ({"birth_date": dt.date(1950, 1, 1)}, "parties.owner.national_number"),
    ],
)
def test_the_counter_is_told_what_is_wrong_with_a_party(province, typed, field):
    good = PartyInput(role="owner", full_name="Hoàng Văn A", national_number="040088000199")
    with pytest.raises(Invalid) as refused:
        submit(province.motcua, parties=[replace(good, **typed)])
    assert refused.value.fields.keys() == {field}


def test_a_dossier_needs_its_owner(province):
    helper = PartyInput(role="submitter", full_name="Hoàng Văn A", national_number="040088000199")
    with pytest.raises(Invalid) as refused:
        submit(province.motcua, parties=[helper])
    assert refused.value.fields == {"parties": ["Thiếu thông tin chủ hồ sơ."]}


def test_a_place_that_receives_nothing_is_refused(province):
    made = replace(f.a_filing(province.father), receiving_unit=province.ward)
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=province.father, filing=made, at=f.MORNING)
    assert refused.value.fields.keys() == {"receiving_unit"}


def test_answers_given_on_an_older_form_are_looked_at_again(province):
    with pytest.raises(checking.FormChanged):
        submit(province.father, form_version=0)


def test_an_unknown_case_is_not_found(province):
    with pytest.raises(NotFound):
        submit(province.father, case="khong_co")


def test_a_note_is_no_paper(province):
    with pytest.raises(Invalid) as refused:
        submit(province.father, papers=[PaperInput(code="giay_chung_sinh", note="Nộp sau")])
    assert refused.value.fields == {"papers.giay_chung_sinh": ["Cần có: Giấy chứng sinh."]}


@pytest.mark.parametrize("source", ["shown", "scan", "database", "khac"])
def test_only_a_counter_says_that_a_paper_was_seen(province, source):
    given = PaperInput(code="giay_chung_sinh", source=source, files=(f.file(province.father),))
    with pytest.raises(Invalid) as refused:
        submit(province.father, papers=[given])
    assert refused.value.fields.keys() == {"papers.giay_chung_sinh"}
    assert not Dossier.objects.exists()


def test_an_official_has_seen_the_paper(province):
    dossier = submit(province.motcua, papers=[PaperInput(code="giay_chung_sinh", source="shown")])
    [paper] = DossierPaper.objects.filter(dossier=dossier)
    assert (paper.source, paper.originals) == ("shown", 1)


# -- Drafts


def draft(actor) -> forms.Draft:
    case = f.the_case()
    return forms.start_draft(
        actor,
        start=forms.DraftStart(
            kind="public_services.filing", subject=f.PROCEDURE, case=f.CASE,
            form_version=case.form_version_id, answers=f.answers(),
        ),
        at=f.MORNING,
    )  # fmt: skip


def test_a_draft_filed_twice_is_one_dossier(province):
    held = draft(province.father)
    first = submit(province.father, draft=held.id)
    again = submit(province.father, draft=held.id)
    assert (again.id, Dossier.objects.count()) == (first.id, 1)
    assert forms.drafts(province.father) == []


def test_the_files_of_a_draft_move_to_its_dossier(province):
    held = draft(province.father)
    paper = f.file(province.father)
    forms.save_papers(
        province.father, draft=held.id, papers={"giay_chung_sinh": [{"file": str(paper)}]},
        version=held.version, at=f.MORNING,
    )  # fmt: skip
    given = PaperInput(code="giay_chung_sinh", files=(paper,))
    dossier = submit(province.father, papers=[given], draft=held.id)
    assert [one.id for one in files.files_of(KIND, dossier.id)] == [paper]


def test_somebody_else_s_filed_draft_shows_nothing(province):
    held = draft(province.father)
    first = submit(province.father, draft=held.id)
    with pytest.raises(NotFound):
        submit(province.mother, draft=held.id)
    assert Dossier.objects.get() == first


# -- Withdrawing


def withdraw(actor, dossier, reason="Khai nhầm nơi sinh", version=None):
    order = f.order(dossier) if version is None else Ordered(code=dossier.code, version=version)
    return withdrawal.withdraw_dossier(actor=actor, order=order, reason=reason, at=f.later(65))


@pytest.mark.parametrize("stage", ["submitted", "received", "proposed", "checked"])
def test_the_owner_takes_a_dossier_back_until_it_is_signed(province, stage):
    dossier = getattr(f, stage)(province)
    withdraw(province.father, dossier)
    f.settle()

    now = f.fresh(dossier)
    assert (now.state, now.national_state, now.money_state) == ("withdrawn", 7, "cancelled")
    assert now.closing.kind == "withdrawn"
    assert f.told(dossier)[-2:].count("public_services.dossier.closed") == 1
    assert "public_services.dossier.withdraw" in f.trail(dossier)
    assert whole.whole(province.motcua, dossier.code, now=f.later(70)).tasks == []
    paper = IssuedForm.objects.get(dossier=dossier, form="mau_05")
    assert paper.state == "signed"


def test_a_dossier_that_waits_for_a_supplement_can_be_withdrawn(province):
    dossier = f.ask(province, f.submitted(province), minutes=5)
    withdraw(province.father, dossier)
    assert f.fresh(dossier).state == "withdrawn"


def test_nobody_withdraws_while_the_leader_s_signature_is_made(province):
    dossier = f.signing_ordered(province)
    with pytest.raises(SigningUnderWay, match="đang được ký số"):
        withdraw(province.father, dossier)
    assert f.fresh(dossier).state == "signing"
    assert f.told(dossier).count("public_services.dossier.closed") == 0


def test_where_the_signature_failed_the_dossier_can_be_withdrawn(province):
    dossier = f.signing_ordered(province)
    signing.Certificate.objects.filter(holder=province.chutich.person).update(revoked_at=f.later(1))
    f.settle()
    assert Decision.objects.get(dossier=dossier).state == "failed"
    withdraw(province.father, dossier)
    assert f.fresh(dossier).state == "withdrawn"


@pytest.mark.parametrize("step", ["sign", "seal"])
def test_a_signature_that_comes_to_an_ended_dossier_is_noted_without_effect(province, step):
    dossier = f.signing_ordered(province) if step == "sign" else f.sealing_ordered(province)
    Dossier.objects.filter(id=dossier.id).update(state="withdrawn")
    f.settle()

    decision = Decision.objects.get(dossier=dossier)
    assert (f.fresh(dossier).state, decision.state, decision.sealed_id) == (
        "withdrawn", "failed", None,
    )  # fmt: skip
    assert f.trail(dossier)[-1] == "public_services.dossier.signature_discarded"
    assert "public_services.result.issued" not in f.told(dossier)
    [last] = signing.requests_of(dossier.id)[:1]
    assert [one.owner_id for one in files.files(last.signed).values()] == [None]
    assert jobs.dead() == []


def test_charges_of_a_withdrawn_dossier_are_cancelled(province):
    dossier = f.submitted(province)
    withdraw(province.father, dossier)
    assert f.fresh(dossier).money_state == "cancelled"
    assert set(dossier.fee_lines.values_list("state", flat=True)) == {"cancelled"}


def test_what_was_paid_stays_paid(province):
    dossier = f.submitted(province)
    Dossier.objects.filter(id=dossier.id).update(money_state="paid")
    dossier.fee_lines.update(state="paid")
    withdraw(province.father, dossier)
    assert f.fresh(dossier).money_state == "paid"
    assert set(dossier.fee_lines.values_list("state", flat=True)) == {"paid"}


def test_a_signed_answer_cannot_be_withdrawn(province):
    with pytest.raises(VersionConflict):
        withdraw(province.father, f.signed(province))


def test_withdrawing_needs_a_reason(province):
    with pytest.raises(Invalid) as refused:
        withdraw(province.father, f.submitted(province), reason=" ")
    assert refused.value.fields.keys() == {"reason"}


def test_only_a_party_withdraws_and_others_do_not_learn_of_the_dossier(province):
    dossier = f.submitted(province)
    for actor in (province.stranger, province.motcua, Actor()):
        with pytest.raises(NotFound):
            withdraw(actor, dossier)


def test_withdrawing_what_changed_meanwhile_says_who_did_what(province):
    dossier = f.received(province)
    with pytest.raises(VersionConflict) as refused:
        withdraw(province.father, dossier, version=1)
    assert (refused.value.who, refused.value.what, refused.value.when) == (
        "Hoàng Thị Một Cửa", "tiếp nhận hồ sơ", f.later(10),
    )  # fmt: skip


# -- News


def test_the_parties_are_told_at_each_turn(province):
    dossier = f.received(province)
    f.settle()
    assert news(dossier) == ["public_services.submitted", "public_services.received"]


def news(dossier):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT template FROM notifications_notification WHERE record = %s ORDER BY id",
            [dossier.id],
        )
        return [template for (template,) in cursor.fetchall()]


def test_audit_names_no_value(province):
    dossier = submit(province.father)
    [line] = audit.trail(audit.Subject(kind=KIND, id=dossier.id))
    assert line.account == province.father.account
    assert isinstance(dossier.id, UUID)

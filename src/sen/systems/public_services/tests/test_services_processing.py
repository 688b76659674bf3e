"""Settlement: assign and reassign, ask for more and take the answer, propose, check, return."""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import COMMAND
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.data import PaperInput, SupplementItem
from sen.systems.public_services.models import Decision, DossierPaper, SupplementRequest
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import deciding, processing
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")


def assign(actor, dossier, to):
    return processing.assign_dossier(
        actor=actor, order=f.order(dossier), to=to.account, at=f.later(20)
    )


def family(official, province):
    identity.add_kinship(
        COMMAND, person=province.father.person, relative=official.person,
        kind=identity.KinshipKind.SPOUSE, at=f.MORNING,
    )  # fmt: skip


def task_of(dossier, act):
    [found] = [one for one in workflow.record_tasks(dossier.id) if one.act.endswith(act)]
    return found


# -- Assign


def test_a_dossier_is_given_to_an_official_and_then_to_another(province):
    dossier = assign(province.chanhvanphong, f.received(province), province.hotich)
    assert (dossier.state, dossier.national_state) == ("processing", 4)
    assert task_of(dossier, ".propose").assignee == province.hotich.account
    assign(province.chanhvanphong, dossier, province.chanhvanphong)
    assert task_of(dossier, ".propose").assignee == province.chanhvanphong.account
    assert f.trail(dossier).count("public_services.dossier.assign") == 2


@pytest.mark.parametrize("who", ["motcua", "hotich", "chutich", "far_chanhvanphong"])
def test_only_the_head_of_the_competent_unit_assigns(province, who):
    with pytest.raises(NotAllowed):
        assign(getattr(province, who), f.received(province), province.hotich)


@pytest.mark.parametrize("to", ["vanthu", "far_hotich"])
def test_work_is_given_only_to_who_may_do_it(province, to):
    with pytest.raises(Invalid) as refused:
        assign(province.chanhvanphong, f.received(province), getattr(province, to))
    assert refused.value.fields.keys() == {"to"}


def test_a_dossier_is_not_given_to_the_owner_s_family(province):
    family(province.hotich, province)
    with pytest.raises(access.ConflictOfInterest):
        assign(province.chanhvanphong, f.received(province), province.hotich)


def test_assigning_an_answer_under_way_is_refused(province):
    with pytest.raises(Conflict):
        assign(province.chanhvanphong, f.proposed(province), province.hotich)


# -- Supplement


def answer(actor, dossier, *, papers=(), text="", minutes=90.0):
    return processing.answer_supplement(
        actor=actor, order=f.order(dossier), given=papers, answer=text, at=f.later(minutes)
    )


def test_asking_stops_the_clock_and_the_answer_lets_it_run(province):
    dossier = f.ask(province, f.assigned(province), minutes=30)
    paused = whole.whole(province.father, dossier.code, now=f.later(60))
    assert (dossier.state, dossier.national_state, paused.clock.state) == (
        "supplement",
        5,
        "paused",
    )
    assert paused.open_supplement is not None

    again = PaperInput(code="giay_chung_sinh", files=(f.file(province.father),))
    answer(province.father, dossier, papers=[again], minutes=90)

    now = f.fresh(dossier)
    request = SupplementRequest.objects.get(dossier=dossier)
    assert (now.state, now.due_at) == ("processing", dossier.due_at)
    # một giờ chờ bổ sung, 9:30 đến 10:30, đẩy 17:00 thứ Sáu sang 9:00 thứ Hai
    waited = now.expected_at.astimezone(f.MORNING.tzinfo) - dossier.due_at
    assert waited > dt.timedelta(0)
    assert request.answered_at == f.later(90)
    assert DossierPaper.objects.filter(dossier=dossier, supplement=request.id).count() == 1
    assert f.told(dossier)[-1] == "public_services.dossier.supplemented"
    assert f.trail(dossier)[-1] == "public_services.dossier.supplement"
    assert whole.whole(province.father, dossier.code, now=f.later(95)).open_supplement is None


def test_the_counter_takes_the_answer_of_who_has_no_account(province):
    dossier = f.ask(province, f.assigned(province))
    assert answer(province.motcua, dossier, text="Nộp bản giấy tại quầy").state == "processing"


@pytest.mark.parametrize(
    ("who", "error"),
    [("stranger", NotFound), ("hotich", NotAllowed), ("far_motcua", NotAllowed)],
)
def test_others_do_not_answer(province, who, error):
    dossier = f.ask(province, f.assigned(province))
    with pytest.raises(error):
        answer(getattr(province, who), dossier, text="x")


def test_an_answer_says_or_brings_something(province):
    dossier = f.ask(province, f.assigned(province))
    with pytest.raises(Invalid) as refused:
        answer(province.father, dossier, text="  ")
    assert refused.value.fields.keys() == {"answer"}


def test_an_answer_brings_only_papers_of_the_case(province):
    dossier = f.ask(province, f.assigned(province))
    with pytest.raises(Invalid) as refused:
        answer(province.father, dossier, papers=[PaperInput(code="khac", note="x")])
    assert refused.value.fields.keys() == {"papers.khac"}


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([], "items"),
        ([SupplementItem(kind="other", code="", what="x", reason="")], "items.0.reason"),
    ],
)
def test_a_request_is_itemised_with_reasons(province, items, field):
    dossier = f.assigned(province)
    with pytest.raises(Invalid) as refused:
        processing.request_supplement(
            actor=province.hotich, order=f.order(dossier), items=items, at=f.later(30)
        )
    assert refused.value.fields.keys() == {field}
    assert f.fresh(dossier).state == "processing"


def test_the_specialist_who_has_the_work_asks(province):
    dossier = assign(province.chanhvanphong, f.received(province), province.chanhvanphong)
    with pytest.raises(NotAllowed):
        f.ask(province, dossier)


def test_nothing_is_asked_for_while_the_draft_is_being_checked(province):
    with pytest.raises(Conflict):
        f.ask(province, f.proposed(province), minutes=45)


def test_nobody_answers_what_was_not_asked(province):
    with pytest.raises(VersionConflict):
        answer(province.father, f.assigned(province), text="x")


# -- Propose and check


def test_a_draft_is_put_before_the_head_of_office(province):
    dossier = f.proposed(province)
    decision = Decision.objects.get(dossier=dossier)
    assert (decision.kind, decision.state, decision.round) == ("result", "draft", 1)
    assert (decision.signer, decision.proposed_by) == (
        province.chutich.account,
        province.hotich.account,
    )
    assert task_of(dossier, ".check")
    assert f.trail(dossier)[-1] == "public_services.dossier.propose"


def test_a_deputy_can_be_named_to_sign(province):
    dossier = f.assigned(province)
    proposal = Proposal(signer=province.phochutich.account)
    processing.propose_result(
        actor=province.hotich, order=f.order(dossier), proposal=proposal, at=f.later(40)
    )
    assert Decision.objects.get().signer == province.phochutich.account


def propose(actor, dossier, **said):
    return processing.propose_result(
        actor=actor, order=f.order(dossier), proposal=Proposal(**said), at=f.later(40)
    )


@pytest.mark.parametrize(
    ("who", "error"),
    [("chanhvanphong", NotAllowed), ("motcua", NotAllowed), ("far_hotich", NotFound),
     ("stranger", NotFound)],
)  # fmt: skip
def test_only_who_has_the_work_proposes(province, who, error):
    dossier = f.assigned(province)
    with pytest.raises(error):
        propose(getattr(province, who), dossier)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "refusal", "ground": "Luật"}, "reason"),
        ({"kind": "refusal", "reason": "Vì"}, "ground"),
        ({"signer": new_id()}, "signer"),
    ],
)
def test_a_proposal_that_does_not_hold_is_told(province, said, field):
    dossier = f.assigned(province)
    with pytest.raises(Invalid) as refused:
        propose(province.hotich, dossier, **said)
    assert refused.value.fields.keys() == {field}


def test_nobody_examines_a_dossier_of_their_family(province):
    dossier = f.assigned(province)
    family(province.hotich, province)
    with pytest.raises(access.ConflictOfInterest):
        propose(province.hotich, dossier)


def check(actor, dossier, *, is_agreed=True, comment=""):
    return processing.check_proposal(
        actor=actor, order=f.order(dossier), is_agreed=is_agreed, comment=comment, at=f.later(50)
    )


def test_an_agreed_draft_goes_to_the_named_leader(province):
    dossier = check(province.chanhvanphong, f.proposed(province))
    assert dossier.state == "signing"
    assert task_of(dossier, ".sign").assignee == province.chutich.account


def test_a_draft_is_returned_twice_and_each_time_says_why(province):
    dossier = f.proposed(province)
    for number in (2, 3):
        check(province.chanhvanphong, dossier, is_agreed=False, comment="Sai nơi sinh")
        assert f.fresh(dossier).state == "processing"
        assert Decision.objects.get().round == number
        assert task_of(dossier, ".propose").assignee == province.hotich.account
        f.propose(province, dossier)
    f.check(province, dossier)
    deciding.return_for_rework(
        actor=province.chutich, order=f.order(dossier), comment="Xem lại", at=f.later(60)
    )
    assert Decision.objects.get().round == 4


def test_a_return_needs_a_comment(province):
    with pytest.raises(Invalid) as refused:
        check(province.chanhvanphong, f.proposed(province), is_agreed=False, comment=" ")
    assert refused.value.fields.keys() == {"comment"}


@pytest.mark.parametrize("who", ["hotich", "chutich", "far_chanhvanphong"])
def test_only_the_head_of_office_checks(province, who):
    with pytest.raises(NotAllowed):
        check(getattr(province, who), f.proposed(province))


def test_two_officials_on_one_task_second_is_told_who_did_what(province):
    dossier = f.proposed(province)
    seen = f.order(dossier)
    check(province.chanhvanphong, dossier)
    with pytest.raises(VersionConflict) as refused:
        processing.check_proposal(
            actor=province.chanhvanphong, order=seen, is_agreed=False, comment="x", at=f.later(51)
        )
    assert (refused.value.who, refused.value.what, refused.value.when) == (
        "Võ Văn Chánh Phòng", "thẩm tra dự thảo", f.later(50),
    )  # fmt: skip


def test_answers_survive_every_turn(province):
    dossier = f.checked(province)
    with access.acting(province.father):
        assert forms.read_answers(dossier.id)["child_full_name"] == "Nguyễn An Thử"

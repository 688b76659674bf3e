"""A council: convened by its chair, each member's opinion, the majority, the minutes, the certificate.

Nguồn: Luật Người khuyết tật 51/2010/QH12, Điều 16.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from sen.base.actor import COMMAND
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access.public import ConflictOfInterest
from sen.kernel.files import public as files
from sen.kernel.identity import public as identity
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Council, CouncilSeat, Decision, Dossier, Findings
from sen.systems.public_services.queries import whole
from sen.systems.public_services.rules import council as rules
from sen.systems.public_services.services import council, deciding, minutes, processing
from sen.systems.public_services.services import findings as findings_services
from sen.systems.public_services.services.council import Convening
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.test_api import of

pytestmark = pytest.mark.django_db

POSTS = {
    "seat_social": "xahoi", "seat_health": "tramyte", "seat_front": "mattran",
    "seat_women": "phunu", "seat_youth": "doanthanhnien", "seat_veterans": "cuuchienbinh",
}  # fmt: skip
SEVERE = {"degree": "severe", "kinds": ["movement"], "signs": "Đi lại cần người giúp"}
LIGHT = {"degree": "light", "kinds": ["movement"]}
NONE = {"degree": "none"}


@pytest.fixture
def cast(province) -> SimpleNamespace:
    for name in POSTS.values():
        setattr(province, name, f.official(f"{name}.truongvinh"))
    return province


def ready(cast: SimpleNamespace) -> Dossier:
    """Assigned; the council is to be convened."""
    return procedures.assigned(cast, "disability")


def convene(cast: SimpleNamespace, dossier: Dossier, actor=None, **seats: UUID | None) -> Dossier:
    return council.convene_council(
        actor=actor or cast.chutich,
        order=f.order(dossier),
        convening=Convening(meets_at=f.later(600), place="Trụ sở phường", seats=seats),
        at=f.later(30),
    )


def convened(cast: SimpleNamespace) -> Dossier:
    return convene(cast, ready(cast))


def opine(cast: SimpleNamespace, dossier: Dossier, name: str, said: dict[str, Any]) -> Dossier:
    return council.give_opinion(
        actor=getattr(cast, name), order=f.order(dossier), findings=said, at=f.later(610)
    )


def heard(cast: SimpleNamespace, *said: dict[str, Any], dossier: Dossier | None = None) -> Dossier:
    """Six opinions, the last one repeated for whoever is left."""
    made = dossier or convened(cast)
    for place, name in enumerate(POSTS.values()):
        opine(cast, made, name, said[min(place, len(said) - 1)])
    return made


def conclude(cast: SimpleNamespace, dossier: Dossier, own: dict[str, Any], actor=None) -> Dossier:
    return minutes.conclude_council(
        actor=actor or cast.chutich, order=f.order(dossier), findings=own, at=f.later(640)
    )


def excuse(cast: SimpleNamespace, dossier: Dossier, seat: str, reason: str = "Đi công tác"):
    return council.excuse_member(
        actor=cast.chutich, order=f.order(dossier), seat=seat, reason=reason, at=f.later(605)
    )


def kin(person: UUID, of: UUID) -> None:
    """Make one person the child of another."""
    identity.Kinship.objects.create(person_id=person, relative_id=of, kind="parent")


def said(file: files.File) -> str:
    document = pypdfium2.PdfDocument(files.read(file))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


# -- The law: two thirds, the majority, the chair where votes are even


@pytest.mark.parametrize(
    ("members", "least"), [(1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (7, 5), (8, 6)]
)
def test_two_thirds_have_to_be_there(members, least):
    """Điều 16 khoản 3: ít nhất hai phần ba số thành viên."""
    assert rules.needed(members, numerator=2, denominator=3) == least


@given(st.integers(1, 200))
def test_two_thirds_are_never_less_and_never_one_more(members):
    least = rules.needed(members, numerator=2, denominator=3)
    assert 3 * least >= 2 * members > 3 * (least - 1)


@pytest.mark.parametrize(
    ("opinions", "chair", "value", "is_by_chair"),
    [
        (["severe"] * 4 + ["light"] * 3, "light", "severe", False),
        (["severe"] * 3 + ["light"] * 3, "light", "light", True),
        (["severe"] * 3 + ["light"] * 3, "severe", "severe", True),
        (["severe"] * 3 + ["light"] * 3 + ["none"], "none", None, False),
        (["none"], "none", "none", False),
        (["severe"] * 2 + ["light"] * 2 + ["none"] * 2, "none", "none", True),
    ],
)
def test_the_majority_concludes_and_the_chair_where_votes_are_even(
    opinions, chair, value, is_by_chair
):
    """Điều 16 khoản 3: biểu quyết theo đa số; ngang nhau thì theo ý kiến của Chủ tịch Hội đồng."""
    tally = rules.one_of(opinions, chair=chair)
    assert (tally.value, tally.is_by_chair) == (value, is_by_chair)
    assert sum(tally.votes.values()) == len(opinions)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=9), st.data())
def test_what_is_concluded_has_as_many_votes_as_any(opinions, data):
    chair = data.draw(st.sampled_from(opinions))
    tally = rules.one_of(opinions, chair=chair)
    if tally.value is not None:
        assert tally.votes[tally.value] == max(tally.votes.values())


@pytest.mark.parametrize(
    ("opinions", "chair", "value", "is_by_chair"),
    [
        ([["a"], ["a", "b"], ["b"]], ["a"], ["a", "b"], False),
        ([["a"], ["b"]], ["b"], ["b"], True),
        ([["a"], ["b"], [], []], [], [], False),
        ([[], []], [], [], False),
    ],
)
def test_of_several_values_those_hold_that_more_than_half_named(
    opinions, chair, value, is_by_chair
):
    tally = rules.several_of(opinions, chair=chair)
    assert (tally.value, tally.is_by_chair) == (value, is_by_chair)


# -- Convening


def test_each_member_gets_a_task_and_a_seat_nobody_holds_is_vacant(cast):
    dossier = convened(cast)
    seats = {seat.step: seat for seat in CouncilSeat.objects.filter(dossier=dossier)}
    assert {step: seat.attendance for step, seat in seats.items()} == {
        **dict.fromkeys(POSTS, "awaited"), "seat_disabled": "vacant",
    }  # fmt: skip
    given_to = {task.step: task.assignee for task in workflow.record_tasks(dossier.id)}
    assert given_to == {step: getattr(cast, name).account for step, name in POSTS.items()}
    assert f.trail(dossier)[-1] == "public_services.dossier.convene"
    row = Council.objects.get(dossier=dossier)
    assert (row.chair, row.meets_at, row.state) == (cast.chutich.account, f.later(600), "draft")


def test_who_may_convene(cast):
    dossier = ready(cast)
    for actor, refusal in (
        (cast.phochutich, NotAllowed),
        (cast.hotich, NotAllowed),
        (cast.tramyte, NotAllowed),
        (cast.far_chutich, NotAllowed),
        (cast.father, NotFound),
    ):
        with pytest.raises(refusal):
            convene(cast, dossier, actor)
    assert not Council.objects.filter(dossier=dossier).exists()


def test_a_council_is_refused_by_seat(cast):
    dossier = ready(cast)
    with pytest.raises(Invalid) as refused:
        council.convene_council(
            actor=cast.chutich,
            order=f.order(dossier),
            convening=Convening(
                meets_at=f.later(-1),
                place=" ",
                seats={
                    "seat_health": cast.hotich.account,
                    "seat_front": cast.phunu.account,
                    "seat_nowhere": cast.phunu.account,
                },
            ),
            at=f.later(30),
        )
    assert set(refused.value.fields) == {
        "meets_at", "place", "seats.seat_health", "seats.seat_women", "seats.seat_nowhere",
    }  # fmt: skip


def test_a_council_of_one_is_none(cast):
    dossier = ready(cast)
    nobody = dict.fromkeys([step for step in POSTS if step != "seat_health"])
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier, **nobody)
    assert set(refused.value.fields) == {"seats"}


def test_a_procedure_without_a_council_has_none_to_convene(cast):
    dossier = f.assigned(cast)
    with pytest.raises(Conflict):
        convene(cast, dossier)


def test_family_of_the_party_is_refused_a_seat(cast):
    """Luật Phòng, chống tham nhũng 36/2018/QH14, Điều 23."""
    dossier = ready(cast)
    kin(dossier.party_persons[0], cast.phunu.person)
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier)
    assert set(refused.value.fields) == {"seats.seat_women"}
    dossier = convene(cast, dossier, seat_women=None)
    assert CouncilSeat.objects.get(dossier=dossier, step="seat_women").attendance == "vacant"


def test_family_of_whoever_is_assessed_is_refused_too(cast):
    """The person may be another than the applicant, and no party of the dossier."""
    about = identity.ensure_person(
        COMMAND, national_number="040213000101", full_name="Lê Văn Con", at=f.MORNING
    )
    case = procedures.case_of("disability")
    told = procedures.filing_at_the_counter(cast, "disability", case)
    dossier = procedures.assigned(
        cast,
        "disability",
        answers={
            **told.answers,
            "applies_for": "other",
            "person_number": "040213000101",
            "person_birth_date": "2013-05-02",
        },
    )
    kin(about.id, cast.tramyte.person)
    with pytest.raises(Invalid) as refused:
        convene(cast, dossier)
    assert set(refused.value.fields) == {"seats.seat_health"}


def test_the_chair_of_their_own_family_does_not_convene(cast):
    dossier = ready(cast)
    kin(dossier.party_persons[0], cast.chutich.person)
    with pytest.raises(ConflictOfInterest):
        convene(cast, dossier)


# -- Opinions


def test_an_opinion_is_sealed_and_leaves_the_version_for_the_others(cast):
    dossier = convened(cast)
    seen = f.order(dossier)
    for name in ("tramyte", "phunu"):
        council.give_opinion(
            actor=getattr(cast, name), order=seen, findings=SEVERE, at=f.later(610)
        )
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_health")
    assert (seat.attendance, seat.opined_at) == ("present", f.later(610))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_values, sealed FROM forms_answers WHERE record = %s", [seat.id]
        )
        public, sealed = cursor.fetchone()
    assert public in ({}, "{}")
    assert "severe" not in str(sealed)
    assert f.trail(dossier)[-2:] == ["public_services.dossier.opine"] * 2


def test_who_may_speak(cast):
    dossier = convened(cast)
    for actor, refusal in (
        (cast.hotich, NotAllowed),
        (cast.far_chutich, NotAllowed),
        (cast.father, NotFound),
    ):
        with pytest.raises(refusal):
            council.give_opinion(
                actor=actor, order=f.order(dossier), findings=SEVERE, at=f.later(610)
            )
    opine(cast, dossier, "tramyte", SEVERE)
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "tramyte", LIGHT)


def test_an_opinion_that_does_not_hold_is_refused_by_field(cast):
    dossier = convened(cast)
    with pytest.raises(Invalid) as refused:
        opine(cast, dossier, "tramyte", {"degree": "la", "kinds": ["la"]})
    assert "findings.degree" in refused.value.fields


def test_an_absent_member_is_noted_with_the_reason_and_the_meeting_goes_on(cast):
    dossier = convened(cast)
    with pytest.raises(Invalid) as refused:
        excuse(cast, dossier, "seat_youth", " ")
    assert set(refused.value.fields) == {"reason"}
    excuse(cast, dossier, "seat_youth")
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_youth")
    assert (seat.attendance, seat.reason) == ("absent", "Đi công tác")
    with pytest.raises(council.NotYourSeat):
        excuse(cast, dossier, "seat_youth")
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "doanthanhnien", SEVERE)


def test_only_the_chair_notes_and_replaces(cast):
    dossier = convened(cast)
    for verb, more in (
        (council.excuse_member, {"seat": "seat_youth", "reason": "Ốm"}),
        (council.replace_member, {"seat": "seat_youth", "to": cast.phunu.account}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor=cast.tramyte, order=f.order(dossier), at=f.later(605), **more)


def test_a_member_is_replaced_and_the_former_has_no_say(cast):
    dossier = convene(cast, ready(cast), seat_youth=None, seat_veterans=cast.doanthanhnien.account)
    seen = f.order(dossier)
    council.replace_member(
        actor=cast.chutich,
        order=seen,
        seat="seat_veterans",
        to=cast.cuuchienbinh.account,
        at=f.later(605),
    )
    with pytest.raises(VersionConflict):
        council.give_opinion(actor=cast.cuuchienbinh, order=seen, findings=SEVERE, at=f.later(610))
    with pytest.raises(council.NotYourSeat):
        opine(cast, dossier, "doanthanhnien", SEVERE)
    opine(cast, dossier, "cuuchienbinh", SEVERE)
    seat = CouncilSeat.objects.get(dossier=dossier, step="seat_veterans")
    assert (seat.account, seat.attendance) == (cast.cuuchienbinh.account, "present")


def test_a_replacement_is_refused_as_a_member_would_be(cast):
    dossier = convene(cast, ready(cast), seat_youth=None)
    kin(dossier.party_persons[0], cast.doanthanhnien.person)
    for to in (cast.doanthanhnien, cast.hotich, cast.phunu, cast.chutich):
        with pytest.raises(Invalid) as refused:
            council.replace_member(
                actor=cast.chutich,
                order=f.order(dossier),
                seat="seat_veterans",
                to=to.account,
                at=f.later(605),
            )
        assert set(refused.value.fields) == {"to"}


# -- The conclusion


def test_the_majority_is_concluded_in_signed_minutes(cast):
    dossier = heard(cast, SEVERE, SEVERE, SEVERE, SEVERE, LIGHT)
    conclude(cast, dossier, LIGHT)
    row = Council.objects.get(dossier=dossier)
    assert (row.state, row.number, row.concluded_at) == ("signed", 1, f.later(640))
    paper = said(row.minutes)
    for words in (
        "HỘI ĐỒNG", "1. Ý kiến của các thành viên", "2. Biểu quyết", "3. Kết luận", "Phạm Văn Trạm Y Tế", "7 trên 7 thành viên", "Mức độ khuyết tật: Nặng",
        "Kết luận được thông qua theo đa số",
    ):  # fmt: skip
        assert words in paper, words
    report = signing.verify(files.read(row.minutes), at=f.later(641))
    assert [one.field for one in report.signatures] == ["NguoiKy"]
    shown = whole.whole(cast.hotich, dossier.code, now=f.later(641))
    assert shown.findings == LIGHT | {"degree": "severe"}
    assert Findings.objects.get(dossier=dossier).established_by == cast.chutich.account
    assert [task.act for task in shown.tasks] == ["public_services.propose"]


def test_even_votes_are_decided_by_the_chair_and_the_minutes_say_so(cast):
    dossier = convene(cast, ready(cast), seat_veterans=None)
    for name, opinion in zip(
        ("xahoi", "tramyte", "mattran", "phunu", "doanthanhnien"),
        (SEVERE, SEVERE, SEVERE, LIGHT, LIGHT),
        strict=True,
    ):
        opine(cast, dossier, name, opinion)
    conclude(cast, dossier, LIGHT)
    paper = said(Council.objects.get(dossier=dossier).minutes)
    assert "theo ý kiến của Chủ tịch Hội đồng" in paper
    shown = whole.whole(cast.chutich, dossier.code, now=f.later(641))
    assert shown.findings is not None
    assert shown.findings["degree"] == "light"


def test_a_chair_who_joins_neither_of_even_opinions_is_asked_to(cast):
    dossier = heard(cast, SEVERE, SEVERE, SEVERE, LIGHT)
    with pytest.raises(Invalid) as refused:
        conclude(cast, dossier, NONE)
    assert set(refused.value.fields) == {"findings.degree"}
    assert Council.objects.get(dossier=dossier).number is None


def test_fewer_than_two_thirds_conclude_nothing(cast):
    dossier = convened(cast)
    for step in ("seat_social", "seat_health", "seat_front"):
        excuse(cast, dossier, step)
    for name in ("phunu", "doanthanhnien", "cuuchienbinh"):
        opine(cast, dossier, name, SEVERE)
    with pytest.raises(minutes.TooFewPresent):
        conclude(cast, dossier, SEVERE)
    assert Council.objects.get(dossier=dossier).concluded_at is None


def test_nothing_is_concluded_before_everybody_spoke_or_is_excused(cast):
    dossier = convened(cast)
    opine(cast, dossier, "tramyte", SEVERE)
    with pytest.raises(workflow.AlreadyDone):
        conclude(cast, dossier, SEVERE)


def test_who_may_conclude(cast):
    dossier = heard(cast, SEVERE)
    for actor, refusal in ((cast.phochutich, NotAllowed), (cast.tramyte, NotAllowed)):
        with pytest.raises(refusal):
            conclude(cast, dossier, SEVERE, actor)


def test_a_key_elsewhere_signs_the_minutes_later_and_the_certificate_waits(cast):
    dossier = heard(cast, SEVERE)
    with f.key_elsewhere(cast.chutich.person):
        conclude(cast, dossier, SEVERE)
    assert Council.objects.get(dossier=dossier).state == "requested"
    with pytest.raises(findings_services.NotConcluded):
        f.propose(cast, dossier)
    f.settle()
    row = Council.objects.get(dossier=dossier)
    assert row.state == "signed"
    assert signing.verify(files.read(row.minutes), at=f.later(700)).signatures
    f.propose(cast, dossier)
    assert Decision.objects.filter(dossier=dossier).exists()


def test_minutes_that_could_not_be_signed_are_signed_again(cast):
    dossier = heard(cast, SEVERE)
    with f.key_elsewhere(cast.chutich.person):
        conclude(cast, dossier, SEVERE)
    request = signing.SignatureRequest.objects.get(purpose=minutes.PURPOSE)
    for _ in range(2):  # a repeat changes nothing
        minutes.record_signature(
            actor=COMMAND,
            record=dossier.id,
            request=request.id,
            signed=None,
            failure="Thẻ bị khóa",
            at=f.later(650),
        )
    row = Council.objects.get(dossier=dossier)
    assert (row.state, row.failure) == ("failed", "Thẻ bị khóa")
    request.delete()
    shown = whole.whole(cast.chutich, dossier.code, now=f.later(651))
    assert "sign_minutes" in shown.acts
    assert "Thẻ bị khóa" in text(browser(cast.chutich).get(f"/ho-so/{dossier.code}/"))
    minutes.sign_minutes(actor=cast.chutich, order=f.order(dossier), at=f.later(660))
    f.settle()
    assert Council.objects.get(dossier=dossier).state == "signed"
    with pytest.raises(Conflict):
        minutes.sign_minutes(actor=cast.chutich, order=f.order(dossier), at=f.later(670))


# -- The certificate


def test_the_certificate_says_what_the_council_concluded(cast):
    dossier = heard(cast, SEVERE)
    conclude(cast, dossier, SEVERE)
    f.propose(cast, dossier)
    f.check(cast, dossier)
    deciding.sign_result(actor=cast.chutich, order=f.order(dossier), at=f.later(700))
    deciding.issue_result(actor=cast.vanthu, order=f.order(dossier), at=f.later(710))
    paper = said(Decision.objects.get(dossier=dossier).sealed)
    for words in ("Vận động", "Nặng", "Số 01/BB-HĐXĐKT ngày 20/11/2026"):
        assert words in paper, words
    assert f.fresh(dossier).state == "issued"


def test_the_specialist_changes_nothing_of_it(cast):
    dossier = heard(cast, SEVERE)
    conclude(cast, dossier, SEVERE)
    with pytest.raises(findings_services.NothingToEstablish):
        f.propose(cast, dossier, findings=LIGHT)
    assert "establish" not in whole.whole(cast.hotich, dossier.code, now=f.later(650)).acts


def test_no_disability_is_answered_by_a_refusal(cast):
    dossier = heard(cast, NONE)
    conclude(cast, dossier, NONE)
    with pytest.raises(findings_services.NotConcluded):
        f.propose(cast, dossier)
    proposal = Proposal(
        kind="refusal", reason="Hội đồng kết luận không khuyết tật", ground="Luật NKT, Điều 18"
    )
    processing.propose_result(
        actor=cast.hotich, order=f.order(dossier), proposal=proposal, at=f.later(650)
    )
    assert Decision.objects.get(dossier=dossier).kind == "refusal"


# -- On pages and by the API


def test_each_session_does_its_part_on_the_page(cast):
    dossier = ready(cast)
    path = f"/ho-so/{dossier.code}/"
    chair = browser(cast.chutich)
    page = text(chair.get(path))
    assert 'name="member_seat_health"' in page

    def post(client, act, **typed):
        sent = {"version": f.fresh(dossier).version, **typed}
        return client.post(f"{path}viec/{act}/", sent)

    wrong = post(chair, "convene", meets_on="31/02/2026", meets_time="8", place="")
    assert wrong.status_code == 422
    for field in ("meets_on", "meets_time", "place"):
        assert f'href="#id_{field}"' in text(wrong)
    wrong = post(
        chair,
        "convene",
        meets_on="1/12/2026",
        meets_time="08:30",
        place="Trụ sở",
        member_seat_health=str(cast.phunu.account),
    )
    assert wrong.status_code == 422
    assert 'href="#id_member_seat_women"' in text(wrong)
    done = post(chair, "convene", meets_on="1/12/2027", meets_time="08:30", place="Trụ sở")
    assert done.status_code == 303, text(done)
    version = str(dossier.case.findings_version_id)
    for name in POSTS.values():
        member = browser(getattr(cast, name))
        assert "Gửi ý kiến" in text(member.get(path))
        said_ = post(member, "opine", findings=version, degree="severe", kinds=["movement"])
        assert said_.status_code == 303, text(said_)
        assert "Gửi ý kiến" not in text(member.get(path))
    assert "Kết luận, ký biên bản" in text(chair.get(path))
    wrong = post(chair, "conclude", findings=version, signs="Đã ghi")
    assert wrong.status_code == 422
    assert 'href="#id_degree"' in text(wrong)
    assert "Đã ghi" in text(wrong)
    done = post(chair, "conclude", findings=version, degree="severe", kinds=["movement"])
    assert done.status_code == 303, text(done)
    page = text(browser(cast.hotich).get(path))
    assert "Đọc biên bản" in page
    assert "Mức độ khuyết tật" in page
    assert post(browser(cast.hotich), "propose", kind="result").status_code == 303


def test_programs_do_the_same(cast):
    dossier = ready(cast)
    path = f"/dossiers/{dossier.code}"

    def ask(name, act, **body):
        sent = {"version": f.fresh(dossier).version, **body}
        answer = of(name).ask("POST", f"{path}/{act}", sent)
        assert answer.status_code == 200, answer.content

    ask("chutich", "council", meets_at="2027-12-01T08:30:00+07:00", place="Trụ sở")
    ask("chutich", "council-absence", seat="seat_youth", reason="Ốm")
    for name in POSTS.values():
        if name != "doanthanhnien":
            ask(name, "opinion", findings=SEVERE)
    ask("chutich", "conclusion", findings=SEVERE)
    assert of("hotich").ask("GET", path).json()["findings"] == SEVERE


def test_a_council_costs_nothing_to_a_dossier_without_one(cast):
    dossier = f.assigned(cast)
    with CaptureQueriesContext(connection) as seen:
        whole.whole(cast.hotich, dossier.code, now=f.later(30))
    asked = [one["sql"] for one in seen.captured_queries]
    assert [sql for sql in asked if "council" in sql or "findings" in sql.split("FROM")[-1]] == []


def test_a_dossier_withdrawn_while_the_council_sits_ends_everything(cast):
    dossier = convened(cast)
    owner = f.citizen(procedures.OLD["requester_number"])
    withdrawal.withdraw_dossier(
        actor=owner, order=f.order(dossier), reason="Chuyển nơi ở", at=f.later(606)
    )
    assert workflow.record_tasks(dossier.id) == []
    with pytest.raises(VersionConflict):
        opine(cast, dossier, "tramyte", SEVERE)


def test_a_stale_page_convenes_nothing(cast):
    dossier = ready(cast)
    with pytest.raises(VersionConflict):
        council.convene_council(
            actor=cast.chutich,
            order=Ordered(code=dossier.code, version=1),
            convening=Convening(meets_at=f.later(600), place="Trụ sở"),
            at=f.later(30),
        )
    assert not Council.objects.filter(dossier=dossier).exists()

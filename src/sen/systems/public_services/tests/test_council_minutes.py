"""What a council concludes: the majority, the minutes and their signature, the certificate."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sen.base.actor import COMMAND
from sen.base.errors import Conflict, DomainError, Invalid, NotAllowed, VersionConflict
from sen.kernel.files import public as files
from sen.kernel.legal import public as legal
from sen.kernel.papers import public as papers
from sen.kernel.signing import public as signing
from sen.kernel.workflow import public as workflow
from sen.systems.public_services.models import Council, Decision, Findings
from sen.systems.public_services.queries import whole
from sen.systems.public_services.services import council, deciding, minutes, processing
from sen.systems.public_services.services import findings as findings_services
from sen.systems.public_services.services.council import Convening
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.filing import withdrawal
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.councils import (
    LIGHT,
    NONE,
    POSTS,
    SEVERE,
    conclude,
    convene,
    convened,
    excuse,
    heard,
    members_of,
    opine,
    ready,
    said,
)
from sen.systems.public_services.tests.test_api import of
from sen.systems.public_services.tests.test_budgets import counted

WHOLE = 4
"""The editions, the dossier with all its parts, what was said in it, its tasks."""
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(province) -> SimpleNamespace:
    return members_of(province)


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


# -- What was drawn is what is concluded


def test_nobody_is_heard_between_the_drawing_of_the_minutes_and_the_conclusion(cast, monkeypatch):
    dossier = convened(cast)
    excuse(cast, dossier, "seat_youth")
    for name in ("xahoi", "tramyte", "mattran", "phunu", "cuuchienbinh"):
        opine(cast, dossier, name, SEVERE)
    refused: list[object] = []

    def late() -> None:
        for act in (
            lambda: opine(cast, dossier, "doanthanhnien", LIGHT),
            lambda: opine(cast, dossier, "tramyte", LIGHT),
            lambda: excuse(cast, dossier, "seat_health"),
        ):
            with pytest.raises(DomainError) as seen:
                act()
            refused.append(seen.type)

    before_drawing(monkeypatch, late)
    conclude(cast, dossier, SEVERE)
    assert refused == [workflow.AlreadyDone] * 3
    row = Council.objects.get(dossier=dossier)
    spoke = dossier.council_seats.filter(attendance="present")
    assert (row.state, spoke.count()) == ("signed", 5)
    assert "6 trên 7 thành viên" in said(row.minutes)


def test_a_flow_that_does_not_await_the_members_concludes_nothing_before_them(cast, monkeypatch):
    conclusion_beside_opinions()
    dossier = convened(cast)
    for name in ("xahoi", "tramyte", "mattran", "phunu"):
        opine(cast, dossier, name, SEVERE)
    excuse(cast, dossier, "seat_youth")
    with pytest.raises(minutes.OpinionsAwaited, match="Chủ tịch Hội Cựu chiến binh") as refused:
        conclude(cast, dossier, SEVERE)
    assert refused.value.code == "opinions_awaited"
    row = Council.objects.get(dossier=dossier)
    assert (row.state, row.number, row.concluded_at) == ("draft", None, None)
    opine(cast, dossier, "cuuchienbinh", LIGHT)
    conclude(cast, dossier, SEVERE)
    row.refresh_from_db()
    assert (row.state, row.number) == ("signed", 1)
    assert "6 trên 7 thành viên" in said(row.minutes)


def before_drawing(monkeypatch, late) -> None:
    """Let somebody else act after a paper was ordered and before it is drawn."""
    render = papers.render

    def overtaken(*args, **values):
        monkeypatch.setattr(papers, "render", render)
        late()
        return render(*args, **values)

    monkeypatch.setattr(papers, "render", overtaken)


def conclusion_beside_opinions() -> None:
    """A flow that may be published as well: the chair's step follows one seat, not all of them."""
    flow = procedures.read("disability", "flow")
    for step in flow["steps"]:
        for way in step["next"]:
            if step["key"] == "convene":
                way["join"] = "process"
            elif way.get("to") == "conclude" and step["key"] != "seat_disabled":
                way["to"] = "process"
    case = procedures.case_of("disability")
    case.flow_version = workflow.publish_flow(COMMAND, document=flow, status="sample", at=f.MORNING)
    case.save()
    legal.forget()


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
    seen: list[int] = []
    for _time in range(2):  # the process knows the procedure from then on
        with counted(seen):
            whole.whole(cast.hotich, dossier.code, now=f.later(30))
    assert seen[1] == WHOLE


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

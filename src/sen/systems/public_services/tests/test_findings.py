"""What only the examining official establishes: asked beside the act, sealed, said by the result."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.db import connection

from sen.base.errors import Invalid, NotAllowed, NotFound, VersionConflict
from sen.kernel.access.public import ConflictOfInterest
from sen.kernel.files import public as files
from sen.systems.public_services.models import Decision, Dossier, Findings
from sen.systems.public_services.queries import whole
from sen.systems.public_services.rules import findings as rules
from sen.systems.public_services.services import deciding, previewing, processing
from sen.systems.public_services.services import findings as services
from sen.systems.public_services.services.dossiers import Ordered
from sen.systems.public_services.services.processing import Proposal
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.test_api import of, problem
from sen.systems.results.models import Result

pytestmark = pytest.mark.django_db

FOUND = {
    "entitled_as": "from_75", "monthly_vnd": 650_000, "paid_from": "2026-12-01",
}  # fmt: skip
"""What is established for a social pension."""


def pension(cast) -> Dossier:
    return procedures.assigned(cast, "social_pension")


def establish(cast, dossier: Dossier, actor=None, **changes) -> Dossier:
    return services.establish_findings(
        actor=actor or cast.hotich,
        order=f.order(dossier),
        findings={**FOUND, **changes},
        at=f.later(30),
    )


def said(file: files.File) -> str:
    document = pypdfium2.PdfDocument(files.read(file))
    return " ".join(document[0].get_textpage().get_text_range().split())


# -- The rule


@pytest.mark.parametrize(
    ("pages", "keys", "data", "wrong"),
    [
        (1, {"degree"}, {"degree": {"finding": "degree"}, "name": "full_name"}, 0),
        (0, set(), {"name": "full_name", "day": {"day": "born_on"}}, 0),
        (2, {"degree"}, {}, 1),
        (1, {"kind", "signer"}, {}, 2),
        (0, set(), {"degree": {"finding": "degree"}}, 1),
    ],
)
def test_a_small_form_fits_its_page_and_its_result(pages, keys, data, wrong):
    assert len(list(rules.problems(pages=pages, keys=keys, result_data=data))) == wrong


# -- Entered before anything is proposed


def test_findings_are_kept_sealed_and_leave_a_line(province):
    dossier = pension(province)
    before = f.fresh(dossier).version
    establish(province, dossier)
    row = Findings.objects.get(dossier=dossier)
    assert (row.established_by, row.established_at) == (province.hotich.account, f.later(30))
    assert f.fresh(dossier).version == before + 1
    assert f.trail(dossier)[-1] == "public_services.dossier.establish"
    shown = whole.whole(province.hotich, dossier.code, now=f.later(31))
    assert shown.findings == FOUND
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_values, sealed FROM forms_answers WHERE record = %s", [row.id]
        )
        public, sealed = cursor.fetchone()
    assert public in ({}, "{}")
    assert "650" not in str(sealed)


def test_findings_entered_again_take_the_place_of_those_before(province):
    dossier = pension(province)
    establish(province, dossier)
    establish(province, dossier, monthly_vnd=700_000)
    shown = whole.whole(province.hotich, dossier.code, now=f.later(31))
    assert shown.findings == {**FOUND, "monthly_vnd": 700_000}
    assert Findings.objects.filter(dossier=dossier).count() == 1


def test_who_may_enter_findings(province):
    dossier = pension(province)
    for actor, refusal in (
        (province.motcua, NotAllowed),
        (province.chutich, NotAllowed),
        (province.chanhvanphong, NotAllowed),  # it is somebody else's task
        (province.far_hotich, NotAllowed),
        (province.father, NotFound),
    ):
        with pytest.raises(refusal):
            establish(province, dossier, actor)
    assert not Findings.objects.filter(dossier=dossier).exists()


def test_nobody_establishes_in_their_own_case(province):
    dossier = pension(province)
    party = dossier.parties.get(role="owner")
    party.person_id = province.hotich.person
    party.save()
    with pytest.raises(ConflictOfInterest):
        establish(province, dossier)


def test_findings_that_do_not_hold_are_refused_by_field(province):
    dossier = pension(province)
    with pytest.raises(Invalid) as refused:
        services.establish_findings(
            actor=province.hotich,
            order=f.order(dossier),
            findings={"monthly_vnd": 1, "paid_from": "31/02/2026", "la": 1},
            at=f.later(30),
        )
    assert set(refused.value.fields) == {
        "findings.entitled_as", "findings.monthly_vnd", "findings.paid_from", "findings.la",
    }  # fmt: skip


def test_findings_decided_on_another_version_are_refused(province):
    dossier = pension(province)
    stale = Ordered(code=dossier.code, version=1)
    with pytest.raises(VersionConflict):
        services.establish_findings(
            actor=province.hotich, order=stale, findings=FOUND, at=f.later(30)
        )


def test_a_procedure_without_findings_takes_none(province):
    dossier = f.assigned(province)
    with pytest.raises(services.NothingToEstablish):
        establish(province, dossier)
    with pytest.raises(services.NothingToEstablish):
        f.propose(province, dossier, findings=FOUND)
    assert "establish" not in whole.whole(province.hotich, dossier.code, now=f.later(31)).acts


# -- Proposed with the result


def test_a_result_is_not_proposed_without_what_it_says(province):
    dossier = pension(province)
    with pytest.raises(Invalid) as refused:
        f.propose(province, dossier)
    assert set(refused.value.fields) == {f"findings.{key}" for key in FOUND}
    assert f.fresh(dossier).state == "processing"
    assert not Decision.objects.filter(dossier=dossier).exists()


def test_the_draft_and_the_kept_result_say_what_was_established(province):
    dossier = pension(province)
    f.propose(province, dossier, findings=FOUND)
    decision = Decision.objects.get(dossier=dossier)
    paper = said(decision.draft)
    assert "650.000" in paper
    assert "01/12/2026" in paper
    assert "Từ đủ 75 tuổi trở lên" in paper
    f.check(province, dossier)
    deciding.sign_result(actor=province.chutich, order=f.order(dossier), at=f.later(60))
    deciding.issue_result(actor=province.vanthu, order=f.order(dossier), at=f.later(70))
    kept = Result.objects.get(key=decision.result_key)
    assert whole.whole(province.vanthu, dossier.code, now=f.later(71)).findings == FOUND
    assert kept.source_code == dossier.code


def test_whoever_checks_and_signs_sees_them_and_the_parties_do_not(province):
    dossier = pension(province)
    f.propose(province, dossier, findings=FOUND)
    for actor in (province.chanhvanphong, province.chutich, province.motcua):
        assert whole.whole(actor, dossier.code, now=f.later(41)).findings == FOUND
    party = dossier.parties.get(role="owner")
    owner = f.citizen(procedures.OLD["requester_number"])
    assert owner.person == party.person_id
    assert whole.whole(owner, dossier.code, now=f.later(41)).findings is None
    assert "650.000" not in text(browser(owner).get(f"/ho-so/{dossier.code}/"))
    assert "650.000" in text(browser(province.chutich).get(f"/ho-so/{dossier.code}/"))


def test_a_return_for_rework_keeps_them(province):
    dossier = pension(province)
    f.propose(province, dossier, findings=FOUND)
    processing.check_proposal(
        actor=province.chanhvanphong,
        order=f.order(dossier),
        is_agreed=False,
        comment="Xem lại mức",
        at=f.later(50),
    )
    shown = whole.whole(province.hotich, dossier.code, now=f.later(51))
    assert (shown.findings, "establish" in shown.acts) == (FOUND, True)
    f.propose(province, dossier)
    assert "650.000" in said(Decision.objects.get(dossier=dossier).draft)


def test_a_refusal_needs_no_findings_and_keeps_none(province):
    dossier = pension(province)
    proposal = Proposal(
        kind="refusal", reason="Chưa đủ tuổi", ground="Luật BHXH, Điều 21", findings=FOUND
    )
    processing.propose_result(
        actor=province.hotich, order=f.order(dossier), proposal=proposal, at=f.later(40)
    )
    assert not Findings.objects.filter(dossier=dossier).exists()


# -- The draft looked at before


def test_a_draft_is_looked_at_and_not_kept(province):
    dossier = pension(province)
    with pytest.raises(Invalid):
        previewing.preview_result(actor=province.hotich, code=dossier.code, at=f.later(31))
    establish(province, dossier)
    version = f.fresh(dossier).version
    answer = browser(province.hotich).get(f"/ho-so/{dossier.code}/xem-truoc/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    page = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "650.000" in page
    assert f.fresh(dossier).version == version
    assert not Decision.objects.filter(dossier=dossier).exists()


def test_who_may_look_at_a_draft(province):
    dossier = pension(province)
    establish(province, dossier)
    path = f"/ho-so/{dossier.code}/xem-truoc/"
    statuses = [
        browser(actor).get(path).status_code
        for actor in (province.motcua, province.far_hotich, province.father)
    ]
    assert statuses == [403, 404, 404]


# -- On the page and by the API


def test_the_page_asks_for_them_beside_the_act_and_keeps_what_was_typed(province):
    dossier = pension(province)
    client = browser(province.hotich)
    path = f"/ho-so/{dossier.code}/"
    page = text(client.get(path))
    assert "Kết quả thẩm định" in page
    version = dossier.case.findings_version_id
    typed = {
        "findings": str(version), "kind": "result", "entitled_as": "from_75",
        "monthly_vnd": "650", "paid_from": "1/13/2026",
    }  # fmt: skip
    sent = {"version": f.fresh(dossier).version, **typed}
    answer = client.post(f"{path}viec/propose/", sent)
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#id_monthly_vnd"' in page
    assert 'href="#id_paid_from"' in page
    assert 'value="650"' in page
    assert 'value="1/13/2026"' in page
    assert re.search(r'value="from_75"[^>]* checked', page)
    assert f.fresh(dossier).state == "processing"
    good = {**sent, "monthly_vnd": "650.000", "paid_from": "1/12/2026"}
    assert client.post(f"{path}viec/establish/", good).status_code == 303
    page = text(client.get(path))
    assert "Xem trước dự thảo" in page
    assert 'value="650.000"' in page
    good["version"] = f.fresh(dossier).version
    assert client.post(f"{path}viec/propose/", good).status_code == 303
    assert Decision.objects.filter(dossier=dossier).exists()


def test_a_marker_of_no_form_is_said_and_not_believed(province):
    dossier = pension(province)
    sent = {"version": f.fresh(dossier).version, "findings": "khong-phai", "kind": "result"}
    answer = browser(province.hotich).post(f"/ho-so/{dossier.code}/viec/propose/", sent)
    assert answer.status_code == 422
    assert "Vui lòng tải lại trang rồi ghi lại." in text(answer)


def test_programs_enter_them_look_and_propose(province):
    dossier = pension(province)
    program = of("hotich")
    path = f"/dossiers/{dossier.code}"
    schema = program.ask("GET", "/procedures/1.014027").json()["cases"][0]["findings_schema"]
    assert set(schema["properties"]) == set(FOUND)
    version = f.fresh(dossier).version
    refused = problem(program.ask("POST", f"{path}/propose", {"version": version}), 422)
    assert {one["pointer"] for one in refused["errors"]} == {f"#/findings/{key}" for key in FOUND}
    done = program.ask("POST", f"{path}/findings", {"version": version, "findings": FOUND})
    assert done.status_code == 200, done.content
    assert program.ask("GET", path).json()["findings"] == FOUND
    assert program.ask("GET", f"{path}/preview").content.startswith(b"%PDF")
    proposed = program.ask("POST", f"{path}/propose", {"version": version + 1})
    assert proposed.status_code == 200, proposed.content

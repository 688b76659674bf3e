"""Every procedure that is filed here: its form, its papers, its result, and one whole life of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sen.base import clock
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as forms
from sen.kernel.organisations import public as organisations
from sen.kernel.papers import public as papers
from sen.systems.public_services.choices import KnownBy
from sen.systems.public_services.data import FeeRule, PaperRule
from sen.systems.public_services.models import Case, Decision
from sen.systems.public_services.queries import catalogue
from sen.systems.public_services.rules import findings, lists, stages
from sen.systems.public_services.services import deciding, importing, processing, reception
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tests import factories
from sen.systems.public_services.tests.factories import MORNING, ON, later, order
from sen.systems.public_services.tests.procedures import (
    FOLDERS,
    FOUND,
    OLD,
    SETTLED_ELSEWHERE,
    SETTLED_HERE,
    case_of,
    cases,
    filing_at_the_counter,
    found,
    read,
)
from sen.systems.public_services.tests.test_budgets import counted
from sen.systems.results.models import Result

pytestmark = pytest.mark.django_db

ADDED = [name for name in FOLDERS if name != "birth_registration"]
SUBMIT_UNKNOWN, STEP_UNKNOWN = 25, 22
"""Statements for somebody nobody knew, by a process that remembers nothing of the procedure yet."""
BESIDE = {"public_services.opine"}
"""Acts of steps that wait side by side: the longest of them counts."""
COST = {"certified_copy": 10_000}
"""What is demanded; the charge of food_safety waits until somebody has confirmed it."""


def keys_of(value: Any) -> set[str]:
    """The questions that a rule of `result_data` reads."""
    if isinstance(value, str):
        return {value}
    if "finding" in value or "minutes" in value:
        return set()
    if "each" in value:
        return {key for row in value["each"] for key in row.values()}
    for name in ("day", "words", "typed"):
        if name in value:
            return {value[name]}
    return set(value.get("join", ()))


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_form_may_be_published_and_is_there_in_english(folder):
    document = read(folder, "form")
    assert forms.check(document) == []
    form = forms.parse(document)
    for question in form.questions.values():
        assert question.label.get("en"), question.key
        assert question.hint is None or question.hint.get("en"), question.key


@pytest.mark.parametrize("folder", FOLDERS)
def test_papers_charges_and_result_ask_for_answers_the_form_has(folder):
    form = forms.parse(read(folder, "form"))
    amounts = {line["key"] for line in read(folder, "legal")}
    for case in cases(folder):
        for told in case["papers"]:
            rule = PaperRule(**told)
            assert forms.rule_problems(rule.when) == []
            assert rule.replaced_by.removeprefix("registry:") in {"", *KnownBy.values}
            assert rule.title.get("en")
        for told in case["fees"]:
            fee = FeeRule(**told)
            counted = {fee.quantity, fee.times, *(key for pair in fee.more for key in pair)}
            assert counted - {None} <= set(form.questions)
            assert {fee.amount_key, fee.cap_key} - {""} <= amounts
        asked = set().union(*(keys_of(rule) for rule in case["result_data"].values()))
        named = {key for facts in case["party_data"].values() for key in facts.values()}
        assert asked | named <= set(form.questions)


@pytest.mark.parametrize("folder", FOUND)
def test_what_is_established_fits_the_result_and_the_declaration(folder):
    document = read(folder, "findings")
    assert forms.check(document) == []
    form, declared = forms.parse(document), forms.parse(read(folder, "form"))
    for key, question in form.questions.items():
        assert question.label.get("en"), key
        same = declared.questions.get(key, question)
        assert (same.type, same.options) == (question.type, question.options), key
    for case in cases(folder):
        fits = findings.problems(
            pages=len(form.pages), keys=form.questions, result_data=case["result_data"]
        )
        assert list(fits) == []


def test_each_result_that_rests_on_an_examination_says_what_was_established():
    named = [
        name for name in FOLDERS for one in cases(name) if findings.asked_of(one["result_data"])
    ]
    assert sorted(set(named)) == FOUND


@pytest.mark.parametrize("folder", SETTLED_HERE)
def test_the_result_says_what_its_paper_needs(folder):
    given = {
        "agency", "agency_parent", "place", "issued_on", "lookup", "signer_name", "signer_title",
        "signer_authority", "registered_on",
    }  # fmt: skip
    for case in cases(folder):
        template = papers.templates()[case["result_paper"]][0]
        fields = papers.schema(template.source)
        known = {field.key for field in fields}
        needed = {field.key for field in fields if field.is_required}
        assert set(case["result_data"]) <= known
        assert needed <= set(case["result_data"]) | given


@pytest.mark.parametrize("folder", SETTLED_ELSEWHERE)
def test_what_is_settled_elsewhere_has_no_result_of_ours_and_says_where(folder):
    told = read(folder, "procedure")
    assert told["settled_in"] == "ministry"
    assert set(told["version"]["overlay"]["passes_on"]) == {"partner", "agency"}
    assert [case["result_paper"] for case in cases(folder)] == [""]


@pytest.mark.parametrize("folder", FOLDERS)
def test_stages_that_count_make_up_the_time_that_the_law_allows(folder):
    steps = {step["key"] for step in read(folder, "flow")["steps"]}
    for code, told in read(folder, "procedure")["version"]["overlay"].get("stages", {}).items():
        [case] = [case for case in cases(folder) if case["code"] == code]
        counted = [one["allowance"]["amount"] for one in told if one["counts"]]
        assert stages.adds_up(counted, case["allowance"]["amount"])
        assert {step for one in told for step in one["steps"]} <= steps


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_steps_fit_into_the_time_that_the_law_allows(folder):
    steps = read(folder, "flow")["steps"]
    side_by_side = {step["key"]: step["hours"] for step in steps if step["act"] in BESIDE}
    hours = sum(step["hours"] or 0 for step in steps if step["act"] not in BESIDE)
    hours += max(side_by_side.values(), default=0)
    for case in cases(folder):
        allowed = case["allowance"]
        if allowed["unit"] == "working_day":
            assert hours <= 8 * allowed["amount"]
        else:
            assert hours <= 8 * allowed["amount"] * 5 / 7 + 8


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_flow_without_an_approved_process_says_so(folder):
    assert read(folder, "flow")["source"].startswith("Quy trình mẫu, chưa phê duyệt")
    assert read(folder, "procedure")["version"]["overlay"]["note"] == {
        "vi": "Quy trình mẫu, chưa phê duyệt",
        "en": "Sample process, not approved",
    }


@pytest.mark.parametrize("folder", ADDED)
def test_no_form_asks_what_the_identity_knows(folder):
    """The name, the number and the birth date of whoever files are filled in and locked."""
    form = forms.parse(read(folder, "form"))
    for key in OLD:
        if key in form.questions:
            assert form.questions[key].is_locked
            assert form.questions[key].sources[0].key.startswith("identity.person.")


NEW_FIRM = {"work_permit": 6}
"""What filing for an enterprise that nobody named before costs: it is recorded."""


@pytest.mark.parametrize(
    "folder", [name for name in ADDED if name in SETTLED_HERE and name != "disability"]
)
def test_a_whole_life_within_its_budget(folder, province):
    case = case_of(folder)
    told = filing_at_the_counter(province, folder, case)
    catalogue.current_case(told.procedure, told.case, on=ON)
    seen: list[int] = []

    with counted(seen):
        dossier = submission.submit_dossier(actor=province.motcua, filing=told, at=MORNING)
    assert sum(line.amount_vnd for line in dossier.fee_lines.all()) == COST.get(folder, 0)
    with counted(seen):
        reception.receive_dossier(actor=province.motcua, order=order(dossier), at=later(10))
    with counted(seen):
        processing.assign_dossier(
            actor=province.chanhvanphong,
            order=order(dossier),
            to=province.hotich.account,
            at=later(20),
        )
    with counted(seen):
        factories.propose(province, dossier, findings=found(case))
    with counted(seen):
        factories.check(province, dossier)
    with counted(seen):
        deciding.sign_result(actor=province.chutich, order=order(dossier), at=later(60))
    factories.settle()
    with counted(seen):
        deciding.issue_result(actor=province.vanthu, order=order(dossier), at=later(70))
    factories.settle()

    decision = Decision.objects.get(dossier=dossier)
    assert decision.number == 1
    assert decision.sealed_id is not None
    assert factories.fresh(dossier).state == "issued"
    assert Result.objects.get(key=decision.result_key).result_type == case.result_type
    assert seen[0] <= SUBMIT_UNKNOWN + NEW_FIRM.get(folder, 0), seen
    assert max(seen[1:]) <= STEP_UNKNOWN, seen


def test_a_department_decides_where_the_version_names_it(province):
    case = Case.objects.select_related("version").get(
        version__procedure__code="1.014199", position=0
    )
    assert case.version.overlay["competent"] == "Sở Nội vụ"
    assert catalogue.competent_unit(province.centre, ON, case) == province.ward
    case.version.overlay["competent"] = "Sở Tư pháp"
    department = organisations.unit("H41.9.2", ON).id
    assert catalogue.competent_unit(province.centre, ON, case) == department


def test_what_needs_the_original_is_not_offered_online(province, client):
    page = client.get("/thu-tuc/2.000815/").content.decode()
    assert "Nộp hồ sơ trực tuyến" not in page
    assert "Nộp tại quầy, có mang bản chính" in page
    assert "2.000 đồng mỗi trang" in page
    assert "Không thu" not in page


def test_a_charge_that_is_not_known_is_not_said_to_be_nothing(province, client):
    page = client.get("/thu-tuc/1.013225/").content.decode()
    assert "Không thu" not in page
    assert "Do Hội đồng nhân dân tỉnh quy định" in page
    assert "Cổng ghi 15 và 20 ngày lẫn vào cột kênh nộp" in page


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_paper_is_asked_for_that_a_database_replaces(folder):
    """Nghị quyết 66.7/2025/NQ-CP, phụ lục."""
    not_asked = importing.papers_not_asked().get(read(folder, "procedure")["code"], [])
    asked = [
        paper["title"]["vi"]
        for case in cases(folder)
        for paper in case["papers"]
        if not paper.get("is_shown") and not paper.get("replaced_by")
    ]
    assert [paper for paper in asked if lists.forbidden(paper, not_asked)] == []


@pytest.mark.parametrize(
    ("code", "case", "received", "due"),
    [
        ("2.000815", "tai_quay", "2026-11-20 14:59", "2026-11-20"),
        ("2.000815", "tai_quay", "2026-11-20 15:00", "2026-11-20"),
        ("2.000815", "tai_quay", "2026-11-20 15:01", "2026-11-23"),
        # the last working afternoon before Tết of 2026
        ("2.000815", "tai_quay", "2026-02-13 15:01", "2026-02-23"),
        # 24 November is a holiday
        ("1.004873", "thong_thuong", "2026-11-20 09:00", "2026-11-26"),
        ("1.001612", "thong_thuong", "2026-11-20 09:00", "2026-11-26"),
        ("1.013831", "thong_thuong", "2026-11-20 09:00", "2026-12-03"),
        ("1.013831", "mien_nui", "2026-11-20 09:00", "2026-12-17"),
        ("1.013225", "nha_o", "2026-11-20 09:00", "2026-12-07"),
        ("1.014027", "huong_moi", "2026-11-20 09:00", "2026-12-07"),
        ("1.001699", "lan_dau", "2026-11-20 09:00", "2026-12-28"),
    ],
)
def test_the_promised_day(province, code, case, received, due):
    """Nghị định 23/2015/NĐ-CP, Điều 7: trong ngày, sau 15 giờ thì ngày làm việc tiếp theo; Bộ luật
    Dân sự 2015, Điều 147, 148: ngày đầu không tính, ngày cuối là ngày nghỉ thì sang ngày sau."""
    held = catalogue.current_case(code, case, on=ON)
    at = dt.datetime.fromisoformat(received).replace(tzinfo=clock.ZONE)
    days = calendar.calendar_of(province.ward)
    promised = calendar.due_at(at, calendar.Allowance.parse(held.allowance), days)
    assert clock.day(promised).isoformat() == due

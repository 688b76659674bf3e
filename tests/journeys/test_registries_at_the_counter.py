"""At the counter and by API too, what a registry knows is not typed, and no paper asked for it."""

# ruff: noqa: F811 - fixtures of another package come in by their names
from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.base.actor import COMMAND, SYSTEM, Channel
from sen.base.errors import Invalid
from sen.base.identifiers import to_base32
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.data import Filing
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.queries import catalogue, drafts, people
from sen.systems.public_services.services import drafting, looked_up
from sen.systems.public_services.services.filing import submission
from sen.systems.public_services.tables import drafts as shapes
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures as filed
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.conftest import province  # noqa: F401 - fixtures
from sen.systems.public_services.tests.test_api import of
from sen.systems.registries import queries, services
from sen.systems.registries.models import Lookup
from tests.journeys.registries import standing_in
from tests.journeys.test_registries import outcomes, rows_of, stand_in, trail  # noqa: F401

pytestmark = pytest.mark.journey
AT = f.MORNING
PLOTTER = {
    "requester_full_name": "Nguyễn Văn Thử", "requester_number": f.FATHER,
    "requester_birth_date": "14/02/1993", "requester_phone": "0900000101",
}  # fmt: skip
"""Whoever stands at the counter; of the demo, with a plot in the land register."""
OTHER = {
    "requester_full_name": "Phạm Văn Giả Định", "requester_number": "040088000104",
    "requester_birth_date": "02/09/1988", "requester_phone": "0900000104",
}  # fmt: skip
LAND = ["land", "population"]


def begun(cast, folder: str = "building_permit") -> forms.Draft:
    return drafting.begin_draft(actor=cast.motcua, case=filed.case_of(folder), at=AT)


def named(cast, held: forms.Draft, who: dict[str, str]) -> tuple[drafting.Saved, forms.Draft]:
    saved = drafting.save_page(
        actor=cast.motcua, held=held, page="requester", raw=who, version=held.version, at=AT
    )
    return saved, forms.draft(cast.motcua, held.id)


def lookups(held: forms.Draft) -> list[Lookup]:
    with access.acting(SYSTEM):
        return list(Lookup.objects.filter(draft=held.id).order_by("at", "id"))


def test_nobody_is_looked_up_before_the_person_is_named(province, stand_in):
    held = begun(province)
    saved, held = named(province, held, {"requester_phone": "0900000101"})
    half = {**PLOTTER, "requester_birth_date": ""}
    saved, held = named(province, held, half)
    assert (held.found, saved.asked, rows_of(held)) == ({}, {}, 0)


def test_whoever_is_helped_is_looked_up_once_and_the_form_is_filled(province, stand_in):
    saved, held = named(province, begun(province), PLOTTER)
    assert outcomes(held) == dict.fromkeys(LAND, "found")
    assert sorted(saved.asked) == LAND
    assert saved.version == held.version
    site = drafts.known(province.motcua, held, "site", at=AT)
    assert {key: (one.value, one.title) for key, one in site.items()}["plot_number"] == (
        "101", "CSDL quốc gia về đất đai",
    )  # fmt: skip
    again, held = named(province, held, PLOTTER)
    assert (again.asked, rows_of(held)) == ({}, len(LAND))


def test_of_the_official_at_the_counter_nothing_is_filled_in(province, stand_in):
    _saved, held = named(province, begun(province), PLOTTER)
    known = drafts.known(province.motcua, held, "requester", at=AT)
    assert set(known) == {"requester_residence"}
    assert known["requester_residence"].source == "population"
    assert known["requester_residence"].value["line"].startswith("Số 12")


def test_each_lookup_says_who_asked_about_whom_for_what_and_what_came_back(province, stand_in):
    stand_in.break_down("land", "down")
    _saved, held = named(province, begun(province), PLOTTER)
    father = identity.find_person(f.FATHER)
    assert father is not None
    rows = lookups(held)
    assert {(one.account, one.unit, one.person) for one in rows} == {
        (province.motcua.account, province.motcua.unit, father.pk)
    }
    assert {one.registry: (one.outcome, one.failure) for one in rows} == {
        "land": ("failed", "down"), "population": ("found", ""),
    }  # fmt: skip
    assert {one.procedure for one in rows} == {held.subject}
    assert trail(held) == [("registries.look_up", province.motcua.person)]
    said = json.dumps([str(vars(one)) for one in rows], ensure_ascii=False)
    assert [word for word in (f.FATHER, "Nguyễn", "Thử Nghiệm") if word in said] == []


def test_somebody_whom_sen_does_not_keep_is_looked_up_and_sees_it_later(province, stand_in):
    elder = {
        "requester_full_name": "Lê Văn Cao", "requester_number": "040050000101",
        "requester_birth_date": "02/05/1950", "requester_phone": "0900000103",
    }  # fmt: skip
    assert identity.find_person("040050000101") is None
    _saved, held = named(province, begun(province), elder)
    assert {one.person for one in lookups(held)} == {None}
    identity.ensure_person(COMMAND, national_number="040050000101", full_name="Lê Văn Cao", at=AT)
    himself = f.citizen("040050000101")
    assert sorted(one.registry for one in queries.lookups(himself)) == LAND
    page = text(browser(himself).get("/tai-khoan/tra-cuu/"))
    assert "khi giúp bạn khai thủ tục" in page
    assert "do chính bạn" not in page


def test_a_number_under_another_name_belongs_to_nobody_known(province, stand_in):
    wrong = {**PLOTTER, "requester_full_name": "Người Xa Lạ"}
    _saved, held = named(province, begun(province), wrong)
    assert outcomes(held) == {"land": "other_person", "population": "not_found"}
    assert held.found["land"].values == {}
    assert {one.person for one in lookups(held)} == {None}


def test_another_person_named_later_is_asked_for_anew_and_the_first_forgotten(province, stand_in):
    _saved, held = named(province, begun(province), {**PLOTTER, "requester_residence.line": "x"})
    known = drafts.known(province.motcua, held, "site", at=AT)
    raw = {key: _typed(one.value) for key, one in known.items()}
    saved = drafting.save_page(
        actor=province.motcua, held=held, page="site", raw=raw, version=held.version, at=AT
    )
    held = forms.draft(province.motcua, held.id)
    assert held.answers["plot_number"] == "101"
    saved, held = named(province, held, OTHER)
    assert outcomes(held) == {"land": "not_found", "population": "found"}
    assert {one.about for one in held.found.values()} == {
        identity.Named(OTHER["requester_number"], "Phạm Văn Giả Định", dt.date(1988, 9, 2)).key
    }
    assert "plot_number" not in held.answers
    assert "plot_number" not in held.prefilled
    assert drafts.known(province.motcua, held, "site", at=AT) == {}
    assert sorted(saved.asked) == LAND
    _saved, held = named(province, held, {**OTHER, "requester_number": ""})
    assert held.found == {}


def _typed(value: Any) -> Any:
    return value if not isinstance(value, dict) else {k: v for k, v in value.items() if k != "code"}


def test_a_draft_is_not_a_way_to_look_at_many(province, stand_in):
    held = begun(province)
    for turn in range(services.TRIES):
        who = {**PLOTTER, "requester_full_name": f"Nguyễn Văn Thử {'ABCDE'[turn]}"}
        _saved, held = named(province, held, who)
    assert outcomes(held)["population"] == "not_found"
    _saved, held = named(province, held, PLOTTER)
    assert outcomes(held) == dict.fromkeys(LAND, "failed")
    assert rows_of(held) == services.TRIES * len(LAND)
    assert trail(held)[-1] == ("registries.look_up_refused", province.motcua.person)


def test_an_official_looks_up_nobody_outside_a_draft_that_names_them(province, stand_in):
    _saved, held = named(province, begun(province), PLOTTER)
    about = identity.Named(f.FATHER, "Nguyễn Văn Thử")
    right = forms.PrefillContext(subject=held.subject, at=AT, draft=held.id, about=about)
    own = drafting.begin_draft(actor=province.father, case=f.the_case(), at=AT)
    before = rows_of()
    for actor, context in (
        (province.motcua, replace(right, draft=None)),
        (province.motcua, replace(right, about=None)),
        (province.motcua, replace(right, about=identity.Named(f.MOTHER, "Nguyễn Văn Thử"))),
        (province.motcua, replace(right, about=identity.Named(f.FATHER, "Trần Thị Mẫu"))),
        (province.motcua, replace(right, subject="1.000000")),
        (province.motcua, replace(right, draft=own.id)),
        (province.hotich, right),
        (province.father, replace(right, draft=own.id, subject=f.PROCEDURE)),
    ):
        with pytest.raises(services.LookupOutside):
            services.look_up(actor, context, frozenset({"population"}))
    assert rows_of() == before
    assert services.look_up(province.motcua, right, frozenset({"land"}))["land"].values


@pytest.mark.parametrize(
    ("fault", "asked"),
    [("", []), ("down", ["giay_chung_nhan_dat"]), ("other", ["giay_chung_nhan_dat"])],
)
def test_the_paper_is_to_be_shown_only_where_the_register_did_not_tell(
    province, stand_in, fault, asked
):
    stand_in.break_down("land", fault)
    _saved, held = named(province, begun(province), PLOTTER)
    known = drafts.known(province.motcua, held, "site", at=AT)
    said = {**filed.answers("building_permit", forms.form(held.form_version))}
    raw = said | {key: _typed(one.value) for key, one in known.items()}
    drafting.save_page(
        actor=province.motcua, held=held, page="site", raw=raw, version=held.version, at=AT
    )
    held = forms.draft(province.motcua, held.id)
    case = filed.case_of("building_permit")
    shown = [one.code for one in shapes.asked(province.motcua, case, held) if one.is_shown]
    assert [code for code in shown if code != "giay_to_tuy_than"] == asked


def test_a_page_at_the_counter_is_filled_and_says_from_where(province, stand_in):
    held = begun(province)
    client, at = browser(province.motcua), f"/ban-nhap/{to_base32(held.id)}/trang"
    page = text(client.get(f"{at}/requester/"))
    assert "Tra cứu và điền" in page
    sent = {**PLOTTER, "version": str(held.version), "look_up": "1"}
    answer = client.post(f"{at}/requester/", sent)
    assert (answer.status_code, answer["Location"]) == (303, f"{at}/requester/")
    page = text(client.get(f"{at}/requester/"))
    assert "Đã tra cứu. CSDL quốc gia về dân cư: Đã có dữ liệu" in page
    assert "từ CSDL quốc gia về dân cư" in page
    assert 'value="Số 12, đường Thử Nghiệm, khối Hoa Sen"' in page
    page = text(client.get(f"{at}/site/"))
    assert page.count("từ CSDL quốc gia về đất đai") == 5
    assert "Tra cứu và điền" not in page


def test_without_registries_the_counter_pays_and_shows_nothing(province, settings):
    settings.REGISTRIES = {}
    held = begun(province)
    _saved, held = named(province, held, PLOTTER)
    assert (held.found, rows_of()) == ({}, 0)
    page = browser(province.motcua).get(f"/ban-nhap/{to_base32(held.id)}/trang/requester/")
    assert "Tra cứu và điền" not in text(page)


# -- Filed in one step, as programs do


def one_step(cast, **changes: Any):
    said = f.a_filing(cast.father, **changes)
    kept = [one for one in said.papers if one.code != "giay_chung_sinh"]
    return replace(said, papers=kept)


def note_answers() -> dict[str, Any]:
    """What the birth note of the demo says, and the rest of the father's answers."""
    return f.answers() | {
        "child_birth_date": "2026-11-05", "child_sex": "female", "birth_place_kind": "facility",
        "birth_facility_name": "Bệnh viện Sản Nhi Giả Định", "birth_note_number": "MP-0101/2026",
        "birth_facility_area": {"code": "16690", "text": "Phường Trường Vinh, Tỉnh Nghệ An"},
        "requester_relation": "father",
    }  # fmt: skip


def test_a_filing_in_one_step_needs_no_paper_that_the_registry_stands_for(province, stand_in):
    said = one_step(province, answers=note_answers())
    dossier = submission.submit_dossier(actor=province.father, filing=said, at=AT)
    assert [one.code for one in dossier.papers.all()] == []
    with access.acting(SYSTEM):
        rows = list(Lookup.objects.filter(draft=dossier.draft))
    assert [(one.registry, one.outcome, one.unit) for one in rows] == [
        ("birth_notes", "found", None)
    ]
    assert forms.drafts(province.father) == []
    _dossier, found = looked_up.lookups(actor=province.motcua, code=dossier.code, at=AT)
    assert [one.line.key for one in found] == ["birth_notes"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [("down", "Lần này chưa tra cứu được"), ("wrong", "Lần này chưa tra cứu được"),
     ("other", "không khớp với bạn")],
)  # fmt: skip
def test_a_filing_in_one_step_is_told_why_the_paper_is_needed(province, stand_in, fault, words):
    stand_in.break_down("birth-notes", fault)
    said = one_step(province, answers=note_answers())
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=province.father, filing=said, at=AT)
    assert list(refused.value.fields) == ["papers.giay_chung_sinh"]
    assert words in refused.value.fields["papers.giay_chung_sinh"][0]
    assert (forms.drafts(province.father), Dossier.objects.count()) == ([], 0)
    assert rows_of() == 1


def test_one_step_that_says_otherwise_than_the_note_hands_the_paper_in(province, stand_in):
    said = one_step(province, answers=note_answers() | {"child_birth_date": "2026-11-04"})
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=province.father, filing=said, at=AT)
    assert "khác hoặc chưa có" in refused.value.fields["papers.giay_chung_sinh"][0]


def test_one_step_with_its_papers_or_with_faults_looks_nothing_up(province, stand_in):
    submission.submit_dossier(actor=province.father, filing=f.a_filing(province.father), at=AT)
    wrong = one_step(province, answers=note_answers() | {"child_full_name": ""})
    with pytest.raises(Invalid):
        submission.submit_dossier(actor=province.father, filing=wrong, at=AT)
    assert rows_of() == 0


def at_the_counter(cast, answers: dict[str, Any]) -> Filing:
    """A birth told at the counter, nothing handed in."""
    said = replace(one_step(cast, answers=answers), channel="public_services.counter")
    return replace(said, parties=people.parties(cast.motcua, f.the_case(), answers))


def test_an_official_files_in_one_step_about_whom_the_form_names(province, stand_in):
    answers = note_answers() | {
        "requester_full_name": "Nguyễn Văn Thử", "requester_number": f.FATHER,
        "requester_phone": "0900000101",
    }  # fmt: skip
    said = at_the_counter(province, answers)
    dossier = submission.submit_dossier(actor=province.motcua, filing=said, at=AT)
    with access.acting(SYSTEM):
        rows = list(Lookup.objects.filter(draft=dossier.draft).order_by("registry"))
    assert [(one.registry, one.outcome, one.unit) for one in rows] == [
        ("birth_notes", "found", province.motcua.unit),
        ("population", "found", province.motcua.unit),
    ]
    kept = forms.kept_answers(dossier.id, actor=province.motcua)
    assert kept.provenance["child_birth_date"]["source"] == "birth_notes"


def test_whoever_is_kept_as_acting_for_a_firm_is_not_looked_up(province, stand_in):
    case = filed.case_of("work_permit")
    said = filed.filing_at_the_counter(province, "work_permit", case)
    director = {
        "requester_full_name": "Phạm Văn Giả Định", "requester_number": "040088000104",
        "requester_birth_date": "1988-09-02", "employer_code": "2900000006",
    }  # fmt: skip
    answers = {**said.answers, **director}
    replaced = {
        one.code for one in catalogue.paper_rules(case) if one.replaced_by == "registry:enterprises"
    }
    told = replace(
        said,
        answers=answers,
        papers=[one for one in said.papers if one.code not in replaced],
        parties=people.parties(province.motcua, case, answers),
    )
    assert len(told.papers) < len(said.papers)
    dossier = submission.submit_dossier(actor=province.motcua, filing=told, at=AT)
    assert (dossier.draft, rows_of()) == (None, 0)


def test_one_step_without_registries_costs_no_statement_more(province, settings):
    settings.REGISTRIES = {}
    said = f.a_filing(province.father)
    submission.submit_dossier(actor=province.father, filing=said, at=AT)
    said = f.a_filing(province.father)
    with CaptureQueriesContext(connection) as plain:
        submission.submit_dossier(actor=province.father, filing=said, at=AT)
    with standing_in(settings):
        said = f.a_filing(province.father)
        with CaptureQueriesContext(connection) as seen:
            submission.submit_dossier(actor=province.father, filing=said, at=AT)
    assert len(seen) == len(plain)


def test_an_official_s_trail_by_api_says_so(province, stand_in):
    official = replace(province.motcua, channel=Channel.API)
    held = drafting.begin_draft(actor=official, case=filed.case_of("building_permit"), at=AT)
    drafting.save_page(
        actor=official, held=held, page="requester", raw=PLOTTER, version=held.version, at=AT
    )
    lines = audit.trail(audit.Subject(kind=services.DRAFT, id=held.id))
    assert [one.action for one in lines] == ["registries.look_up"]


def test_a_program_of_the_counter_reads_what_is_known_and_what_is_still_asked(province, stand_in):
    counter = of("motcua", "dossiers:file")
    case = filed.case_of("building_permit")
    begun_ = {"procedure": case.version.procedure.code, "case": case.code}
    draft = counter.ask("POST", "/drafts", begun_).json()
    assert (draft["lookups"], draft["known"]) == ({}, {})
    at = f"/drafts/{draft['id']}"
    saved = counter.ask(
        "PUT", f"{at}/pages/requester",
        {"version": draft["version"], "answers": {**PLOTTER, "requester_residence.line": "Số 12"}},
    ).json()  # fmt: skip
    draft = counter.ask("GET", f"{at}?page=site").json()
    assert draft["version"] == saved["version"]
    assert draft["lookups"] == dict.fromkeys(LAND, "found")
    known = {
        key: one["value"]
        for key, one in draft["known"].items()
        if one["source"] == "CSDL quốc gia về đất đai"
    }
    assert known["plot_number"] == "101"
    before = {one["code"]: one["why"] for one in draft["papers_asked"]}
    assert "khác hoặc chưa có trong CSDL quốc gia về đất đai" in before["giay_chung_nhan_dat"]
    form = forms.form(case.form_version_id)
    answers = filed.answers("building_permit", form) | {k: _typed(v) for k, v in known.items()}
    asked_there = {question.key for question in form.page("site").questions}
    saved = counter.ask(
        "PUT", f"{at}/pages/site",
        {
            "version": saved["version"],
            "answers": {key: value for key, value in answers.items() if key in asked_there},
        },
    ).json()  # fmt: skip
    draft = counter.ask("GET", at).json()
    assert saved["errors"] == {}
    assert "giay_chung_nhan_dat" not in {one["code"] for one in draft["papers_asked"]}

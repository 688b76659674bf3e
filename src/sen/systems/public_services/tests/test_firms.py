"""Enterprises own dossiers: their director files, whom the register names, or somebody in writing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sen.base.actor import COMMAND, Actor
from sen.base.errors import Invalid, NotFound
from sen.kernel.access import public as access
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.data import Filing, PaperInput
from sen.systems.public_services.models import Case, Dossier, Party
from sen.systems.public_services.queries import catalogue, people, records, whole
from sen.systems.public_services.schemas import answers
from sen.systems.public_services.services.filing import submission, withdrawal
from sen.systems.public_services.tables import records as shapes
from sen.systems.public_services.tests import factories as f
from sen.systems.public_services.tests import procedures
from sen.systems.public_services.tests.browsers import browser, text
from sen.systems.public_services.tests.living import broken
from sen.systems.public_services.tests.test_api import PERSON, Program, citizen_account, problem
from sen.systems.results import public as results

pytestmark = pytest.mark.django_db

CODE, NAME = "0100109106", "Công ty TNHH Ví Dụ"
AUTHORITY = "uy_quyen_to_chuc"
FIRMS_CASES = {
    "work_permit": ("cap_moi", "employer", "KQ.H41.000003"),
    "food_safety": ("doanh_nghiep", "facility", "KQ.G10.000559"),
    "game_venue": ("doanh_nghiep", "venue", "KQ.H41.000005"),
}
"""The case that an enterprise files, how its questions begin, what its result is."""
OF_BOTH = ("food_safety", "game_venue")


@pytest.fixture
def cast(province) -> SimpleNamespace:
    """The father, who represents nobody yet, and an enterprise that Sen knows."""
    firm = identity.ensure_enterprise(COMMAND, tax_code=CODE, name=NAME, at=f.MORNING)
    return SimpleNamespace(**vars(province), firm=firm)


def represent(cast: SimpleNamespace, person: Any) -> None:
    identity.add_representation(
        COMMAND, representative=person, represented=cast.firm,
        kind=identity.RepresentationKind.LEGAL_REPRESENTATIVE,
        evidence="Giấy chứng nhận đăng ký doanh nghiệp", valid_from=f.ON, at=f.MORNING,
    )  # fmt: skip


def the_case(folder: str) -> Case:
    return procedures.case_of(folder, FIRMS_CASES[folder][0])


def a_filing(
    cast: SimpleNamespace, actor: Actor, *, folder: str = "work_permit", **said: Any
) -> Filing:
    """What an enterprise asks for, with its papers but no authority in writing."""
    case, firm = the_case(folder), FIRMS_CASES[folder][1]
    given = procedures.answers(folder, procedures.form_of(case))
    person = identity.person(cast.father.person)
    given |= {
        "requester_full_name": person.full_name, "requester_number": f.FATHER,
        "requester_birth_date": "1993-02-14", f"{firm}_code": CODE, f"{firm}_name": NAME,
        f"{firm}_address": f.PLACE, **said,
    }  # fmt: skip
    cleaned, _errors = forms.clean(procedures.form_of(case), given, on=f.ON)
    asked = [
        rule
        for rule in catalogue.paper_rules(case)
        if rule.when is None or forms.condition_holds(rule.when, cleaned)
    ]
    return Filing(
        procedure=case.version.procedure.code,
        case=case.code,
        form_version=1,
        answers=given,
        parties=people.parties(actor, case, given),
        papers=[
            PaperInput(code=rule.code, files=(f.file(actor, "a.jpg"),))
            for rule in asked
            if rule.required and not rule.is_shown and rule.code != AUTHORITY
        ],
        receiving_unit=cast.centre,
        competent_unit=catalogue.competent_unit(cast.centre, f.ON, case),
        channel="public_services.counter" if actor.is_official else "public_services.portal",
    )


def file(cast: SimpleNamespace, actor: Actor, **said: Any) -> Dossier:
    """File what an enterprise asks for; said: answers, and the folder of the procedure."""
    return submission.submit_dossier(
        actor=actor, filing=a_filing(cast, actor, **said), at=f.MORNING
    )


def with_authority(actor: Actor, told: Filing) -> Filing:
    paper = PaperInput(code=AUTHORITY, files=(f.file(actor, "uy-quyen.jpg"),))
    return replace(told, papers=[*told.papers, paper])


def parties(dossier: Dossier) -> list[tuple[Any, ...]]:
    rows = Party.objects.filter(dossier=dossier).order_by("role")
    return [
        (one.role, one.full_name, one.last_digits, one.person_id, one.tax_code, one.authority)
        for one in rows
    ]


def test_its_director_files_for_an_enterprise_without_a_paper(cast):
    represent(cast, cast.father.person)
    dossier = file(cast, cast.father)
    assert parties(dossier) == [
        ("owner", NAME, "9106", None, CODE, ""),
        (
            "submitter", "Nguyễn Văn Thử", "0101", cast.father.person, "",
            "Người đại diện đã được ghi nhận: Giấy chứng nhận đăng ký doanh nghiệp",
        ),
    ]  # fmt: skip
    with access.acting(cast.father):
        taking_part = access.Participation.objects.filter(record=dossier.id, person__isnull=False)
        assert set(taking_part.values_list("person", "why")) == {
            (cast.firm.id, "owner"), (cast.father.person, "submitter"),
        }  # fmt: skip
    assert broken() == {}


def test_whom_the_register_names_needs_no_paper(cast):
    told = a_filing(cast, cast.father)
    form = procedures.form_of(procedures.case_of("work_permit"))
    said = forms.clean(form, told.answers, on=f.ON)[0]
    known = {
        key: forms.Prefilled(value=said[key], source="enterprises", title="", at=f.MORNING)
        for key in ("employer_code", "employer_name", "employer_address")
    }
    told = replace(told, known={**told.known, **known})
    dossier = submission.submit_dossier(actor=cast.father, filing=told, at=f.MORNING)
    assert parties(dossier)[1][-1] == (
        "Người đại diện theo pháp luật, tra trong cơ sở dữ liệu đăng ký doanh nghiệp"
    )


def test_anybody_else_hands_in_an_authority_in_writing(cast):
    told = a_filing(cast, cast.father)
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=cast.father, filing=told, at=f.MORNING)
    assert refused.value.fields.keys() == {f"papers.{AUTHORITY}"}
    dossier = submission.submit_dossier(
        actor=cast.father, filing=with_authority(cast.father, told), at=f.MORNING
    )
    assert parties(dossier)[1][-1] == "Theo văn bản ủy quyền nộp kèm hồ sơ"


@pytest.mark.parametrize("code", ["0100109107", "12345", "0123456789 mẫu thử"])
def test_a_code_that_no_enterprise_has_is_refused(cast, code):
    with pytest.raises(Invalid) as refused:
        file(cast, cast.father, employer_code=code)
    assert "answers.employer_code" in refused.value.fields


def test_whoever_acts_for_an_enterprise_files_for_that_one(cast):
    represent(cast, cast.father.person)
    acting = replace(cast.father, acting_for=cast.firm.id)
    with pytest.raises(Invalid) as refused:
        file(cast, acting, employer_code="2900000006")
    assert NAME in refused.value.fields["answers.employer_code"][0]
    assert file(cast, acting).state == "submitted"


def test_another_who_acts_for_it_sees_and_withdraws_it_and_nobody_else_does(cast):
    represent(cast, cast.father.person)
    dossier = file(cast, cast.father)
    acting = replace(cast.mother, acting_for=cast.firm.id)
    assert records.dossier(acting, dossier.code).id == dossier.id
    assert [one.code for one in records.mine(acting, records.Cursor(limit=9))] == [dossier.code]
    for stranger in (cast.mother, cast.stranger):
        with pytest.raises(NotFound):
            withdrawal.withdraw_dossier(
                actor=stranger, order=f.order(dossier), reason="Không cần", at=f.later(5)
            )
    withdrawal.withdraw_dossier(
        actor=acting, order=f.order(dossier), reason="Không còn nhu cầu", at=f.later(6)
    )
    assert f.fresh(dossier).state == "withdrawn"


def test_at_the_counter_the_official_sees_who_comes(cast):
    told = a_filing(cast, cast.motcua)
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=cast.motcua, filing=told, at=f.MORNING)
    assert refused.value.fields.keys() == {f"papers.{AUTHORITY}"}
    represent(cast, cast.father.person)
    dossier = file(cast, cast.motcua)
    assert [one[:4] for one in parties(dossier)] == [
        ("owner", NAME, "9106", None), ("submitter", "Nguyễn Văn Thử", "0101", cast.father.person),
    ]  # fmt: skip


@pytest.mark.parametrize("folder", FIRMS_CASES)
def test_the_result_is_the_enterprise_s(cast, folder):
    represent(cast, cast.father.person)
    dossier = procedures.carried_to_issue(cast, file(cast, cast.father, folder=folder))
    assert dossier.state == "issued"
    acting = replace(cast.father, acting_for=cast.firm.id)
    own = {"persons": [cast.father.person], "on": f.ON, "types": [FIRMS_CASES[folder][2]]}
    assert results.of_persons(cast.father, **own) == []
    [kept] = results.of_persons(acting, **own | {"persons": access.persons_of(acting)})
    assert kept.number == dossier.decision.notation


def test_pages_and_answers_say_in_whose_name_it_is(cast):
    represent(cast, cast.father.person)
    dossier = file(cast, cast.father)
    found = whole.whole(cast.father, dossier.code, now=f.later(1))
    told = answers.dossier_detail(found)
    assert [(one.role, one.tax_code) for one in told.parties] == [
        ("owner", CODE),
        ("submitter", ""),
    ]
    said = {fact.label: fact.value for fact in shapes.party_facts(found.parties[0])}
    assert said["Mã số thuế"] == CODE
    page = text(browser(cast.motcua).get(f"/ho-so/{dossier.code}/"))
    assert NAME in page
    assert CODE in page
    assert "Người đại diện đã được ghi nhận" in page


def test_an_enterprise_owns_and_does_nothing_else(cast):
    represent(cast, cast.father.person)
    dossier = file(cast, cast.father)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(dossier=dossier, role="submitter").update(enterprise=cast.firm)


@pytest.mark.parametrize("folder", OF_BOTH)
def test_a_firm_files_what_persons_file_too(cast, folder):
    told = a_filing(cast, cast.father, folder=folder)
    with pytest.raises(Invalid) as refused:
        submission.submit_dossier(actor=cast.father, filing=told, at=f.MORNING)
    assert refused.value.fields.keys() == {f"papers.{AUTHORITY}"}
    represent(cast, cast.father.person)
    dossier = file(cast, cast.father, folder=folder)
    assert [one[:5] for one in parties(dossier)] == [
        ("owner", NAME, "9106", None, CODE),
        ("submitter", "Nguyễn Văn Thử", "0101", cast.father.person, ""),
    ]
    assert broken() == {}


@pytest.mark.parametrize("folder", OF_BOTH)
def test_the_case_of_persons_is_no_firm_s(cast, folder):
    """A household business is its owner's; whoever acts for an enterprise takes the other case."""
    represent(cast, cast.father.person)
    acting = replace(cast.father, acting_for=cast.firm.id)
    own = procedures.case_of(folder)
    people.check_may_begin(acting, [own, the_case(folder)])
    with pytest.raises(people.ForPersonsOnly):
        people.check_may_begin(acting, [own])
    with pytest.raises(people.ForPersonsOnly):
        people.parties(acting, own, {})
    assert [one.role for one in people.parties(cast.father, own, {})] == ["owner"]


@pytest.mark.parametrize("folder", FIRMS_CASES)
def test_a_program_files_for_an_enterprise(cast, folder):
    """By the token of its director, whom Sen keeps as acting for it; a stranger's is refused."""
    told = a_filing(cast, cast.father, folder=folder)
    body = {
        "procedure": told.procedure, "case": told.case, "form_version": 1,
        "answers": told.answers, "receiving_unit": "H41.9.11.1",
        "papers": [
            {"code": one.code, "files": [str(held) for held in one.files]} for one in told.papers
        ],
    }  # fmt: skip
    director = Program(citizen_account(), *PERSON)
    said = problem(director.ask("POST", "/dossiers", body), 422)
    assert [one["pointer"] for one in said["errors"]] == [f"#/papers/{AUTHORITY}"]
    represent(cast, cast.father.person)
    answer = director.ask("POST", "/dossiers", body)
    assert answer.status_code == 201, answer.content
    code = answer.json()["code"]
    seen = director.ask("GET", f"/dossiers/{code}").json()
    assert [(one["role"], one["full_name"], one["tax_code"]) for one in seen["parties"]] == [
        ("owner", NAME, CODE), ("submitter", "Nguyễn Văn Thử", ""),
    ]  # fmt: skip
    stranger = Program(citizen_account(f.MOTHER), *PERSON)
    assert problem(stranger.ask("GET", f"/dossiers/{code}"), 404)
    assert Party.objects.get(dossier__code=code, role="owner").enterprise_id == cast.firm.id


def test_a_procedure_of_persons_is_not_begun_for_an_enterprise(cast):
    acting = replace(cast.father, acting_for=cast.firm.id)
    with pytest.raises(people.ForPersonsOnly):
        people.check_may_begin(acting, [f.the_case()])
    people.check_may_begin(acting, [procedures.case_of("work_permit")])

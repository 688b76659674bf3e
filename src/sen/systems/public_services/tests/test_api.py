"""The API: scopes, problems, one-time keys, versions, drafts, lists, and what is wrong beside its field."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sen.base import clock
from sen.base.actor import COMMAND
from sen.kernel.forms import public as forms
from sen.kernel.identity import public as identity
from sen.systems.public_services.models import Dossier
from sen.systems.public_services.tests import factories as f

pytestmark = pytest.mark.usefixtures("province")
PERSON = ("dossiers:read", "dossiers:file", "files:write", "files:read")
OFFICIAL = ("dossiers:read", "dossiers:act")


class Program:
    """A program with a bearer token."""

    def __init__(self, owner, *scopes, position=None, days=30):
        at = clock.now()
        token, self.secret = identity.create_token(
            COMMAND, owner=owner, name="test", scopes=scopes, position=position, at=at,
            expires_at=at + dt.timedelta(days=days),
        )  # fmt: skip
        self.token = token

    def ask(self, method, path, body=None, **headers):
        return Client().generic(
            method,
            f"/api/v1{path}",
            data=b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.secret}", **headers},
        )


def citizen_account(number=f.FATHER):
    from sen.kernel.identity.services.accounts import new_citizen

    person = identity.find_person(number)
    return identity.citizen_account(person.pk) or new_citizen(person, at=f.MORNING)


@pytest.fixture
def father(province):
    return Program(citizen_account(), *PERSON)


def of(username, *scopes):
    return Program(identity.account_named(f"{username}.truongvinh"), *(scopes or OFFICIAL))


def problem(response, status):
    assert (response.status_code, response.headers["Content-Type"]) == (
        status, "application/problem+json",
    ), response.content  # fmt: skip
    return response.json()


def a_filing(father, **changes):
    account = citizen_account()
    from sen.base.actor import Actor

    file = f.file(Actor(account=account.pk, person=account.person_id))
    return {
        "procedure": f.PROCEDURE, "case": f.CASE, "form_version": 1, "answers": f.answers(),
        "papers": [{"code": "giay_chung_sinh", "files": [str(file)]}],
        "receiving_unit": "H41.9.11.1", **changes,
    }  # fmt: skip


# -- Tokens


def test_a_token_needs_the_scope_of_the_operation(province, father):
    said = problem(Program(citizen_account(), "files:read").ask("GET", "/dossiers"), 403)
    assert "dossiers:read" in said["detail"]
    said = problem(father.ask("POST", "/dossiers/H41-1/receive", {"version": 1}), 403)
    assert "dossiers:act" in said["detail"]


@pytest.mark.parametrize("what", ["unknown", "expired", "revoked"])
def test_a_token_that_does_not_hold_is_told_why(father, what, province):
    if what == "unknown":
        father.secret = "sen_khong_co"
    if what == "expired":
        type(father.token).objects.filter(pk=father.token.pk).update(
            expires_at=clock.now() - dt.timedelta(seconds=1),
            created_at=clock.now() - dt.timedelta(days=1),
        )
    if what == "revoked":
        identity.revoke_token(COMMAND, token=father.token.pk, at=clock.now())
    said = problem(father.ask("GET", "/dossiers"), 401)
    assert said["code"] == f"token_{what}"


def test_a_token_of_another_unit_acts_on_nothing_here(province):
    dossier = f.submitted(province)
    far = Program(identity.account_named("motcua.daidong"), *OFFICIAL)
    body = {"version": 1}
    assert problem(far.ask("POST", f"/dossiers/{dossier.code}/receive", body), 403)
    assert problem(far.ask("GET", f"/dossiers/{dossier.code}"), 404)
    assert f.fresh(dossier).version == 1


# -- Refusals are problems everywhere


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/khong-co", None, 404),
        ("DELETE", "/dossiers", None, 405),
        ("GET", "/dossiers/H41-khong-co", None, 404),
        ("GET", "/dossiers?limit=1000", None, 422),
        ("GET", "/dossiers?cursor=x", None, 422),
        ("GET", "/drafts/khong-phai-uuid", None, 422),
        ("POST", "/dossiers", {"procedure": 1}, 422),
        ("GET", "/procedures/9.999999", None, 404),
    ],
)
def test_every_refusal_is_a_problem(father, method, path, body, status, province):
    assert problem(father.ask(method, path, body), status)["status"] == status


def test_a_body_that_is_no_json_is_a_problem(father, province):
    response = Client().generic(
        "POST", "/api/v1/dossiers", data=b"{", content_type="application/json",
        headers={"Authorization": f"Bearer {father.secret}"},
    )  # fmt: skip
    assert problem(response, 400)


# -- Filing


def test_a_dossier_is_filed_read_and_listed(province, father):
    filed = father.ask("POST", "/dossiers", a_filing(father))
    assert filed.status_code == 201, filed.content
    code = filed.json()["code"]
    whole = father.ask("GET", f"/dossiers/{code}").json()
    assert (whole["channel"], whole["acts"], whole["decision"]) == (
        "public_services.api", ["withdraw"], None,
    )  # fmt: skip
    assert [one["code"] for one in father.ask("GET", "/dossiers").json()["items"]] == [code]


def test_the_same_key_answers_the_same_and_refuses_another_body(province, father):
    body, key = a_filing(father), {"Idempotency-Key": "khoa-mot-lan-0001"}
    first = father.ask("POST", "/dossiers", body, **key)
    again = father.ask("POST", "/dossiers", body, **key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    other = problem(father.ask("POST", "/dossiers", {**body, "delivery": "post"}, **key), 422)
    assert (other["code"], Dossier.objects.count()) == ("key_reused", 1)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"mother_number": "123"}, "#/answers/mother_number"),
        ({"child_birth_date": "31/02/2026"}, "#/answers/child_birth_date"),
        ({"child_birth_date": "2090-01-01"}, "#/answers/child_birth_date"),
        ({"child_full_name": 5}, "#/answers/child_full_name"),
    ],
)
def test_what_is_wrong_is_pointed_at(province, father, changes, pointer):
    said = problem(
        father.ask("POST", "/dossiers", a_filing(father, answers=f.answers(**changes))), 422
    )
    assert [one["pointer"] for one in said["errors"]] == [pointer]
    assert not Dossier.objects.exists()


def test_a_counter_s_program_files_odd_answers_without_falling(province):
    desk = of("motcua", "dossiers:file")
    for odd in ({"requester_number": {"a": 1}}, {"requester_full_name": None}):
        body = a_filing(desk, papers=[], answers=f.answers(**odd))
        problem(desk.ask("POST", "/dossiers", body), 422)


def test_a_citizen_s_program_states_no_other_name_than_the_identity(province, father):
    stated = f.answers(requester_full_name="Kẻ Mạo Danh", requester_number=f.MOTHER)
    code = father.ask("POST", "/dossiers", a_filing(father, answers=stated)).json()["code"]
    kept = father.ask("GET", f"/dossiers/{code}").json()["answers"]
    assert (kept["requester_full_name"], kept["requester_number"]) == ("Nguyễn Văn Thử", f.FATHER)


def test_an_unknown_receiving_unit_is_told(province, father):
    said = problem(father.ask("POST", "/dossiers", a_filing(father, receiving_unit="H41.0")), 422)
    assert said["errors"][0]["pointer"] == "#/receiving_unit"


# -- Acts


def test_a_version_conflict_says_who_did_what_when(province):
    dossier = f.received(province)
    said = problem(
        of("motcua").ask("POST", f"/dossiers/{dossier.code}/receive", {"version": 1}), 409
    )
    assert (said["code"], said["who"], said["what"]) == (
        "version_conflict", "Hoàng Thị Một Cửa", "tiếp nhận hồ sơ",
    )  # fmt: skip
    assert dt.datetime.fromisoformat(said["when"]) == f.later(10)


def test_who_assigns_is_shown_to_whom(province):
    dossier = f.received(province)
    path = f"/dossiers/{dossier.code}/assignees"
    names = {one["name"] for one in of("chanhvanphong").ask("GET", path).json()}
    assert "Đặng Thị Hộ Tịch" in names
    problem(of("motcua").ask("GET", path), 403)


# -- Drafts


def test_a_draft_is_written_page_by_page_and_filed_once(province, father):
    started = father.ask("POST", "/drafts", {"procedure": f.PROCEDURE, "case": f.CASE})
    assert started.status_code == 201, started.content
    draft = started.json()
    said = f.answers()
    version, page, pages = draft["version"], draft["page"], 0
    while page:
        saved = father.ask(
            "PUT", f"/drafts/{draft['id']}/pages/{page}",
            {"version": version, "answers": page_answers(page, said)},
        )  # fmt: skip
        assert saved.json()["errors"] == {}, (page, saved.json())
        version, page, pages = saved.json()["version"], saved.json()["next"], pages + 1
    assert pages > 1
    given = a_filing(father)["papers"]
    saved = father.ask(
        "PUT", f"/drafts/{draft['id']}/papers", {"version": version, "papers": given}
    )
    assert saved.status_code == 200, saved.content
    stale = {"version": version, "papers": given}
    problem(father.ask("PUT", f"/drafts/{draft['id']}/papers", stale), 409)
    assert [one["id"] for one in father.ask("GET", "/drafts").json()] == [draft["id"]]

    body = {"receiving_unit": "H41.9.11.1"}
    first = father.ask("POST", f"/drafts/{draft['id']}/submit", body)
    again = father.ask("POST", f"/drafts/{draft['id']}/submit", body)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert (first.json()["code"], Dossier.objects.count()) == (again.json()["code"], 1)
    problem(father.ask("GET", f"/drafts/{draft['id']}"), 404)


def page_answers(page, said):
    form = forms.form(f.the_case().form_version_id)
    keys = {question.key for question in form.page(page).questions}
    return {key: value for key, value in said.items() if key in keys}


def test_a_wrong_page_is_saved_and_told(province, father):
    draft = father.ask("POST", "/drafts", {"procedure": f.PROCEDURE, "case": f.CASE}).json()
    body = {"version": draft["version"], "answers": {"requester_phone": "không phải số"}}
    saved = father.ask("PUT", f"/drafts/{draft['id']}/pages/{draft['page']}", body).json()
    assert "requester_phone" in saved["errors"]
    kept = father.ask("GET", f"/drafts/{draft['id']}").json()
    assert kept["typed"]["requester_phone"] == {"": "không phải số"}
    gone = father.ask("DELETE", f"/drafts/{draft['id']}")
    assert (gone.status_code, father.ask("GET", "/drafts").json()) == (204, [])


# -- Lists and following


def queries(program, path):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert program.ask("GET", path).status_code == 200
    return len(found)


def test_a_list_costs_the_same_for_one_and_for_three(province):
    desk = of("motcua")
    f.submitted(province)
    queries(desk, "/dossiers")
    one = queries(desk, "/dossiers")
    f.submitted(province)
    f.submitted(province)
    assert queries(desk, "/dossiers") == one
    page = desk.ask("GET", "/dossiers?limit=2").json()
    rest = desk.ask("GET", f"/dossiers?limit=2&cursor={page['next']}").json()
    codes = [row["code"] for row in page["items"] + rest["items"]]
    assert (codes, rest["next"]) == (sorted(codes, reverse=True), None)


def test_guessing_a_code_is_answered_the_same_limited_and_traced(province):
    dossier = f.submitted(province)

    def look_up(code, digits):
        return Client().post(
            "/api/v1/lookups", {"code": code, "last_digits": digits}, "application/json"
        )

    known = look_up(dossier.code, "0101")
    assert known.json()["state"] == "submitted"
    assert known.json().keys().isdisjoint({"answers", "parties", "owner"})
    wrong = problem(look_up(dossier.code, "9999"), 404)
    unknown = problem(look_up("H41.9.11.1-261120-9999", "0101"), 404)
    assert {**wrong, "request": ""} == {**unknown, "request": ""}
    answers = [look_up(dossier.code, f"{n:04}").status_code for n in range(9)]
    assert answers[-1] == 429
    assert problem(look_up(dossier.code, "0101"), 429)["code"] == "too_many"

"""Answers for programs: problems, pages, one-time keys, versions, who may call."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.test import Client, RequestFactory

from sen.base.actor import Actor
from sen.base.errors import Invalid, SignInNeeded
from sen.base.identifiers import new_id
from sen.web import api, paging
from sen.web.tests import urls

pytestmark = pytest.mark.urls("sen.web.tests.urls")


def post(body: object, **headers: str):
    return Client().post(
        "/api/v1/numbers", json.dumps(body), content_type="application/json", headers=headers
    )


def problem(response) -> dict[str, object]:
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    body = json.loads(response.content)
    assert body.pop("request") == response.headers["X-Request-ID"]
    return body


def test_an_expected_failure_is_a_problem_with_a_stable_code():
    response = Client().get("/api/v1/failures/not_allowed")
    assert (response.status_code, problem(response)) == (403, {
        "type": "urn:sen:problem:not_allowed", "title": "Forbidden", "status": 403,
        "detail": "Tài khoản của bạn không có quyền thực hiện việc này.", "code": "not_allowed",
        "errors": [],
    })  # fmt: skip


def test_a_conflict_says_who_did_what_when():
    body = problem(Client().get("/api/v1/failures/conflict"))
    assert {key: body[key] for key in ("status", "code", "who", "what", "when")} == {
        "status": 409, "code": "version_conflict", "who": "Lê Thị Hà", "what": "tiếp nhận hồ sơ",
        "when": "2026-11-21T09:05:00+07:00",
    }  # fmt: skip


def test_faults_of_fields_carry_pointers():
    body = problem(Client().get("/api/v1/failures/invalid"))
    assert body["errors"] == [{"pointer": "#/full_name", "detail": "Vui lòng nhập họ tên."}]


def test_too_many_tries_say_when_to_come_again():
    assert Client().get("/api/v1/failures/too_many").headers["Retry-After"] == "60"


def test_a_body_that_does_not_fit_the_schema_is_422_with_pointers():
    response = post({"on": "hôm nay"})
    assert (response.status_code, problem(response)["errors"]) == (422, [
        {"pointer": "#/number", "detail": "Thiếu giá trị bắt buộc."},
        {"pointer": "#/on", "detail": "Không phải là ngày giờ theo ISO 8601."},
    ])  # fmt: skip


def test_a_parameter_that_does_not_fit_is_named():
    response = Client().get("/api/v1/pages?limit=nhiều")
    assert [one["pointer"] for one in problem(response)["errors"]] == ["limit"]


SAID = [
    ({"type": "missing"}, "Thiếu giá trị bắt buộc."),
    ({"type": "extra_forbidden"}, "Không có mục này."),
    ({"type": "string_too_long", "ctx": {"max_length": 5}}, "Dài quá 5 ký tự."),
    ({"type": "uuid_parsing"}, "Không phải là UUID."),
    ({"type": "datetime_parsing"}, "Không phải là ngày giờ theo ISO 8601."),
    ({"type": "else", "msg": "Input should be even"}, "Input should be even"),
]


@pytest.mark.parametrize(("fault", "said"), SAID)
def test_faults_of_schemas_in_words(fault, said):
    assert api._said(fault) == said


def test_pointers_are_escaped():
    assert api._pointer("parties.0.a/b~c") == "#/parties/0/a~1b~0c"


def test_what_is_not_there_and_broken_json_are_problems(db):
    missing = Client().get("/api/v1/failures/")
    broken = Client().post("/api/v1/numbers", "{", content_type="application/json")
    assert (missing.status_code, broken.status_code) == (404, 400)
    assert problem(broken)["code"] == "bad_request"


# -- Pages of lists


def test_a_list_is_walked_page_by_page_to_its_end():
    found, cursor = [], ""
    for _ in range(3):
        body = json.loads(Client().get("/api/v1/pages", {"cursor": cursor}).content)
        found.append(body["items"])
        cursor = body["next"] or ""
    assert (found, cursor) == ([[0, 1], [2, 3], [4]], "")


def test_an_empty_list_has_no_next_page():
    assert api.page([], limit=2, key=lambda row: row) == {"items": [], "next": None}


def test_a_page_may_be_keyed_by_several_values():
    made = api.page([(1, "a"), (2, "b")], limit=1, key=lambda row: row)
    assert paging.decode(made["next"], keys=2) == ("1", "a")


def test_a_cursor_of_an_id_comes_back():
    key = new_id()
    assert api.read_cursor(paging.encode(key)) == key
    assert api.read_cursor("") is None


@pytest.mark.parametrize("cursor", ["%%%", "abc", paging.encode("x"), paging.encode(1, 2)])
def test_a_cursor_that_no_page_gave_is_refused(cursor):
    with pytest.raises(paging.BadCursor):
        api.read_cursor(cursor)


@pytest.mark.parametrize("text", ['{"a":1}', "[1]"])
def test_a_cursor_holds_texts_only(text):
    import base64

    with pytest.raises(paging.BadCursor):
        paging.decode(base64.urlsafe_b64encode(text.encode()).decode(), keys=1)


def test_the_address_of_the_next_page_keeps_the_filters():
    request = RequestFactory().get("/viec/?han=tre&sau=abc")
    assert paging.href(request, {"sau": "xyz"}) == "/viec/?han=tre&sau=xyz"
    assert paging.href(request, {"sau": "", "han": ""}) == "/viec/"


# -- Who may call


def test_a_visitor_is_asked_for_a_token(db):
    response = Client().get("/api/v1/mine")
    assert (response.status_code, problem(response)["code"]) == (401, "sign_in_needed")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="sen"'


def test_a_token_that_does_not_hold_is_refused(db):
    response = Client().get("/api/v1/mine", headers={"Authorization": "Bearer sai"})
    assert response.status_code == 401


class Asked:
    """A request with an actor already known."""

    def __init__(self, actor: Actor) -> None:
        self.request = RequestFactory().get("/api/v1/mine")
        self.request.sen_actor = actor


def test_tokens_and_sessions_of_somebody_known_pass():
    known = Actor(account=new_id())
    assert api.Bearer().authenticate(Asked(known).request, "x") == known
    assert api.Bearer().authenticate(Asked(Actor()).request, "x") is None
    assert api.Browser(csrf=False).authenticate(Asked(known).request, "x") == known
    assert api.Browser(csrf=False).authenticate(Asked(known).request, None) is None
    assert api.Browser(csrf=False).authenticate(Asked(Actor()).request, "x") is None


def test_a_visitor_is_counted_by_address():
    assert api.visitor(RequestFactory().get("/")) == "127.0.0.1"
    assert api.visitor(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"


# -- Acts


@pytest.fixture
def official(db):
    from sen.kernel.identity.tests import factories

    account = factories.AccountFactory()
    return Actor(account=account.pk, person=account.person_id)


def ask(actor: Actor, number: int, key: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    request = RequestFactory().post(
        "/api/v1/numbers", {"number": number}, content_type="application/json", headers=headers
    )
    request.sen_actor = actor
    return api.once(request, lambda: urls._add(number), status=201)


def test_without_a_key_an_act_is_done_each_time():
    urls.done.clear()
    answers = [ask(Actor(), 7), ask(Actor(), 7)]
    assert [json.loads(a.content) for a in answers] == [{"number": 1}, {"number": 2}]
    assert [a.status_code for a in answers] == [201, 201]


def test_with_a_key_the_first_answer_comes_again(official):
    urls.done.clear()
    key = str(new_id())
    answers = [ask(official, 7, key), ask(official, 7, key)]
    assert [json.loads(a.content) for a in answers] == [{"number": 1}, {"number": 1}]
    assert [a.headers.get(api.REPLAYED_HEADER) for a in answers] == [None, "true"]
    assert ([a.status_code for a in answers], urls.done) == ([201, 201], [7])


def test_a_failed_act_leaves_no_record_of_its_key(official):
    urls.done.clear()
    key = str(new_id())
    with pytest.raises(Invalid):
        ask(official, -7, key)
    with pytest.raises(Invalid):
        ask(official, -7, key)
    assert urls.done == []


def test_a_visitor_has_no_keys(db):
    with pytest.raises(SignInNeeded):
        ask(Actor(), 7, "khoa")


def test_acts_under_a_key_cost_two_more_statements(official, django_assert_num_queries):
    with django_assert_num_queries(4):  # savepoint, claim, keep, release
        ask(official, 7, str(new_id()))


VERSIONS = [("", None), ('"7"', 7), ("7", 7)]


@pytest.mark.parametrize(("value", "version"), VERSIONS)
def test_the_version_of_if_match(value, version):
    assert api.if_match(RequestFactory().get("/", headers={"If-Match": value})) == version


def test_another_if_match_is_refused():
    with pytest.raises(Invalid):
        api.if_match(RequestFactory().get("/", headers={"If-Match": '"abc"'}))


def test_ids_of_cursors_are_ids():
    assert isinstance(api.read_cursor(paging.encode(UUID(int=1))), UUID)

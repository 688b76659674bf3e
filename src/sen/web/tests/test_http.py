"""Answers for people: whole pages and fragments, refusals, going on, acts done once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from sen.base import clock
from sen.base.actor import ANONYMOUS, Actor
from sen.base.errors import Conflict, Invalid, KeyReused, SignInNeeded, VersionConflict
from sen.base.identifiers import new_id
from sen.web import http
from sen.web.tests import urls

pytestmark = pytest.mark.urls("sen.web.tests.urls")
WHEN = dt.datetime(2026, 11, 21, 9, 5, tzinfo=clock.ZONE)


@pytest.fixture
def templates(tmp_path, settings):
    """Let templates of this test be found beside the application's."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    return tmp_path


@pytest.fixture
def page(templates):
    text = "<main>{% partialdef rows inline %}<p>{{ word }}{{ faults.0.message }}{{ conflict }}</p>{% endpartialdef %}</main>"
    (templates / "list.html").write_text("{% load partials %}" + text, encoding="utf-8")
    return "list.html"


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get("/danh-sach/?q=1", headers=headers)
    made.sen_actor = ANONYMOUS
    return made


ASKING = [
    ({}, "<main><p>Sen</p></main>"),
    ({"HX-Request": "true"}, "<p>Sen</p>"),
    ({"HX-Request": "true", "HX-Boosted": "true"}, "<main><p>Sen</p></main>"),
    ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "<main><p>Sen</p></main>"),
]


@pytest.mark.parametrize(("headers", "body"), ASKING)
def test_a_fragment_goes_to_htmx_alone(page, headers, body):
    response = http.render(request(**headers), page, {"word": "Sen"}, fragment="rows")
    assert (response.content.decode(), response.status_code) == (body, 200)
    assert response.headers["Vary"] == "HX-Request"


def test_a_page_without_fragments_varies_on_nothing(page):
    response = http.render(request(**{"HX-Request": "true"}), page, {"word": "Sen"}, status=201)
    assert (response.content.decode(), response.status_code) == ("<main><p>Sen</p></main>", 201)
    assert "Vary" not in response.headers


def test_after_an_act_the_browser_is_sent_on_with_303():
    response = http.redirect(request(), "/ho-so/")
    assert (response.status_code, response.headers["Location"]) == (303, "/ho-so/")


def test_htmx_is_sent_on_by_its_own_header():
    response = http.redirect(request(**{"HX-Request": "true"}), "web:ui")
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/ui/")


NEXT = [
    ("/ho-so/", "/ho-so/"),
    ("http://testserver/a", "http://testserver/a"),
    ("https://example.invalid/", "/"),
    ("//example.invalid/", "/"),
    ("javascript:alert(1)", "/"),
    ("", "/"),
]


@pytest.mark.parametrize(("wanted", "taken"), NEXT)
def test_next_stays_on_this_site(wanted, taken):
    assert http.safe_next(RequestFactory().post("/", {"next": wanted})) == taken
    assert http.safe_next(RequestFactory().get("/", {"next": wanted})) == taken


def test_invalid_input_answers_422_with_the_page_and_what_was_typed(page):
    error = Invalid(fields={"full_name": ["Vui lòng nhập họ tên."]})
    response = http.refuse(
        request(**{"HX-Request": "true"}), error, template=page, context={"word": "Hà "},
        fragment="rows",
    )  # fmt: skip
    assert (response.status_code, response.content.decode()) == (
        422, "<p>Hà Vui lòng nhập họ tên.</p>",
    )  # fmt: skip


def test_a_conflict_answers_409_with_who_did_what_when_and_what_was_typed(page):
    error = VersionConflict(who="Lê Thị Hà", what="tiếp nhận hồ sơ", when=WHEN)
    response = http.refuse(request(), error, template=page, context={"word": "Ý kiến: "})
    assert (response.status_code, response.content.decode()) == (
        409,
        "<main><p>Ý kiến: Nội dung đã được người khác cập nhật.Lê Thị Hà đã tiếp nhận hồ sơ lúc 09:05, 21/11/2026.</p></main>",
    )


CONFLICTS = [
    (VersionConflict(who="Hà", what="ký", when=None), "Hà đã ký."),
    (Conflict("Hồ sơ đã rút."), "Hồ sơ đã rút."),
]


@pytest.mark.parametrize(("error", "said"), CONFLICTS)
def test_a_conflict_says_what_is_known(error, said):
    assert http.conflict_text(error) == said


def test_faults_without_a_field_have_no_target():
    faults = http.faults(Invalid("Sai cả.", fields={"": ["Sai một."], "a": ["Thiếu."]}))
    assert [(one.field, one.message) for one in faults] == [("", "Sai một."), ("id_a", "Thiếu.")]
    assert [(one.field, one.message) for one in http.faults(Invalid("Sai cả."))] == [
        ("", "Sai cả.")
    ]


REFUSED = [
    ("conflict", 409, "Lê Thị Hà đã tiếp nhận hồ sơ lúc 09:05, 21/11/2026."),
    ("standing", 409, "Chưa thực hiện được"),
    ("not_found", 404, "Không tìm thấy nội dung yêu cầu."),
    ("not_allowed", 403, "Tài khoản của bạn không có quyền thực hiện việc này."),
    ("too_many", 429, "Bạn đã thử quá nhiều lần."),
    ("invalid", 422, "Thông tin chưa hợp lệ."),
]


@pytest.mark.parametrize(("name", "status", "said"), REFUSED)
def test_a_refusal_without_a_page_of_its_own_gets_a_plain_one(name, status, said):
    response = Client().get(f"/refused/{name}/")
    assert (response.status_code, said in response.content.decode()) == (status, True)
    assert 'href="/ui/"' in response.content.decode()


@override_settings(LOGIN_URL="/dang-nhap/")
def test_who_is_not_signed_in_is_sent_to_sign_in_and_returns():
    response = http.refuse(request(), SignInNeeded())
    assert response.headers["Location"] == "/dang-nhap/?next=%2Fdanh-sach%2F%3Fq%3D1"


def test_an_etag_depends_on_all_its_parts():
    assert http.etag("a", 1, WHEN) == http.etag("a", 1, WHEN)
    assert len({http.etag("a", 1), http.etag("a", 2), http.etag("a1")}) == 3


# -- Acts done once


@pytest.fixture
def citizen(db, django_user_model):
    from sen.kernel.identity.tests import factories

    account = factories.AccountFactory()
    return Actor(account=account.pk, person=account.person_id)


def order(actor: Actor, **fields: str) -> HttpRequest:
    made = RequestFactory().post("/act/", fields)
    made.sen_actor = actor
    return made


def test_an_act_sent_twice_is_done_once_and_leads_to_the_same_place(citizen):
    urls.done.clear()
    sent = {"number": "5", "key": str(new_id())}
    places = [
        urls.act(order(citizen, **sent, csrfmiddlewaretoken=token)).headers["Location"]
        for token in ("a", "b")
    ]
    assert (places, urls.done) == (["/sau/1/", "/sau/1/"], [5])


def test_the_same_key_with_other_content_is_refused(citizen):
    key = str(new_id())
    urls.act(order(citizen, number="5", key=key))
    with pytest.raises(KeyReused):
        urls.act(order(citizen, number="6", key=key))


def test_a_failed_act_may_be_corrected_under_the_same_key(citizen):
    urls.done.clear()
    key = str(new_id())
    with pytest.raises(Invalid):
        urls.act(order(citizen, number="-1", key=key))
    assert urls.act(order(citizen, number="2", key=key)).headers["Location"] == "/sau/1/"


def test_an_act_without_a_key_is_simply_done():
    urls.done.clear()
    assert urls.act(order(ANONYMOUS, number="3")).headers["Location"] == "/sau/1/"

"""What every request passes: its id, headers, the door for bodies, who acts."""

from __future__ import annotations

import re

import pytest
from django.test import Client, RequestFactory

from sen.base.actor import ANONYMOUS, Actor
from sen.base.identifiers import new_id
from sen.web import middleware

pytestmark = pytest.mark.urls("sen.web.tests.urls")


def test_each_answer_carries_its_requests_id():
    ids = [Client().get("/ui/").headers["X-Request-ID"] for _ in range(2)]
    assert [bool(re.fullmatch("[0-9a-f]{32}", one)) for one in ids] == [True, True]
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("given", "kept"), [("abcd-1234-EFGH", True), ("x y\n", False), ("a", False)]
)
def test_the_proxys_id_is_kept_where_it_is_one(given, kept):
    response = Client().get("/ui/", headers={"X-Request-ID": given})
    assert (response.headers["X-Request-ID"] == given) is kept


def test_pages_may_use_no_sensors_and_are_not_embedded_elsewhere():
    headers = Client().get("/ui/").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_body_past_the_limit_is_refused_for_people(settings):
    settings.BODY_LIMIT = 10
    response = Client().post(
        "/giao-dien/", "x=01234567890", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "quá lớn" in response.content.decode()


def test_a_body_past_the_limit_is_refused_for_programs(settings):
    settings.BODY_LIMIT = 10
    response = Client().post(
        "/api/v1/numbers", {"number": 12345678}, content_type="application/json",
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert (response.status_code, response.headers["Content-Type"]) == (
        413,
        "application/problem+json",
    )


def test_lines_of_the_log_carry_the_request_and_the_record():
    response = Client().get("/records/H41.9-1/")

    said = response.json()

    assert said == {"record": "H41.9-1", "request": response.headers["X-Request-ID"]}


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-00f067aa0ba902b7-01", None),
        ("", None),
    ],
)
def test_lines_of_the_log_carry_the_trace_of_the_caller(given, kept):
    said = Client().get("/records/H41.9-1/", headers={"traceparent": given}).json()

    assert said.get("trace") == kept


NULS = [
    ("/ui/%00/", "", ""),
    ("/ui/?q=a%00b", "", ""),
    ("/giao-dien/", "application/x-www-form-urlencoded", "theme=%00"),
    ("/api/v1/numbers", "application/json", '{"number": "\\u0000"}'),
]


@pytest.mark.parametrize(("path", "kind", "body"), NULS)
def test_a_character_that_no_row_can_hold_is_refused_at_the_door(path, kind, body):
    method = "POST" if body else "GET"
    response = Client().generic(method, path, body, content_type=kind or "text/plain")
    assert response.status_code == 400
    if path.startswith("/api/"):
        said = response.json()
        assert (said["code"], said["detail"]) == ("unreadable", middleware.Unreadable.default)


def test_an_expected_failure_that_a_view_let_through_is_a_page():
    response = Client().get("/raises/")
    assert (response.status_code, response.templates[0].name) == (404, "404.html")


LIMITS = [
    ("application/octet-stream", 20), ("multipart/form-data; boundary=x", 20),
    ("application/json", 10), ("text/plain", 10),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "limit"), LIMITS)
def test_only_pieces_of_files_may_be_larger(settings, kind, limit):
    settings.BODY_LIMIT, settings.UPLOAD_PIECE_LIMIT = 10, 20
    request = RequestFactory().generic("POST", "/", b"x", content_type=kind)
    assert middleware.limit_for(request) == limit


def test_who_acts_is_asked_only_when_looked_at(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        Client().get("/ui/")


def test_the_actor_is_resolved_once():
    known = Actor(account=new_id())
    request = RequestFactory().get("/")
    request.sen_actor = known
    seen = []
    middleware.ActorMiddleware(lambda r: seen.append(r.actor.account) or None)(request)
    assert seen == [known.account]
    assert middleware.actor_of(request) is known


def test_a_browser_without_a_session_is_a_visitor(db):
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    request = RequestFactory().get("/")
    request.session = SessionStore()
    assert middleware.actor_of(request) == ANONYMOUS


@pytest.mark.parametrize(
    ("cookie", "browser", "spoken"),
    [("", "en-US,en;q=0.9", "vi"), ("en", "vi-VN", "en"), ("xx", "en", "vi"), ("vi", "en", "vi")],
)
def test_only_a_choice_changes_the_language(cookie, browser, spoken):
    client = Client()
    client.cookies["sen_language"] = cookie
    response = client.get("/ui/", headers={"Accept-Language": browser})
    assert f'<html lang="{spoken}"' in response.content.decode()
    assert response.headers["Content-Language"] == spoken
    assert "Cookie" in response.headers["Vary"]

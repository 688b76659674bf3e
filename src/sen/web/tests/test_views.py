"""The choices of the frame, the catalogue, and what every page keeps to."""

from __future__ import annotations

import re

import pytest
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from sen.base.errors import NotFound
from sen.web import frame, http, samples, views
from sen.web.data import Link

pytestmark = pytest.mark.urls("sen.web.tests.urls")
PARTS = [*views._PARTS, *views._FRAMES]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_a_page_has_nothing_inline(part, language):
    client = Client()
    client.cookies["sen_language"] = language
    page = client.get(f"/ui/{part}/").content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page) == []
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("part", PARTS)
def test_each_id_stands_once_on_a_page(part):
    page = Client().get(f"/ui/{part}/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_citizens_pages_load_no_htmx_and_officials_pages_do():
    pages = {part: Client().get(f"/ui/{part}/").content.decode() for part in ("portal", "desk")}
    assert {part: "htmx.js" in page for part, page in pages.items()} == {
        "portal": False, "desk": True,
    }  # fmt: skip
    assert '"allowEval":false' in pages["desk"]


def test_the_catalogue_is_there_only_among_invented_people(settings):
    settings.DEMO = settings.DEBUG = False
    assert Client().get("/ui/").status_code == 404
    settings.DEMO = True
    assert [Client().get(url).status_code for url in ("/ui/", "/ui/khac/")] == [200, 404]


def test_a_language_chosen_is_kept():
    client = Client()
    response = client.post("/ngon-ngu/", {"language": "en", "next": "/ui/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/ui/")
    assert '<html lang="en"' in client.get("/ui/").content.decode()


def test_an_unknown_language_changes_nothing():
    response = Client().post("/ngon-ngu/", {"language": "xx"})
    assert (response.status_code, dict(response.cookies)) == (303, {})


def test_a_theme_chosen_is_on_the_page_from_its_first_byte():
    client = Client()
    client.post("/giao-dien/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/ui/").content.decode()[:200]
    client.post("/giao-dien/", {"theme": ""})
    assert "data-theme" not in client.get("/ui/").content.decode()[:200]


def test_a_theme_cookie_of_another_value_is_nothing():
    request = RequestFactory().get("/", headers={"Cookie": "sen_theme=<script>"})
    assert frame.stored_theme(request) == ""


@pytest.mark.parametrize("url", ["/ngon-ngu/", "/giao-dien/"])
def test_choices_are_posts(url):
    assert Client().get(url).status_code == 405


def test_choices_need_the_forms_token():
    assert (
        Client(enforce_csrf_checks=True).post("/giao-dien/", {"theme": "dark"}).status_code == 403
    )


def test_a_visitors_frame_has_no_account():
    request = RequestFactory().get("/")
    with translation.override("vi"):
        made = frame.frame_for(request)
    assert (made.is_signed_in, made.account_initial, made.menu) == (False, "", ())
    assert frame.frame_for(request) is made


def test_a_registered_provider_answers(monkeypatch):
    monkeypatch.setattr(frame, "_providers", [])
    wanted = samples.frame(is_official=False, language="vi", theme="")
    frame.register_provider(lambda _request: wanted)
    assert frame.frame_for(RequestFactory().get("/")) is wanted
    assert (wanted.account_initial, wanted.is_signed_in) == ("T", True)


def test_the_frame_is_built_only_when_a_page_looks(monkeypatch):
    asked = []
    monkeypatch.setattr(frame, "_providers", [lambda _request: asked.append(1)])
    context = frame.frame(RequestFactory().get("/"))
    assert (asked, list(context)) == ([], ["frame"])


def test_the_menu_item_is_a_link():
    assert frame.MenuItem is Link


@pytest.mark.parametrize("name", ["403", "404", "409", "413", "500", "503", "refused"])
def test_pages_of_failure_stand_without_a_request(name):
    page = render_to_string(f"{name}.html")
    assert re.findall(r"<h1>[^<]+</h1>", page) != []
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "413", "500", "503", "refused"])
def test_pages_of_failure_show_whose_page_it_is(name):
    """Without a request nothing is asked of the database, which may be what failed."""
    page = render_to_string(f"{name}.html")
    assert 'class="brand"' in page
    assert "portal-nav" not in page


@pytest.mark.parametrize("is_official", [False, True])
def test_a_refusal_stands_in_the_frame_of_whoever_asked(monkeypatch, is_official):
    monkeypatch.setattr(
        frame,
        "_providers",
        [lambda _request: samples.frame(is_official=is_official, language="vi", theme="")],
    )
    request = RequestFactory().get("/khong-co/")
    page = http.refuse(request, NotFound("Không có.")).content.decode()
    assert ("portal-nav" in page, "desk-side" in page) == (not is_official, is_official)
    assert "Không có." in page


@override_settings(DEBUG=False)
def test_an_unknown_address_gets_the_humane_page():
    response = Client().get("/khong-co/")
    assert (response.status_code, "Không tìm thấy trang này" in response.content.decode()) == (
        404,
        True,
    )


@pytest.mark.parametrize(
    ("raised", "path", "told"),
    [
        (OperationalError(), "/api/v1/dossiers", (503, "application/problem+json", "2")),
        (InterfaceError(), "/ho-so/", (503, "text/html; charset=utf-8", "2")),
        (KeyError(), "/api/v1/dossiers", (500, "application/problem+json", None)),
        (KeyError(), "/ho-so/", (500, "text/html; charset=utf-8", None)),
    ],
)
def test_what_nothing_else_answers_is_told_from_a_database_that_is_away(raised, path, told):
    try:
        raise raised  # noqa: TRY301 - the handler is called while the failure is handled
    except Exception:  # noqa: BLE001 - likewise
        response = views.failure(RequestFactory().get(path))

    assert (
        response.status_code,
        response.headers["Content-Type"],
        response.headers.get("Retry-After"),
    ) == told

"""What search engines may read, and where a weakness is told."""

from __future__ import annotations

import pytest
from django.test import Client

from sen.web import robots

pytestmark = pytest.mark.urls("sen.web.tests.urls")


def test_search_engines_read_public_pages_and_nothing_else(settings):
    settings.SEARCHABLE = ("/", "/thu-tuc/*/")
    settings.PUBLIC_URL = "https://sen.example/"
    answer = Client().get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "User-agent: *\nAllow: /$\nAllow: /?ngon-ngu=en$\nAllow: /thu-tuc/*/$\n"
        "Allow: /thu-tuc/*/?ngon-ngu=en$\nAllow: /static/\nDisallow: /\n"
        "Sitemap: https://sen.example/sitemap.xml\n"
    )


@pytest.mark.parametrize(
    ("path", "is_public"),
    [
        ("/", True),
        ("/thu-tuc/", True),
        ("/thu-tuc/1.001193/", True),
        ("/thu-tuc/1.001193/nop/", False),
        ("/tra-cuu/", True),
        ("/tra-cuu/0123456789abcdef/", False),
        ("/xac-minh/", True),
        ("/xac-minh/0123456789abcdef/", False),
        ("/ho-so/H41.9.11-261121-0001/", False),
        ("/tai-khoan/", False),
        ("/dang-nhap/", False),
        ("/api/v1/dossiers", False),
    ],
)
def test_a_page_not_named_as_public_is_not_found(path, is_public):
    assert robots.may_be_found(path) is is_public


def test_answers_say_so_themselves(settings):
    settings.SEARCHABLE = ("/ui/",)
    tags = [Client().get(path).headers.get("X-Robots-Tag") for path in ("/ui/", "/ui/fields/")]
    assert tags == [None, "noindex, nofollow"]


def test_whom_to_tell_of_a_weakness_is_what_the_operator_named(settings, monkeypatch):
    monkeypatch.setenv("SEN_CLOCK", "2026-11-21T09:00:00+07:00")
    settings.PUBLIC_URL = "https://sen.example/"
    settings.SECURITY_CONTACT = "mailto:an-toan@sen.example"
    answer = Client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "Contact: mailto:an-toan@sen.example\n"
        "Expires: 2027-05-20T02:00:00Z\n"
        "Preferred-Languages: vi, en\n"
        "Canonical: https://sen.example/.well-known/security.txt\n"
    )


@pytest.mark.parametrize("contact", ["", "an-toan@sen.example", "http://sen.example"])
def test_nothing_is_promised_where_nobody_is_named(settings, contact):
    settings.SECURITY_CONTACT = contact
    assert Client().get("/.well-known/security.txt").status_code == 404

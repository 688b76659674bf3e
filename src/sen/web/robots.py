"""What programs of others read first: for search engines, and for whoever found a weakness."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from sen.base import clock
from sen.web.metadata import LANGUAGE_PARAMETER

SITEMAP = "/sitemap.xml"
"""Where the list of public pages is; whoever has public pages serves it."""
CONTACTS = ("https://", "mailto:", "tel:")
"""Ways of reaching somebody. Nguồn: RFC 9116, mục 2.5.3."""
GOOD_FOR = dt.timedelta(days=180)
"""Less than the year that RFC 9116, 2.5.5 recommends as the longest."""


def may_be_found(path: str) -> bool:
    """Tell whether search engines may show a page; all that is not named as public they may not."""
    return any(pattern.fullmatch(path) for pattern in _patterns(tuple(settings.SEARCHABLE)))


@cache
def _patterns(named: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return the named addresses as patterns; `*` is one part of an address."""
    return tuple(re.compile(re.escape(one).replace(r"\*", "[^/]+")) for one in named)


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Let search engines read the public pages and nothing else."""
    named = [f"?{LANGUAGE_PARAMETER}={code}" for code, _name in settings.LANGUAGES[1:]]
    allowed = [
        f"Allow: {one}{language}$" for one in settings.SEARCHABLE for language in ("", *named)
    ]
    lines = [
        "User-agent: *",
        *allowed,
        f"Allow: {settings.STATIC_URL}",
        "Disallow: /",
        f"Sitemap: {settings.PUBLIC_URL.rstrip('/')}{SITEMAP}",
    ]
    return _text(lines)


@require_safe
def security(_request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness of this installation, where its operator has named somebody.

    Nguồn: RFC 9116.
    """
    if not settings.SECURITY_CONTACT.startswith(CONTACTS):
        raise Http404
    until = (clock.now() + GOOD_FOR).astimezone(dt.UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: vi, en",
        f"Canonical: {settings.PUBLIC_URL.rstrip('/')}/.well-known/security.txt",
    ]
    return _text(lines)


def _text(lines: list[str]) -> HttpResponse:
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "max-age=86400"
    return response

"""Public pages that a browser or a search engine need not fetch twice (RFC 9110, 13).

A visitor's page depends on little: what it shows, the editions, the day, the choices kept in
cookies, the program itself. From these its validator is made before the page is, so that the
answer 304 costs no page. Whoever is signed in gets every page anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from sen.base import clock
from sen.kernel.legal import public as legal
from sen.web import http, middleware
from sen.web.frame import THEME_COOKIE

_OK = 200
_MESSAGES = "messages"
"""The cookie of a message that is still to be shown; the page with it is shown once."""


def page(
    request: HttpRequest,
    *,
    depends_on: object,
    build: Callable[[], HttpResponse],
    changed_at: dt.datetime | None = None,
) -> HttpResponse:
    """Return a page with its validator, or 304 where the visitor has it already.

    depends_on: what the page shows beside what the editions count. changed_at: when that was last
    published; it is told, but alone never answers 304: the days a page promises change by
    themselves.
    """
    if middleware.actor_of(request).account is not None or _MESSAGES in request.COOKIES:
        return build()
    tag = _tag(request, depends_on)
    seen = "If-None-Match" in request.headers
    kept = get_conditional_response(request, etag=tag) if seen else None
    response = kept or build()
    if response.status_code in {_OK, 304}:
        response.headers["ETag"] = tag
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if changed_at is not None and response.status_code == _OK:
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())
    return response


def _tag(request: HttpRequest, depends_on: object) -> str:
    """Return the validator: the secret of forms is in it, since the page's forms carry it."""
    cookies = [
        request.COOKIES.get(name, "")
        for name in (settings.LANGUAGE_COOKIE_NAME, THEME_COOKIE, settings.CSRF_COOKIE_NAME)
    ]
    return http.etag(
        _program(),
        request.get_full_path(),
        middleware.chosen_language(request),
        *cookies,
        clock.day(clock.now()),
        legal.editions(),
        repr(depends_on),
    )


@cache
def _program() -> str:
    """Return what tells one state of the program's files from another."""
    root = Path(__file__).parents[1]
    files = sorted(
        (str(path.relative_to(root)), (found := path.stat()).st_size, found.st_mtime_ns)
        for path in root.rglob("*")
        if path.suffix in {".py", ".html", ".mo", ".json"}
    )
    return http.etag(files)

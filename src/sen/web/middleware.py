"""What every request passes: its id, the door for bodies, headers, and who acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import uuid4

import structlog
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from sen.base import tracing
from sen.base.actor import Actor
from sen.base.errors import DomainError, TooLarge
from sen.kernel.identity import public as identity
from sen.kernel.legal import public as legal
from sen.web import robots
from sen.web.metadata import LANGUAGE_PARAMETER

_Answer = Callable[[HttpRequest], HttpResponse]
_YEAR = 365 * 24 * 3600
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_TRACE = re.compile(r"^[0-9a-e][0-9a-f]-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
"""What a caller says of the trace that a request belongs to. Nguồn: W3C Trace Context, 3.2."""
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


@cache
def _policy() -> str:
    """Return the one content security policy, which no page changes."""
    return build_policy()


class SenRequest(HttpRequest):
    """A request after these middlewares, for annotations."""

    actor: Actor
    request_id: str


class RequestMiddleware:
    """Give the request an id (kept from the proxy), refuse large bodies, add headers.

    Lines of the log carry the request's id, the caller's trace (`traceparent`), the account that
    acts and the record's code; they are cleared with the next request, for Django logs some lines
    after the answer is made.

    Editions are read once a request: within it nothing remembered changes. Search engines may show
    nothing but what the settings name as public.

    The server in front refuses large bodies first; here the length is checked again, so that no
    other way in is open. Only addresses that take files in pieces may receive a larger body.
    """

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.match(given) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # see SenRequest
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        told = _TRACE.match(request.META.get("HTTP_TRACEPARENT", ""))
        trace = tracing.current() or (told[1] if told else "")
        if trace:
            structlog.contextvars.bind_contextvars(trace=trace)
        legal.begin_request()
        try:
            response = self._refused(request) or self.get_response(request)
        finally:
            legal.end_request()
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not robots.may_be_found(request.path):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Let every line of the log name the record that the address names by its code.

        Who counts requests reads in the environment which address this was.
        """
        if request.resolver_match is not None:
            request.META["sen.route"] = request.resolver_match.route
        if isinstance(kwargs.get("code"), str):
            structlog.contextvars.bind_contextvars(record=kwargs["code"])

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > limit_for(request):
            return _problem(request, TooLarge())
        if has_nul(request):
            return _problem(request, Unreadable())
        return None


class Unreadable(DomainError):
    """What was sent holds what no text holds."""

    code = "unreadable"
    default = "Nội dung gửi lên có ký tự không hợp lệ. Chưa có gì được thay đổi."


def _problem(request: HttpRequest, error: DomainError) -> HttpResponse:
    if "json" in request.headers.get("Accept", "") or request.path.startswith("/api/"):
        from sen.web import api  # it stands on this module

        return api.problem(request, error)
    return HttpResponse(render_to_string(f"{error.status}.html"), status=error.status)


def has_nul(request: HttpRequest) -> bool:
    """Tell whether text of a request holds the character NUL, which no name and no row can hold."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if request.content_type == "application/json":
        return b"\\u0000" in request.body
    return request.content_type == "application/x-www-form-urlencoded" and b"%00" in request.body


def limit_for(request: HttpRequest) -> int:
    """Return how many bytes this request's body may have."""
    is_piece = request.content_type in {"application/octet-stream", "multipart/form-data"}
    limit: int = settings.UPLOAD_PIECE_LIMIT if is_piece else settings.BODY_LIMIT
    return limit


class LanguageMiddleware:
    """Speak Vietnamese unless somebody chose otherwise: by the frame's button, or in the account.

    The browser's own languages are not asked: many phones in the province are set to English by
    the shop that sold them. The cookie of the button comes before the account's language. An
    address may name the language itself (`?ngon-ngu=en`), as search engines need it; the pages
    after it stay in that language.
    """

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.method == "GET" and _named_language(request) not in {"", kept}:
            keep_choice(response, settings.LANGUAGE_COOKIE_NAME, language)
        return response


def _named_language(request: HttpRequest) -> str:
    """Return the language that the address names, empty for none that is spoken here."""
    named = request.GET.get(LANGUAGE_PARAMETER, "")
    return named if named in dict(settings.LANGUAGES) else ""


def keep_choice(response: HttpResponse, name: str, value: str) -> None:
    """Let a browser keep a choice of its person for a year."""
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def chosen_language(request: HttpRequest) -> str:
    """Return the language that somebody chose for pages, Vietnamese where nobody did."""
    spoken = dict(settings.LANGUAGES)
    chosen = _named_language(request) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen not in spoken:
        session = identity.current_session(request)
        chosen = session.account.language if session and session.account else ""
    return chosen if chosen in spoken else str(settings.LANGUAGE_CODE)


class ActorMiddleware:
    """Put `request.actor` there, resolved when a view or template first looks."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]  # see SenRequest
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn an expected failure that a view let through into its page."""
        from sen.web import http  # it stands on this module

        return http.refuse(request, error) if isinstance(error, DomainError) else None


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request, asked of the kernel once."""
    kept: Actor | None = getattr(request, "sen_actor", None)
    if kept is None:
        kept = identity.actor(request)
        request.sen_actor = kept  # type: ignore[attr-defined]  # kept with what it belongs to
        if kept.account is not None:
            structlog.contextvars.bind_contextvars(actor=str(kept.account))
    return kept

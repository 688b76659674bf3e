"""The choices of the frame (language, theme), the catalogue of components, and when all fails."""

from __future__ import annotations

import sys
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sen.base.errors import DomainError, Unavailable
from sen.kernel.identity import public as identity
from sen.web import api, http, middleware, samples
from sen.web.frame import THEME_COOKIE, stored_theme
from sen.web.metadata import LANGUAGE_PARAMETER

_PARTS = ("actions", "fields", "pages", "records")
_FRAMES = ("portal", "form", "desk", "dossier", "signin")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language somebody chose, for the account too, and go back to where they were."""
    response = http.redirect(request, _without_language(http.safe_next(request)))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        middleware.keep_choice(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        session = identity.current_session(request)
        if session is not None and session.account_id is not None:
            actor = middleware.actor_of(request)
            identity.set_language(actor, account_id=session.account_id, language=chosen)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or neither (as the device) and go back."""
    response = http.redirect(request, http.safe_next(request))
    chosen = request.POST.get("theme", "")
    if chosen in {"light", "dark"}:
        middleware.keep_choice(response, THEME_COOKIE, chosen)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _without_language(address: str) -> str:
    """Return an address that no longer names the language it was shown in."""
    parts = urlsplit(address)
    left = [pair for pair in parse_qsl(parts.query) if pair[0] != LANGUAGE_PARAMETER]
    return urlunsplit(parts._replace(query=urlencode(left)))


@require_safe
def catalogue(request: HttpRequest, part: str = "actions") -> HttpResponse:
    """Show components with all their states; only where people and data are invented."""
    if not (settings.DEBUG or settings.DEMO) or part not in (*_PARTS, *_FRAMES):
        raise Http404
    request.sen_frame = samples.frame(  # type: ignore[attr-defined]  # the frame kept with the request
        is_official=part in {"desk", "dossier"},
        language=get_language() or settings.LANGUAGE_CODE,
        theme=stored_theme(request),
    )
    context = {
        **samples.context(),
        "form": samples.SampleForm(prefix="form"),
        "part": part,
        "parts": _PARTS,
        "frames": _FRAMES,
    }
    return http.render(request, f"web/catalogue/{part}.html", context)


class Broken(DomainError):
    """Something in Sen itself failed."""

    code = "broken"
    status = 500
    default = "Hệ thống gặp lỗi. Người trực đã được báo; nội dung đã lưu vẫn còn."


def failure(request: HttpRequest) -> HttpResponse:
    """Answer where nothing else did: 503 while the database is away, 500 for a fault of our own.

    A program gets a problem, a person a page that asks nothing of the database.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = Unavailable.status if is_away else Broken.status
    if request.path.startswith("/api/"):
        said = _("Hệ thống đang khởi động lại. Vui lòng gửi lại, giữ nguyên mã một lần.")
        response = api.problem(request, Unavailable(said) if is_away else Broken())
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if is_away:
        response.headers["Retry-After"] = "2"
    return response

"""The choices of the frame (language, theme) and the catalogue of components."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_POST, require_safe

from sen.web import http, samples
from sen.web.frame import THEME_COOKIE, stored_theme

_YEAR = 365 * 24 * 3600
_PARTS = ("actions", "fields", "pages", "records")
_FRAMES = ("portal", "form", "desk", "dossier", "signin")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language somebody chose and go back to where they were."""
    response = http.redirect(request, http.safe_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or neither (as the device) and go back."""
    response = http.redirect(request, http.safe_next(request))
    chosen = request.POST.get("theme", "")
    if chosen in {"light", "dark"}:
        _remember(response, THEME_COOKIE, chosen)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


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

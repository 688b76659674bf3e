"""Answers for people: pages, their fragments, refusals with a way on.

`render` is the only place that asks whether htmx is calling. A refusal keeps what was typed: the
view hands back its page with the same context, and the faults stand beside their fields.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from sen.base.errors import Conflict, DomainError, SignInNeeded, Unavailable, VersionConflict
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.web import middleware, wording
from sen.web.data import FieldFault

_PAGES = {403: "403.html", 404: "404.html", 413: "413.html"}
_UNPROCESSABLE = 422

ENDED = "het-phien"
"""Tells the page of signing in that a session ended: on reading ("doc") or sending ("gui")."""


def is_htmx(request: HttpRequest) -> bool:
    """Return whether a fragment is wanted; a boosted or restored page is a whole one."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page, or only its fragment `{% partialdef <fragment> %}` where htmx asks.

    Whoever caches keeps page and fragment apart (`Vary: HX-Request`).
    """
    name = f"{template}#{fragment}" if fragment and is_htmx(request) else template
    response = HttpResponse(render_to_string(name, dict(context or {}), request), status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, to: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser on after something was done: 303, or htmx's own header."""
    url = resolve_url(to, **kwargs)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return the address in `next` where it stays on this site, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and allowed else default


def faults(error: DomainError) -> list[FieldFault]:
    """Return what is wrong as the error summary draws it; a fault of no field has no target."""
    listed = [
        FieldFault(field=f"id_{key}" if key else "", message=message)
        for key, messages in error.fields.items()
        for message in messages
    ]
    return listed or [FieldFault(field="", message=error.message)]


def refuse(
    request: HttpRequest,
    error: DomainError,
    *,
    template: str = "",
    context: Mapping[str, Any] | None = None,
    fragment: str | None = None,
    back: str = "",
) -> HttpResponse:
    """Turn an expected failure into a page.

    With a `template` (the page that was sent) an invalid input answers 422 with `faults` and
    `field_errors`, and a conflict answers 409 with `conflict`, what was typed staying in
    `context`. Otherwise a plain page says what happened; `back` is where it leads. Who is not
    signed in is sent to sign in, and returns; whose session ended is told so there.
    """
    if isinstance(error, SignInNeeded):
        query = {"next": _place(request)}
        if identity.session_ended(request):
            query[ENDED] = "doc" if request.method == "GET" else "gui"
        return redirect(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}")
    shown: dict[str, Any] = {"error": error, "message": error.message, "back": back}
    if isinstance(error, Conflict):
        shown["conflict"] = conflict_text(error)
    if template and error.status in {_UNPROCESSABLE, 409, 400}:
        shown |= {"faults": faults(error), "field_errors": error.fields}
        return render(request, template, {**(context or {}), **shown}, fragment, error.status)
    page = _PAGES.get(error.status, "refused.html")
    if isinstance(error, VersionConflict):  # other conflicts are nobody else's doing
        page = "409.html"
    response = render(request, page, shown, status=error.status)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_seconds)
    return response


def _place(request: HttpRequest) -> str:
    """Return the page somebody is on: of a form that was sent, the one it stands on."""
    came = request.headers.get("Referer", "")
    if request.method == "GET" or not url_has_allowed_host_and_scheme(
        came, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return request.get_full_path()
    return urlsplit(came)._replace(scheme="", netloc="").geturl()


def conflict_text(error: Conflict) -> str:
    """Return who did what when, as far as it is known and may be told."""
    if not isinstance(error, VersionConflict):
        return error.message
    when = wording.moment(error.when) if error.when else ""
    said = {"who": error.who, "what": error.what, "when": when}
    if when:
        return _("%(who)s đã %(what)s lúc %(when)s.") % said
    return _("%(who)s đã %(what)s.") % said


def once(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Carry out an act that a form ordered and go to the address it returns.

    With the one-time key of `{% act_fields %}` a form sent twice, or twenty times at once, is
    done once and leads to the same place each time. The same key with other content raises
    KeyReused; a failed act leaves nothing, so the corrected form may carry the key again.
    """
    key = request.POST.get("key", "")
    if not key:
        return redirect(request, act())
    sent = sorted(
        (name, values)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "key"}
    )
    digest = hashlib.sha256(f"{request.path}\n{json.dumps(sent)}".encode()).digest()
    with transaction.atomic():
        claim = access.once(middleware.actor_of(request), key, digest)
        if claim.answer is not None:
            return redirect(request, str(claim.answer.body["location"]))
        location = act()
        claim.keep(303, {"location": location})
    return redirect(request, location)


def etag(*parts: object) -> str:
    """Return a validator for what an answer depends on, for `If-None-Match` and `If-Match`."""
    text = "\x1f".join(
        part.isoformat() if isinstance(part, dt.datetime) else str(part) for part in parts
    )
    return f'"{salted_hmac("sen.web.etag", text, algorithm="sha256").hexdigest()[:32]}"'

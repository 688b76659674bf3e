"""What the account's pages share: who may see them, refusals, where one goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import DomainError, SignInNeeded
from sen.kernel.identity import public as identity
from sen.kernel.manifest import public as manifest
from sen.web import http
from sen.web.data import FieldFault

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
STEPS = {
    identity.Step.CODE: "account:code",
    identity.Step.CHANGE_PASSWORD: "account:new-password",
    identity.Step.ENROL: "account:enrol",
}


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def at_public_address(view: View[Rest]) -> View[Rest]:
    """Open a page of signing in at the public address, where another name of this machine was used.

    Cookies, passkeys and the way back from the national identity hold for one name only.
    """

    @wraps(view)
    def answered(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        public, asked = urlsplit(settings.PUBLIC_URL), urlsplit(f"//{request.get_host()}")
        is_alias = (
            asked.hostname != public.hostname
            and asked.port == public.port
            and {asked.hostname, public.hostname} <= LOOPBACK
        )
        if request.method == "GET" and is_alias:
            at = f"{public.scheme}://{public.netloc}"
            return http.redirect(request, f"{at}{request.get_full_path()}")
        return view(request, *args, **kwargs)

    return answered


def refused(
    request: HttpRequest,
    error: DomainError,
    template: str,
    field: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form again with what is wrong; whoever waited too long starts over."""
    if isinstance(error, SignInNeeded):
        messages.warning(request, _(error.message))
        return http.redirect(request, "account:official")
    errors = error.fields or {field: [_(error.message)]}
    listed = [
        FieldFault(field=f"id_{name}" if name else "", message=one)
        for name, said in errors.items()
        for one in said
    ]
    shown = {**(context or {}), "faults": listed, "field_errors": errors}
    return http.render(request, template, shown, status=error.status)


def proceed(request: HttpRequest, step: identity.Step | None) -> HttpResponse:
    """Go on to the next step, or to where the person wanted to go, or else home."""
    if step is not None:
        return http.redirect(request, STEPS[step])
    return http.redirect(request, identity.take_next(request) or home(request))


def home(request: HttpRequest) -> str:
    """Return where somebody begins: an official where a system says so, else at the work."""
    official = identity.at_work(request)
    if official is None:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return resolve_url(manifest.start(official) or settings.OFFICIAL_HOME)


def remember_next(request: HttpRequest) -> None:
    """Remember where the person wanted to go, if it is here."""
    following = http.safe_next(request, "")
    if following:
        identity.remember_next(request, following)


def signed_in(view: View[Rest]) -> View[Rest]:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if identity.current_session(request) is None:
            return http.refuse(request, SignInNeeded())
        return view(request, *args, **kwargs)

    return guarded


def actor(request: HttpRequest) -> Actor:
    """Return who acts, as the middleware found."""
    found: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return found

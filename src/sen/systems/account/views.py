"""Pages of signing in and of one's own account: read the request, call the kernel, show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import DomainError, SignInNeeded
from sen.kernel.identity import public as identity
from sen.systems.account import forms, tables
from sen.web import http
from sen.web.data import FieldFault

View = Callable[[HttpRequest], HttpResponse]
STEPS = {
    identity.Step.CODE: "account:code",
    identity.Step.CHANGE_PASSWORD: "account:new-password",
    identity.Step.ENROL: "account:enrol",
}


def _refused(
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
        FieldFault(field=f"id_{name}", message=one) for name, said in errors.items() for one in said
    ]
    shown = {**(context or {}), "faults": listed, "field_errors": errors}
    return http.render(request, template, shown, status=error.status)


def _proceed(request: HttpRequest, step: identity.Step | None) -> HttpResponse:
    """Go on to the next step, or to where the person wanted to go."""
    if step is not None:
        return http.redirect(request, STEPS[step])
    return http.redirect(request, identity.take_next(request) or settings.LOGIN_REDIRECT_URL)


def _remember_next(request: HttpRequest) -> None:
    following = http.safe_next(request, "")
    if following:
        identity.remember_next(request, following)


def signed_in(view: View) -> View:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if identity.current_session(request) is None:
            return http.refuse(request, SignInNeeded())
        return view(request)

    return guarded


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    return actor


# -- Sign-in


@never_cache
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let people choose their way in; who is signed in strongly enough goes on at once."""
    wanted = forms.wanted_level(request.GET.get("cap", ""))
    session = identity.current_session(request)
    if session is not None and session.strength >= wanted:
        return http.redirect(request, http.safe_next(request, settings.LOGIN_REDIRECT_URL))
    following = http.safe_next(request, "")
    way = reverse("account:official")
    context = {
        "next": following,
        "official": f"{way}?{urlencode({'next': following})}" if following else way,
        "level": request.GET.get("cap", ""),
        "is_step_up": session is not None,
        "has_national_identity": bool(settings.NATIONAL_IDENTITY_URL),
    }
    return http.render(request, "account/sign_in.html", context)


@never_cache
@require_POST
def citizen(request: HttpRequest) -> HttpResponse:
    """Leave for the national identity."""
    try:
        address = identity.leave_for_national_identity(
            request,
            callback=_callback(),
            strength=forms.wanted_level(request.POST.get("cap", "")),
            hint=request.POST.get("ai", "") if settings.DEMO else "",
        )
    except DomainError as error:
        return _identity_refused(request, error)
    _remember_next(request)
    return http.redirect(request, address)


def _callback() -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("account:identified")


@never_cache
@require_GET
def identified(request: HttpRequest) -> HttpResponse:
    """Come back from the national identity."""
    try:
        identity.return_from_national_identity(request, callback=_callback(), at=clock.now())
    except DomainError as error:
        return _identity_refused(request, error)
    return _proceed(request, None)


def _identity_refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return http.render(
        request, "account/refused.html", {"said": _(error.message)}, status=error.status
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def official(request: HttpRequest) -> HttpResponse:
    """Take an official's user name and password."""
    username = request.POST.get("username", "").strip()
    context = {"next": http.safe_next(request, ""), "username": username}
    if request.method == "GET":
        return http.render(request, "account/official.html", context)
    _remember_next(request)
    try:
        step = identity.give_password(
            request, username=username, password=request.POST.get("password", ""), at=clock.now()
        )
    except DomainError as error:
        return _refused(request, error, "account/official.html", "password", context)
    return _proceed(request, step)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the one-time code; a demo shows it and fills it in."""
    at = clock.now()
    waiting = identity.pending(request, at=at)
    if waiting is None or waiting.step is not identity.Step.CODE:
        return _refused(request, SignInNeeded(), "", "")
    try:
        if request.method == "POST":
            step = identity.give_code(request, code=request.POST.get("code", ""), at=at)
            return _proceed(request, step)
    except DomainError as error:
        return _refused(request, error, "account/code.html", "code", tables.shown_code(waiting, at))
    return http.render(request, "account/code.html", tables.shown_code(waiting, at))


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Take the new password that a first sign-in asks for."""
    at = clock.now()
    waiting = identity.pending(request, at=at)
    if waiting is None or waiting.step is not identity.Step.CHANGE_PASSWORD:
        return _refused(request, SignInNeeded(), "", "")
    if request.method == "GET":
        return http.render(request, "account/new_password.html")
    try:
        step = identity.give_new_password(request, password=forms.repeated(request.POST), at=at)
    except DomainError as error:
        return _refused(request, error, "account/new_password.html", "password")
    return _proceed(request, step)


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Let a new official put the secret into an authenticator and prove it."""
    at = clock.now()
    try:
        enrolment = identity.enrolment(request, at=at)
    except DomainError as error:
        return _refused(request, error, "", "")
    drawn = segno.make(enrolment.address, error="m").svg_inline(scale=5, border=2)
    context = {"secret": tables.in_fours(enrolment.secret), "svg": mark_safe(drawn)}  # noqa: S308 - drawn from our own address
    if request.method == "GET":
        return http.render(request, "account/enrol.html", context)
    try:
        step = identity.enrol(request, code=request.POST.get("code", ""), at=at)
    except DomainError as error:
        return _refused(request, error, "account/enrol.html", "code", context)
    messages.success(request, _("Đã cài xác thực hai lớp. Lần sau bạn sẽ được hỏi mã 6 số."))
    return _proceed(request, step)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    identity.sign_out(request, at=clock.now())
    messages.success(request, _("Bạn đã đăng xuất."))
    return http.redirect(request, "account:sign-in")


# -- One's own account


@never_cache
@require_GET
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Show who one is here, as whom one acts, and what can be changed."""
    session = identity.current_session(request)
    if session is None or session.account is None or session.account.person is None:
        raise Http404
    context = tables.profile(session, session.account, session.account.person, _actor(request))
    return http.render(request, "account/profile.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """List the devices on which one is signed in; end one, or all others."""
    here = identity.current_session(request)
    if here is None or here.account_id is None:
        raise Http404
    at = clock.now()
    if request.method == "GET":
        listed = tables.devices(identity.sessions(here.account_id, at), here.pk)
        return http.render(request, "account/sessions.html", {"devices": listed})
    ended = request.POST.get("session", "")
    try:
        if ended == "others":
            identity.end_other_sessions(_actor(request), keep=here.pk, at=at)
        else:
            identity.end_session(_actor(request), session=UUID(ended), at=at)
    except (DomainError, ValueError):
        messages.warning(request, _("Phiên này đã kết thúc trước đó."))
    else:
        messages.success(request, _("Đã kết thúc. Thiết bị đó phải đăng nhập lại."))
    return http.redirect(request, "account:sessions")


@require_POST
@signed_in
def switch_position(request: HttpRequest) -> HttpResponse:
    """Act in another position from now on."""
    try:
        position = UUID(request.POST.get("position", ""))
        identity.switch_position(request, position, at=clock.now())
    except ValueError as error:
        raise Http404 from error
    except DomainError as error:
        return http.refuse(request, error)
    messages.success(request, _("Bạn đang làm việc với chức vụ vừa chọn."))
    return http.redirect(request, _back(request))


@require_POST
@signed_in
def switch_representation(request: HttpRequest) -> HttpResponse:
    """Act for a child, a principal or an enterprise, or for oneself again."""
    asked = request.POST.get("representation", "")
    try:
        chosen = UUID(asked) if asked else None
        identity.switch_representation(request, chosen, at=clock.now())
    except ValueError as error:
        raise Http404 from error
    except DomainError as error:
        return http.refuse(request, error)
    messages.success(request, tables.acting_text(chosen is not None))
    return http.redirect(request, _back(request))


def _back(request: HttpRequest) -> str:
    """Return the page the form stood on, by `next` or the browser's word, else the profile."""
    named = http.safe_next(request, "")
    came = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()})
    return named or (came if came and is_ours else reverse("account:profile"))


@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; all other devices are signed out."""
    here = identity.current_session(request)
    if here is None or here.account is None or not here.account.is_official:
        raise Http404
    context = {"username": here.account.username}
    if request.method == "GET":
        return http.render(request, "account/password.html", context)
    try:
        identity.renew_password(
            request,
            old=request.POST.get("old", ""),
            password=forms.repeated(request.POST),
            at=clock.now(),
        )
    except DomainError as error:
        return _refused(request, error, "account/password.html", "old", context)
    messages.success(request, _("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."))
    return http.redirect(request, "account:profile")


# -- Demo


@never_cache
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """List the invented people; each button starts the true sign-in."""
    if not settings.DEMO:
        raise Http404
    return http.render(request, "account/demo.html", tables.demo())

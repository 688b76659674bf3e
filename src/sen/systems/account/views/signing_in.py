"""Pages of signing in: read the request, call the kernel, show."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError, SignInNeeded
from sen.kernel.identity import public as identity
from sen.systems.account import forms, tables
from sen.systems.account.views import frame
from sen.web import api, http


@never_cache
@frame.at_public_address
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let people choose their way in; who is signed in strongly enough goes on at once."""
    wanted = forms.wanted_level(request.GET.get("cap", ""))
    session = identity.current_session(request)
    if session is not None and session.strength >= wanted:
        return http.redirect(request, http.safe_next(request, frame.home(request)))
    following = http.safe_next(request, "")
    way = reverse("account:official")
    context = {
        "next": following,
        "official": f"{way}?{urlencode({'next': following})}" if following else way,
        "level": request.GET.get("cap", ""),
        "is_step_up": session is not None,
        "ended": request.GET.get(http.ENDED, "") if session is None and following else "",
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
    frame.remember_next(request)
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
    return frame.proceed(request, None)


def _identity_refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return http.render(
        request, "account/refused.html", {"said": _(error.message)}, status=error.status
    )


@never_cache
@frame.at_public_address
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def official(request: HttpRequest) -> HttpResponse:
    """Take an official's user name and password."""
    session = identity.current_session(request)
    account = session.account if session else None
    here = account.username if account and account.is_official else ""
    username = request.POST.get("username", here).strip()
    context = {"next": http.safe_next(request, ""), "username": username, "is_again": bool(here)}
    if request.method == "GET":
        return http.render(request, "account/official.html", context)
    frame.remember_next(request)
    try:
        step = identity.give_password(
            request, username=username, password=request.POST.get("password", ""), at=clock.now()
        )
    except DomainError as error:
        return frame.refused(request, error, "account/official.html", "password", context)
    return frame.proceed(request, step)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the one-time code; a demo shows it and fills it in. A passkey does as well."""
    at = clock.now()
    waiting = identity.pending(request, at=at)
    if waiting is None or waiting.step is not identity.Step.CODE:
        return frame.refused(request, SignInNeeded(), "", "")
    context = tables.second_step(waiting, at)
    try:
        if request.method == "POST":
            step = identity.give_code(request, code=request.POST.get("code", ""), at=at)
            return frame.proceed(request, step)
    except DomainError as error:
        return frame.refused(request, error, "account/code.html", "code", context)
    return http.render(request, "account/code.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Take a recovery code in place of the one-time code."""
    at = clock.now()
    waiting = identity.pending(request, at=at)
    if waiting is None or waiting.step is not identity.Step.CODE:
        return frame.refused(request, SignInNeeded(), "", "")
    page = "account/recovery_code.html"
    if request.method == "GET":
        return http.render(request, page)
    try:
        step = identity.give_recovery_code(request, code=request.POST.get("code", ""), at=at)
    except DomainError as error:
        return frame.refused(request, error, page, "code")
    if step is None:
        identity.take_next(request)  # first of all, look after what is left
        messages.warning(request, tables.used_code_text(waiting.account))
        return http.redirect(request, "account:security")
    return frame.proceed(request, step)


@never_cache
@require_POST
def passkey_asked(request: HttpRequest) -> HttpResponse:
    """Say what the browser has to ask a passkey for: with a password before it, or alone."""
    try:
        options = identity.ask_passkey(
            request, is_second=request.POST.get("second") == "1", at=clock.now()
        )
    except DomainError as error:
        return api.problem(request, error)
    return JsonResponse(options)


@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Take the passkey's answer; the page it was asked on is shown again if it does not hold."""
    at = clock.now()
    frame.remember_next(request)
    try:
        step = identity.give_passkey(request, answer=request.POST.get("answer", ""), at=at)
    except DomainError as error:
        waiting = identity.pending(request, at=at)
        if request.POST.get("second") == "1" and waiting is not None:
            context = tables.second_step(waiting, at)
            return frame.refused(request, error, "account/code.html", "", context)
        context = {"next": http.safe_next(request, "")}
        return frame.refused(request, error, "account/official.html", "", context)
    return frame.proceed(request, step)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Take the new password that a first sign-in asks for."""
    at = clock.now()
    waiting = identity.pending(request, at=at)
    if waiting is None or waiting.step is not identity.Step.CHANGE_PASSWORD:
        return frame.refused(request, SignInNeeded(), "", "")
    if request.method == "GET":
        return http.render(request, "account/new_password.html")
    try:
        step = identity.give_new_password(request, password=forms.repeated(request.POST), at=at)
    except DomainError as error:
        return frame.refused(request, error, "account/new_password.html", "password")
    return frame.proceed(request, step)


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Let a new official put the secret into an authenticator and prove it."""
    at = clock.now()
    try:
        enrolment = identity.enrolment(request, at=at)
    except DomainError as error:
        return frame.refused(request, error, "", "")
    drawn = segno.make(enrolment.address, error="m").svg_inline(scale=5, border=2)
    context = {"secret": tables.in_fours(enrolment.secret), "svg": mark_safe(drawn)}  # noqa: S308 - drawn from our own address
    if request.method == "GET":
        return http.render(request, "account/enrol.html", context)
    try:
        step = identity.enrol(request, code=request.POST.get("code", ""), at=at)
    except DomainError as error:
        return frame.refused(request, error, "account/enrol.html", "code", context)
    messages.success(request, _("Đã cài xác thực hai lớp. Lần sau bạn sẽ được hỏi mã 6 số."))
    return frame.proceed(request, step)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    identity.sign_out(request, at=clock.now())
    messages.success(request, _("Bạn đã đăng xuất."))
    return http.redirect(request, "account:sign-in")


@never_cache
@frame.at_public_address
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """List the invented people; each button starts the true sign-in."""
    if not settings.DEMO:
        raise Http404
    return http.render(request, "account/demo.html", tables.demo())

"""Pages on what an official signs in with: authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.identity import public as identity
from sen.systems.account import tables
from sen.systems.account.views import frame
from sen.systems.account.views.frame import Rest, View
from sen.web import api, http

Own = Callable[Concatenate[HttpRequest, identity.Session, Rest], HttpResponse]


def _officials(view: Own[Rest]) -> View[Rest]:
    """Give the view the official's session; a sign-in that is too old is asked for anew."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        session = identity.current_session(request)
        if session is None or session.account is None or not session.account.is_official:
            raise Http404
        try:
            return view(request, session, *args, **kwargs)
        except identity.RecentSignInNeeded as error:
            messages.warning(request, _(error.message))
            back = urlencode({"next": reverse("account:security")})
            return http.redirect(request, f"{reverse('account:official')}?{back}")

    return frame.signed_in(guarded)


@never_cache
@require_GET
@_officials
def security(request: HttpRequest, session: identity.Session) -> HttpResponse:
    """Show what one signs in with."""
    context = tables.security(session, clock.now())
    return http.render(request, "account/security.html", context)


@never_cache
@require_POST
@_officials
def passkey_asked(request: HttpRequest, session: identity.Session) -> HttpResponse:
    """Say what the browser has to ask a device for, so that it makes a new key."""
    try:
        options = identity.ask_new_passkey(request, at=clock.now())
    except DomainError as error:
        return api.problem(request, error)
    return JsonResponse(options)


@never_cache
@require_POST
@_officials
def add_passkey(request: HttpRequest, session: identity.Session) -> HttpResponse:
    """Keep the key that the device made."""
    at, name = clock.now(), request.POST.get("name", "")
    try:
        identity.add_passkey(request, name=name, answer=request.POST.get("answer", ""), at=at)
    except identity.RecentSignInNeeded:
        raise
    except DomainError as error:
        context = {**tables.security(session, at), "typed": name}
        return frame.refused(request, error, "account/security.html", "", context)
    messages.success(request, _("Đã thêm khóa đăng nhập. Lần sau bạn có thể đăng nhập bằng khóa."))
    return http.redirect(request, "account:security")


@never_cache
@require_http_methods(["GET", "POST"])
@_officials
def rename_passkey(request: HttpRequest, session: identity.Session, passkey: int) -> HttpResponse:
    """Give a key another name."""
    kept = identity.second_factors(session.account_id).passkeys if session.account_id else ()
    found = next((one for one in kept if one.id == passkey), None)
    if found is None:
        raise Http404
    page, name = "account/passkey.html", request.POST.get("name", found.name)
    context = {"key": found, "typed": name}
    if request.method == "GET":
        return http.render(request, page, context)
    try:
        identity.rename_passkey(request, passkey=passkey, name=name, at=clock.now())
    except identity.RecentSignInNeeded:
        raise
    except DomainError as error:
        return frame.refused(request, error, page, "name", context)
    messages.success(request, _("Đã đổi tên khóa đăng nhập."))
    return http.redirect(request, "account:security")


@require_POST
@_officials
def remove_passkey(request: HttpRequest, session: identity.Session, passkey: int) -> HttpResponse:
    """Take a key away."""
    identity.remove_passkey(request, passkey=passkey, at=clock.now())
    messages.success(request, _("Đã gỡ khóa đăng nhập. Không ai đăng nhập bằng khóa đó được nữa."))
    return http.redirect(request, "account:security")


@never_cache
@require_POST
@_officials
def recovery_codes(request: HttpRequest, session: identity.Session) -> HttpResponse:
    """Make new recovery codes and show them this once."""
    at = clock.now()
    codes = identity.make_recovery_codes(request, at=at)
    return http.render(request, "account/recovery_codes.html", {"codes": codes, "made_at": at})


@never_cache
@require_http_methods(["GET", "POST"])
@_officials
def replace_app(request: HttpRequest, session: identity.Session) -> HttpResponse:
    """Let an official put a new secret into another phone's authenticator and prove it."""
    at = clock.now()
    enrolment = identity.new_enrolment(request, at=at)
    drawn = segno.make(enrolment.address, error="m").svg_inline(scale=5, border=2)
    context = {"secret": tables.in_fours(enrolment.secret), "svg": mark_safe(drawn)}  # noqa: S308 - drawn from our own address
    if request.method == "GET":
        return http.render(request, "account/replace_app.html", context)
    try:
        identity.replace_app(request, code=request.POST.get("code", ""), at=at)
    except identity.RecentSignInNeeded:
        raise
    except DomainError as error:
        return frame.refused(request, error, "account/replace_app.html", "code", context)
    messages.success(
        request, _("Đã thay ứng dụng xác thực. Mã của ứng dụng cũ không còn dùng được.")
    )
    return http.redirect(request, "account:security")

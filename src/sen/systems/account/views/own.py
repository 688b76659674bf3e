"""Pages on one's own account: who one is here, as whom one acts, devices, password."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.identity import public as identity
from sen.systems.account import forms, tables
from sen.systems.account.views import frame
from sen.web import frame as web_frame
from sen.web import http


@never_cache
@require_GET
@frame.signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Show who one is here, as whom one acts, and what can be changed."""
    session = identity.current_session(request)
    if session is None or session.account is None or session.account.person is None:
        raise Http404
    actor = frame.actor(request)
    context = tables.profile(session, session.account, session.account.person, actor)
    context["parts"] = web_frame.parts(actor, under="account:profile", current="")
    return http.render(request, "account/profile.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@frame.signed_in
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
            identity.end_other_sessions(frame.actor(request), keep=here.pk, at=at)
        else:
            identity.end_session(frame.actor(request), session=UUID(ended), at=at)
    except (DomainError, ValueError):
        messages.warning(request, _("Phiên này đã kết thúc trước đó."))
    else:
        messages.success(request, _("Đã kết thúc. Thiết bị đó phải đăng nhập lại."))
    return http.redirect(request, "account:sessions")


@require_POST
@frame.signed_in
def switch_position(request: HttpRequest) -> HttpResponse:
    """Act in another position from now on, and begin there at the list of work."""
    try:
        position = UUID(request.POST.get("position", ""))
        identity.switch_position(request, position, at=clock.now())
    except ValueError as error:
        raise Http404 from error
    except DomainError as error:
        return http.refuse(request, error)
    messages.success(request, _("Bạn đang làm việc với chức vụ vừa chọn."))
    return http.redirect(request, frame.home(request))


@require_POST
@frame.signed_in
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
@frame.signed_in
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
        return frame.refused(request, error, "account/password.html", "old", context)
    messages.success(request, _("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."))
    return http.redirect(request, "account:profile")

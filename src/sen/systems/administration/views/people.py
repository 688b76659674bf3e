"""Pages on accounts: officials, connected systems, their tokens."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.kernel.identity import public as identity
from sen.systems.administration import forms, permissions
from sen.systems.administration.data import NewOfficial, NewToken
from sen.systems.administration.queries import people
from sen.systems.administration.services import accounts as verbs
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.middleware import SenRequest

PAGE = 50


def _today() -> dt.date:
    return clock.day(clock.now())


@require_GET
@desk(permissions.ACCOUNTS)
def accounts(request: SenRequest) -> HttpResponse:
    """Show the accounts that the administrator looks after, found by name."""
    query, after, on = request.GET.get("q", "").strip(), request.GET.get("sau", ""), _today()
    rows = people.accounts(request.actor, on=on, query=query, after=after, limit=PAGE + 1)
    held = people.held([one.id for one in rows[:PAGE]], on)
    heads = (_("Tài khoản"), _("Người dùng"), _("Vị trí việc làm"), _("Trạng thái"))
    more = urlencode({"q": query, "sau": rows[PAGE - 1].username}) if len(rows) > PAGE else ""
    return render(
        request,
        "accounts",
        "accounts",
        {
            "rows": records.account_rows(rows[:PAGE], held, on),
            "query": query,
            "columns": records.columns(*heads),
            "next_href": f"?{more}" if more else "",
            "first_href": f"?{urlencode({'q': query})}" if after else "",
        },
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.ACCOUNTS)
def new_account(request: SenRequest) -> HttpResponse:
    """Open an official's account; its one-time password is shown once."""
    on = _today()
    form = forms.OfficialForm(
        request.POST or None,
        actor=request.actor,
        on=on,
        initial={"valid_from": forms.today_text(on)},
    )
    if form.is_valid():
        said = {**form.cleaned_data, "position": UUID(form.cleaned_data["position"])}
        try:
            account, password = verbs.add_official(
                actor=request.actor, official=NewOfficial(**said), at=clock.now()
            )
        except (Invalid, Conflict) as error:
            form.refused(error)
        else:
            return _secret(request, account, password, _("Mật khẩu dùng một lần"))
    status = 422 if form.errors else 200
    context = {"form": form, "crumbs": places.trail_to("accounts")}
    return render(request, "accounts", "new_account", context, status=status)


@require_GET
@desk(permissions.ACCOUNTS)
def account(request: SenRequest, account: UUID) -> HttpResponse:
    """Show one account: its positions, its tokens, what can be done with it."""
    return _account(request, account)


def _account(
    request: SenRequest,
    account: UUID,
    *,
    form: forms.TokenForm | None = None,
    why: forms.ReasonForm | None = None,
) -> HttpResponse:
    now = clock.now()
    held = people.account(request.actor, account, on=clock.day(now))
    return render(
        request,
        "accounts",
        "account",
        {
            "crumbs": places.trail_to("accounts"),
            "account": held,
            "name": records.called(held),
            "is_self": held.pk == request.actor.account,
            "posts": places.post_rows(people.posts(held.pk), clock.day(now)),
            "post_columns": records.columns(
                _("Vị trí việc làm"), _("Đơn vị"), _("Thời gian"), _("Tình trạng"), ""
            ),
            "tokens": identity.tokens(held.pk),
            "now": now,
            "form": form or forms.TokenForm(),
            "why": why or forms.ReasonForm(),
            "columns": records.columns(_("Khóa"), _("Phạm vi"), _("Hết hạn"), ""),
        },
        status=422 if form or why else 200,
    )


@require_POST
@desk(permissions.ACCOUNTS)
def reset(request: SenRequest, account: UUID) -> HttpResponse:
    """Give an official a new start."""
    password = verbs.reset_access(actor=request.actor, account=account, at=clock.now())
    held = people.account(request.actor, account, on=_today())
    return _secret(request, held, password, _("Mật khẩu dùng một lần"))


@require_POST
@desk(permissions.ACCOUNTS)
def set_active(request: SenRequest, account: UUID) -> HttpResponse:
    """Disable or enable an account, with the reason."""
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _account(request, account, why=form)
    verbs.set_active(
        actor=request.actor,
        account=account,
        is_active=request.POST.get("is_active") == "1",
        reason=form.cleaned_data["reason"],
        at=clock.now(),
    )
    messages.success(request, _("Đã cập nhật trạng thái tài khoản."))
    return http.redirect(request, "administration:account", account=account)


@require_POST
@desk(permissions.ACCOUNTS)
def new_token(request: SenRequest, account: UUID) -> HttpResponse:
    """Make a token; its secret is shown once."""
    form = forms.TokenForm(request.POST)
    if form.is_valid():
        wanted = NewToken(**form.cleaned_data)
        try:
            token, secret = verbs.add_token(
                actor=request.actor, account=account, token=wanted, at=clock.now()
            )
        except Invalid as error:
            form.refused(error)
        else:
            return _secret(request, token.owner, secret, _("Khóa truy cập API"))
    return _account(request, account, form=form)


@require_POST
@desk(permissions.ACCOUNTS)
def revoke_token(request: SenRequest, account: UUID, token: UUID) -> HttpResponse:
    """End a token."""
    verbs.revoke_token(actor=request.actor, account=account, token=token, at=clock.now())
    messages.success(request, _("Đã thu hồi khóa truy cập."))
    return http.redirect(request, "administration:account", account=account)


def _secret(
    request: SenRequest, account: identity.Account, secret: str, title: str
) -> HttpResponse:
    """Show a secret this once; no cache keeps the page."""
    context = {"account": account, "secret": secret, "title": title}
    return render(request, "accounts", "secret", context)

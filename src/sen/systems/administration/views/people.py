"""Pages on units, rights and accounts."""

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
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import forms, permissions, tables
from sen.systems.administration.data import NewOfficial, NewToken
from sen.systems.administration.queries import people
from sen.systems.administration.services import accounts as verbs
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.middleware import SenRequest

PAGE = 50


def _today() -> dt.date:
    return clock.day(clock.now())


# -- Units, positions, roles


@require_GET
@desk(permissions.WATCH)
def units(request: SenRequest) -> HttpResponse:
    """Show every unit under the one it belongs to."""
    on = _today()
    return render(request, "units", "units", {"units": tables.unit_rows(people.tree(on), on)})


@require_GET
@desk(permissions.WATCH)
def unit(request: SenRequest, code: str) -> HttpResponse:
    """Show the positions of a unit with who holds them and what they may do."""
    return _unit(request, code)


def _unit(
    request: SenRequest, code: str, *, position: str = "", form: forms.GrantForm | None = None
) -> HttpResponse:
    on = _today()
    held = organisations.unit(code, on)
    positions = list(organisations.positions(on=on, unit=held.id))
    ids = [one.id for one in positions]
    roles = [(one.code, tables.text(one.title)) for one in access.Role.objects.order_by("code")]
    blank = forms.GrantForm(roles=roles, initial={"valid_from": forms.today_text(on)})
    return render(
        request,
        "units",
        "unit",
        {
            "unit": held,
            "name": organisations.unit_name(held.id, on),
            "positions": tables.position_rows(
                positions, people.holders(ids, on), people.grants(ids, on)
            ),
            "may_grant": access.allows(request.actor, access.MANAGE_GRANTS, unit=held.id),
            "form": form or blank,
            "failed": position,
            "options": [(str(one.id), tables.text(one.title)) for one in positions],
        },
        status=422 if form else 200,
    )


@require_POST
@desk(permissions.WATCH)
def grant(request: SenRequest, code: str) -> HttpResponse:
    """Give a role to a position."""
    roles = [(one.code, one.code) for one in access.Role.objects.order_by("code")]
    form = forms.GrantForm(request.POST, roles=roles)
    position = request.POST.get("position", "")
    if form.is_valid():
        said = form.cleaned_data
        wanted = access.NewGrant(
            position=UUID(position),
            role=said["role"],
            scope=access.Scope(said["scope"]),
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
        )
        try:
            access.grant(request.actor, grant=wanted, at=clock.now(), reason=said["reason"])
        except Invalid as error:
            form.refused(error)
        else:
            messages.success(request, _("Đã giao vai trò. Quyền có hiệu lực ngay."))
            return http.redirect(request, "administration:unit", code=code)
    return _unit(request, code, position=position, form=form)


@require_POST
@desk(permissions.WATCH)
def revoke(request: SenRequest, code: str, grant: UUID) -> HttpResponse:
    """Take a role back from a position, with the reason."""
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Vui lòng ghi lý do."))
    reason = form.cleaned_data["reason"]
    access.revoke(request.actor, grant=grant, at=clock.now(), reason=reason)
    messages.success(request, _("Đã thu hồi vai trò. Yêu cầu kế tiếp không còn quyền này."))
    return http.redirect(request, "administration:unit", code=code)


# -- Accounts


@require_GET
@desk(permissions.ACCOUNTS)
def accounts(request: SenRequest) -> HttpResponse:
    """Show the accounts that the administrator looks after, found by name."""
    query, after = request.GET.get("q", "").strip(), request.GET.get("sau", "")
    rows = people.accounts(request.actor, on=_today(), query=query, after=after, limit=PAGE + 1)
    more = urlencode({"q": query, "sau": rows[PAGE - 1].username}) if len(rows) > PAGE else ""
    return render(
        request,
        "accounts",
        "accounts",
        {
            "rows": [(one, tables.called(one)) for one in rows[:PAGE]],
            "query": query,
            "columns": tables.columns(_("Tài khoản"), _("Người dùng"), _("Trạng thái")),
            "next_href": f"?{more}" if more else "",
            "first_href": f"?{urlencode({'q': query})}" if after else "",
        },
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.ACCOUNTS)
def new_account(request: SenRequest) -> HttpResponse:
    """Open an official's account; its one-time password is shown once."""
    on = _today()
    units = access.rights(request.actor).units(permissions.ACCOUNTS.name)
    positions = [one for one in organisations.positions(on=on) if one.unit_id in set(units)]
    names = organisations.unit_names({one.unit_id for one in positions}, on)
    options = [
        (str(one.id), f"{tables.text(one.title)} · {names[one.unit_id]}") for one in positions
    ]
    form = forms.OfficialForm(
        request.POST or None,
        positions=options,
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
    return render(request, "accounts", "new_account", {"form": form}, status=status)


@require_GET
@desk(permissions.ACCOUNTS)
def account(request: SenRequest, account: UUID) -> HttpResponse:
    """Show one account: its positions, its tokens, what can be done with it."""
    return _account(request, account)


def _account(
    request: SenRequest, account: UUID, *, form: forms.TokenForm | None = None
) -> HttpResponse:
    on = _today()
    held = people.account(request.actor, account, on=on)
    employments = identity.employments(held.pk, on)
    names = organisations.unit_names({one.position.unit_id for one in employments}, on)
    return render(
        request,
        "accounts",
        "account",
        {
            "account": held,
            "name": tables.called(held),
            "is_self": held.pk == request.actor.account,
            "positions": [
                (tables.text(one.position.title), names[one.position.unit_id], one.valid_from)
                for one in employments
            ],
            "tokens": identity.tokens(held.pk),
            "now": clock.now(),
            "form": form or forms.TokenForm(),
            "columns": tables.columns(_("Khóa"), _("Phạm vi"), _("Hết hạn"), ""),
        },
        status=422 if form else 200,
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
    """Disable or enable an account."""
    verbs.set_active(
        actor=request.actor,
        account=account,
        is_active=request.POST.get("is_active") == "1",
        reason=request.POST.get("reason", ""),
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

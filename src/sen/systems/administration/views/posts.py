"""Pages on the positions that an official holds, and on the whole history of an account."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotFound
from sen.base.identifiers import from_base32, to_base32
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.systems.administration import forms, permissions
from sen.systems.administration.data import NewPost
from sen.systems.administration.queries import people
from sen.systems.administration.services import posts as verbs
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web import http, paging
from sen.web.middleware import SenRequest

PAGE = 50


def _today() -> dt.date:
    return clock.day(clock.now())


@require_http_methods(["GET", "POST"])
@desk(permissions.ACCOUNTS)
def add(request: SenRequest, account: UUID) -> HttpResponse:
    """Give an official one more position."""
    on = _today()
    held = people.account(request.actor, account, on=on)
    form = forms.PostForm(
        request.POST or None,
        actor=request.actor,
        on=on,
        initial={"valid_from": forms.today_text(on)},
    )
    status = 422 if form.errors else 200
    if form.is_valid():
        said = {**form.cleaned_data, "position": UUID(form.cleaned_data["position"])}
        try:
            post = NewPost(account=account, **said)
            verbs.add_post(actor=request.actor, post=post, at=clock.now())
        except (Invalid, Conflict) as error:
            form.refused(error)
            status = error.status
        else:
            messages.success(request, _("Đã giao thêm vị trí."))
            return http.redirect(request, "administration:account", account=account)
    return _form(request, held, form, _("Giao thêm vị trí"), status=status)


@require_http_methods(["GET", "POST"])
@desk(permissions.ACCOUNTS)
def end(request: SenRequest, account: UUID, post: UUID) -> HttpResponse:
    """Let a position end after a day."""
    on = _today()
    held = people.account(request.actor, account, on=on)
    row = next((one for one in people.posts(held.pk) if one.pk == post), None)
    if row is None:
        raise NotFound
    form = forms.LastDayForm(request.POST or None, initial={"last_day": forms.today_text(on)})
    status = 422 if form.errors else 200
    if form.is_valid():
        last_day = form.cleaned_data["last_day"]
        try:
            verbs.end_post(
                actor=request.actor, account=account, post=post, last_day=last_day, at=clock.now()
            )
        except (Invalid, Conflict) as error:
            form.refused(error)
            status = error.status
        else:
            messages.success(request, _("Đã ghi ngày cuối giữ vị trí."))
            return http.redirect(request, "administration:account", account=account)
    title = _("Thôi giữ vị trí: %(title)s") % {"title": records.text(row.position.title)}
    return _form(request, held, form, title, status=status)


def _form(
    request: SenRequest,
    held: identity.Account,
    form: forms.Form,
    title: str,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "crumbs": places.trail_to("accounts", held),
        "account": held,
        "name": records.called(held),
        "title": title,
        "form": form,
    }
    return render(request, "accounts", "post_form", context, status=status)


@require_POST
@desk(permissions.ACCOUNTS)
def make_default(request: SenRequest, account: UUID, post: UUID) -> HttpResponse:
    """Let a position be the one taken at sign-in."""
    verbs.make_default(actor=request.actor, account=account, post=post, at=clock.now())
    messages.success(request, _("Đã đặt vị trí mặc định khi đăng nhập."))
    return http.redirect(request, "administration:account", account=account)


@require_GET
@desk(permissions.ACCOUNTS)
def history(request: SenRequest, account: UUID) -> HttpResponse:
    """Show every position an official ever held, and every act on the account, latest first."""
    on = _today()
    held = people.account(request.actor, account, on=on)
    subject = audit.Subject("identity.account", held.pk, held.username)
    rows = audit.trail(subject, limit=PAGE + 1, before=_before(request))
    oldest = to_base32(rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "crumbs": places.trail_to("accounts", held),
        "account": held,
        "name": records.called(held),
        "posts": places.post_rows(people.posts(held.pk), on),
        "post_columns": records.columns(
            _("Vị trí việc làm"), _("Đơn vị"), _("Thời gian"), _("Tình trạng")
        ),
        "rows": records.trail_rows(rows[:PAGE]),
        "columns": records.columns(
            _("Lúc"), _("Việc"), _("Người làm"), _("Lý do"), _("Mục thay đổi")
        ),
        "next_href": paging.href(request, {"truoc": oldest}) if oldest else "",
    }
    return render(request, "accounts", "history", context)


def _before(request: SenRequest) -> UUID | None:
    try:
        return from_base32(request.GET.get("truoc", ""))
    except ValueError:
        return None

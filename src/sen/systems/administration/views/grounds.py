"""Pages that explain rights: who may do what where, why an account may; the grants of a unit."""

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
from sen.kernel.access import public as access
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import forms, permissions
from sen.systems.administration.queries import finding, people
from sen.systems.administration.queries import roles as reads
from sen.systems.administration.tables import places, records, rights
from sen.systems.administration.views.frame import desk, render
from sen.web import http, paging
from sen.web.middleware import SenRequest

PAGE = 50


def _today() -> dt.date:
    return clock.day(clock.now())


@require_GET
@desk(permissions.WATCH)
def who(request: SenRequest) -> HttpResponse:
    """Show who may do something in a unit, and by which grant of which position."""
    on = _today()
    form = forms.WhoForm(request.GET or None, on=on)
    context = {
        "form": form,
        "is_asked": form.is_valid(),
        "columns": records.columns(
            _("Ai"), _("Nhờ vai trò"), _("Của vị trí"), _("Phạm vi"), _("Thời gian")
        ),
    }
    if form.is_valid():
        said = form.cleaned_data
        unit = organisations.unit(said["unit"], on)
        context |= {
            "right": finding.titles()[said["right"]],
            "unit": organisations.unit_name(unit.id, on),
            "rows": rights.holding_rows(reads.who(said["right"], unit=unit.id, on=on), on),
        }
    context["form_is_open"] = not context.get("rows")
    return render(request, "roles", "who", context, status=422 if form.errors else 200)


@require_GET
@desk(permissions.ACCOUNTS)
def why(request: SenRequest, account: UUID) -> HttpResponse:
    """Show what an account may do, position by position, and why."""
    on = _today()
    held = people.account(request.actor, account, on=on)
    posts = [one for one in people.posts(held.pk) if _is_held(one, on)]
    context = {
        "crumbs": places.trail_to("accounts", held),
        "name": records.called(held),
        "account": held,
        "posts": _explained(posts, on),
    }
    return render(request, "accounts", "why", context)


def _is_held(post: identity.Employment, on: dt.date) -> bool:
    return post.valid_from <= on and (post.valid_to is None or post.valid_to >= on)


def _explained(
    posts: list[identity.Employment], on: dt.date
) -> list[tuple[places.PostRow, list[rights.ReasonRow]]]:
    positions = {one.pk: one.position_id for one in posts}
    return [
        (row, rights.reason_rows(reads.why(positions[row.id], on=on), on))
        for row in places.post_rows(posts, on)
    ]


@require_GET
@desk(permissions.WATCH)
def unit_grants(request: SenRequest, code: str) -> HttpResponse:
    """Show every grant that a unit's positions ever had: who gave it, who took it back, why."""
    on = _today()
    held = organisations.unit(code, on)
    rows = reads.grants_of_unit(held.id, before=_before(request), limit=PAGE + 1)
    oldest = to_base32(rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "crumbs": places.unit_trail(held, on, with_self=True),
        "unit": held,
        "name": organisations.unit_name(held.id, on),
        "rows": rights.grant_lines(rows[:PAGE], on),
        "may_grant": access.allows(request.actor, access.MANAGE_GRANTS, unit=held.id),
        "columns": records.columns(
            _("Vai trò"), _("Vị trí"), _("Phạm vi"), _("Thời gian"), _("Giao"), _("Thu hồi"), ""
        ),
        "next_href": paging.href(request, {"truoc": oldest}) if oldest else "",
        "first_href": paging.href(request, {"truoc": ""}) if request.GET.get("truoc") else "",
    }
    return render(request, "units", "unit_grants", context)


def _before(request: SenRequest) -> UUID | None:
    try:
        return from_base32(request.GET.get("truoc", ""))
    except ValueError:
        return None


@require_POST
@desk(permissions.WATCH)
def again(request: SenRequest, code: str, grant: UUID) -> HttpResponse:
    """Give a role once more as it was: the way back from taking it by mistake."""
    access.grant_again(request.actor, grant=grant, at=clock.now(), reason=_("Giao lại"))
    messages.success(request, _("Đã giao lại vai trò như trước. Quyền có hiệu lực ngay."))
    return http.redirect(request, "administration:unit-grants", code=code)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def end(request: SenRequest, code: str, grant: UUID) -> HttpResponse:
    """Let a role end after a day."""
    on = _today()
    unit = organisations.unit(code, on)
    row = access.Grant.objects.select_related("position", "role").filter(id=grant).first()
    if row is None or row.position.unit_id != unit.id:
        raise NotFound
    form = forms.EndGrantForm(request.POST or None, initial={"last_day": forms.today_text(on)})
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            access.end_grant(request.actor, grant=grant, **form.cleaned_data, at=clock.now())
        except (Invalid, Conflict) as error:
            form.refused(error)
            status = error.status
        else:
            messages.success(request, _("Đã ghi ngày cuối của vai trò."))
            return http.redirect(request, "administration:unit-grants", code=code)
    return _end_form(request, unit, row, form, status=status)


def _end_form(
    request: SenRequest,
    unit: organisations.Unit,
    row: access.Grant,
    form: forms.EndGrantForm,
    *,
    status: int,
) -> HttpResponse:
    said = {"role": records.text(row.role.title), "position": records.text(row.position.title)}
    context = {
        "crumbs": places.unit_trail(unit, _today(), with_self=True),
        "unit": unit,
        "act": {
            "title": _("Kết thúc vai trò “%(role)s” của %(position)s") % said,
            "lead": _("Vai trò còn hiệu lực đến hết ngày cuối."),
            "go": _("Ghi ngày cuối"),
        },
        "form": form,
        "checks": {},
    }
    return render(request, "units", "unit_form", context, status=status)

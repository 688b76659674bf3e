"""Pages on units: the tree, one unit with its parts, positions, stand-ins, and the roles given."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sen.base import clock
from sen.base.errors import Invalid, NotFound
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.administration import forms, permissions
from sen.systems.administration.queries import people
from sen.systems.administration.queries import units as reads
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web import http, paging
from sen.web.middleware import SenRequest

PAGE = 50


def _today() -> dt.date:
    return clock.day(clock.now())


@require_GET
@desk(permissions.WATCH)
def units(request: SenRequest) -> HttpResponse:
    """Show the units as a tree; searched or narrowed, as a list page by page."""
    on = _today()
    query, kind = request.GET.get("q", "").strip(), request.GET.get("loai", "")
    after = request.GET.get("sau", "")
    context: dict[str, Any] = {
        "query": query,
        "groups": places.kind_filters(request, kind),
        "is_tree": not (query or kind),
        "columns": records.columns(_("Đơn vị"), _("Loại đơn vị"), _("Cấp")),
    }
    if context["is_tree"]:
        rows_of_tree, last = places.tree_page(people.tree(on), after=after, limit=PAGE)
        context["units"] = records.unit_rows(rows_of_tree, on)
    else:
        rows = reads.found(on, query=query, kind=kind, after=after, limit=PAGE + 1)
        last = rows[PAGE - 1].code if len(rows) > PAGE else ""
        context["rows"] = places.found_rows(rows[:PAGE], on)
    context |= {
        "next_href": paging.href(request, {"sau": last}) if last else "",
        "first_href": paging.href(request, {"sau": ""}) if after else "",
    }
    return render(request, "units", "units", context)


@require_GET
@desk(permissions.WATCH)
def unit(request: SenRequest, code: str) -> HttpResponse:
    """Show a unit: where it stands, its parts, its positions with holders and roles.

    The address of one that merged leads to the unit that took over.
    """
    try:
        return _unit(request, code)
    except NotFound:
        heir = reads.heir(code, _today())
        if heir is None:
            raise
    said = _("Đơn vị %(code)s đã sáp nhập; đây là đơn vị kế thừa.") % {"code": code}
    messages.info(request, said)
    return http.redirect(request, "administration:unit", code=heir.code)


def _unit(
    request: SenRequest, code: str, *, position: str = "", form: forms.GrantForm | None = None
) -> HttpResponse:
    on, actor = _today(), request.actor
    held = organisations.unit(code, on)
    positions = list(organisations.positions(on=on, unit=held.id))
    ids = [one.id for one in positions]
    blank = forms.GrantForm(roles=_roles(), initial={"valid_from": forms.today_text(on)})
    return render(
        request,
        "units",
        "unit",
        {
            **places.unit_page(held, on),
            "positions": records.position_rows(
                positions, people.holders(ids, on), people.grants(ids, on)
            ),
            "stand_ins": places.stand_in_rows(reads.stand_ins(held.id, on), on),
            "stand_in_columns": records.columns(
                _("Vị trí vắng mặt"), _("Vị trí thay thế"), _("Thời gian"), _("Quyết định"), ""
            ),
            "may_grant": access.allows(actor, access.MANAGE_GRANTS, unit=held.id),
            "may_change": access.allows(actor, organisations.MANAGE_UNITS, unit=held.id),
            "may_merge": access.allows(actor, organisations.MERGE_UNITS, unit=held.id),
            "may_staff": access.allows(actor, organisations.MANAGE_POSITIONS, unit=held.id),
            "form": form or blank,
            "failed": position,
            "options": [(str(one.id), records.text(one.title)) for one in positions],
        },
        status=422 if form else 200,
    )


def _roles() -> list[tuple[str, str]]:
    return [(one.code, records.text(one.title)) for one in access.Role.objects.order_by("code")]


@require_POST
@desk(permissions.WATCH)
def grant(request: SenRequest, code: str) -> HttpResponse:
    """Give a role to a position."""
    form = forms.GrantForm(request.POST, roles=_roles())
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

"""Pages of a first run: the door by the one-time link, the list of steps, the steps of ours."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError, Invalid
from sen.kernel.calendar import public as calendar
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.adapters import gateways
from sen.systems.administration.choices import StepState
from sen.systems.administration.forms import first_run as forms
from sen.systems.administration.queries import first_run as reads
from sen.systems.administration.services import first_run as verbs
from sen.systems.administration.tables import places, records
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.data import Link
from sen.web.middleware import SenRequest

HERE = "administration:first-run"


def _today() -> dt.date:
    return clock.day(clock.now())


@never_cache
@sensitive_post_parameters("password", "again", "ma")
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Take the province and its first administrator from whoever has the one-time link."""
    now = clock.now()
    secret = request.POST.get("ma", "") or request.GET.get("ma", "")
    form = forms.BeginForm(
        request.POST or None, areas=[("", _("Chọn…")), *organisations.listed_provinces().items()]
    )
    status = 422 if form.errors else 200
    try:
        verbs.check_door(secret, at=now)
        if form.is_valid():
            verbs.begin(
                secret=secret,
                province=form.province(),
                administrator=form.administrator(),
                at=now,
            )
            messages.success(request, _("Đã tạo tỉnh. Hãy đăng nhập và cài mã xác thực hai lớp."))
            after = urlencode({"next": reverse(HERE)})
            return HttpResponseRedirect(f"{reverse('account:official')}?{after}")
    except Invalid as error:
        form.refused(error)
        status = error.status
    except DomainError as error:
        if error.status == verbs.DoorClosed.status:
            return http.refuse(request, error, back="/")
        form.refused(error)
        status = error.status
    context = {"form": form, "secret": secret}
    return http.render(request, "administration/door.html", context, status=status)


@require_GET
@desk(permissions.WATCH)
def steps(request: SenRequest) -> HttpResponse:
    """Show every step of the first run with where it stands and what is missing without it."""
    found = reads.steps()
    done = sum(one.state == StepState.DONE for one in found)
    context = {
        "steps": [(one, reverse(one.step.url_name)) for one in found],
        "done": done,
        "every": len(found),
        "missing": [one for one in found if one.state != StepState.DONE],
        "next": next((one for one in found if one.state == StepState.OPEN), None),
    }
    return render(request, "overview", "first_run", context)


@require_POST
@desk(permissions.WATCH)
def put_off(request: SenRequest, code: str) -> HttpResponse:
    """Put a step off."""
    verbs.put_off(actor=request.actor, code=code, at=clock.now())
    messages.success(request, _("Đã để lại làm sau. Bước này vẫn ở trong danh sách."))
    return http.redirect(request, HERE)


def _page(
    request: SenRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    crumbs = [
        Link(label=_("Quản trị"), href=reverse("administration:overview")),
        Link(label=_("Cài đặt lần đầu"), href=reverse(HERE)),
    ]
    return render(request, "overview", template, {"crumbs": crumbs, **context}, status=status)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def communes(request: SenRequest) -> HttpResponse:
    """Add the communes of the province by the known areas."""
    if request.method == "POST":
        added = verbs.add_communes(actor=request.actor, at=clock.now())
        messages.success(request, _("Đã thêm %(n)d đơn vị.") % {"n": added})
        return http.redirect(request, HERE)
    missing = organisations.communes_to_come(_today())
    names = [organisations.text_of(one.name, get_language() or "vi") for one in missing]
    return _page(request, "first_run_communes", {"names": names})


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def departments(request: SenRequest) -> HttpResponse:
    """Add departments from the usual list."""
    usual, language = organisations.usual_units(_today()), get_language() or "vi"
    to_come = [one for one in usual if not one.is_there]
    form = forms.DepartmentsForm(
        request.POST if request.method == "POST" else None,
        units=[(one.code, organisations.text_of(one.name, language)) for one in to_come],
        initial={"units": [one.code for one in to_come]},
    )
    if form.is_valid():
        codes = form.cleaned_data["units"]
        added = verbs.add_departments(actor=request.actor, codes=codes, at=clock.now())
        messages.success(request, _("Đã thêm %(n)d đơn vị.") % {"n": added})
        return http.redirect(request, HERE)
    context = {
        "form": form,
        "checks": places.checks(form),
        "there": [organisations.text_of(one.name, language) for one in usual if one.is_there],
    }
    return _page(request, "first_run_departments", context, status=422 if form.errors else 200)


@require_GET
@desk(permissions.WATCH)
def officials(request: SenRequest) -> HttpResponse:
    """Show which positions nobody holds, and the ways to fill them."""
    context = {
        "rows": reads.vacancies(_today()),
        "columns": records.columns(_("Vị trí việc làm"), _("Đã có người giữ"), _("Tổng số")),
    }
    return _page(request, "first_run_officials", context)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def working_days(request: SenRequest) -> HttpResponse:
    """Enter the working calendar as far as it is known."""
    if request.method == "POST":
        years = verbs.open_calendar(actor=request.actor, at=clock.now())
        said = ", ".join(str(one) for one in years)
        if years:
            messages.success(request, _("Đã có lịch năm %(years)s.") % {"years": said})
            return http.redirect(request, HERE)
        messages.error(request, _("Chưa có dữ liệu nguồn cho năm nay. Hãy nhập ở trang Lịch."))
    this = _today().year
    context = {"years": [(one, calendar.days(one).count()) for one in (this, this + 1)]}
    return _page(request, "first_run_calendar", context)


@require_GET
@desk(permissions.WATCH)
def outside(request: SenRequest) -> HttpResponse:
    """Show what the environment must hold, each looked for now."""
    context = {
        "rows": gateways.looked_at(),
        "columns": records.columns(_("Kết nối"), _("Biến môi trường"), _("Tình trạng")),
    }
    return _page(request, "first_run_outside", context)

"""Pages on what the law sets: values, the calendar, forms and flows."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.forms import public as kernel_forms
from sen.kernel.legal import public as legal
from sen.kernel.workflow import public as workflow
from sen.systems.administration import forms, permissions
from sen.systems.administration.data import NewValue
from sen.systems.administration.queries import law
from sen.systems.administration.services import law as verbs
from sen.systems.administration.tables import names
from sen.systems.administration.tables import records as tables
from sen.systems.administration.views.frame import desk, render
from sen.web import http
from sen.web.data import Link
from sen.web.middleware import SenRequest

_YEARS = range(2020, 2100)


@require_GET
@desk(permissions.WATCH)
def values(request: SenRequest) -> HttpResponse:
    """Show what holds today, with its source."""
    rows = law.values(clock.day(clock.now()))
    return render(
        request,
        "values",
        "values",
        {
            "rows": [
                (one, names.called(one.key), names.value_text(one.key, one.value)) for one in rows
            ],
            "columns": tables.columns(_("Tên gọi"), _("Giá trị"), _("Từ ngày"), _("Căn cứ")),
        },
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def value(request: SenRequest, key: str) -> HttpResponse:
    """Show the history of one value; set what holds from a day on."""
    rows = law.history(key)
    held = rows[0].value
    form = forms.ValueForm(
        request.POST or None, initial={"value": tables.typed_text(held)}, held=held
    )
    if form.is_valid():
        try:
            wanted = NewValue(key=key, **form.cleaned_data)
            verbs.set_value(actor=request.actor, value=wanted, at=clock.now())
        except (Invalid, Conflict) as error:
            form.refused(error)
        else:
            messages.success(request, _("Đã ghi giá trị mới."))
            return http.redirect(request, "administration:value", key=key)
    heads = (_("Giá trị"), _("Từ ngày"), _("Đến trước ngày"), _("Căn cứ"), _("Mức độ chắc chắn"))
    context = {
        "key": key,
        "title": names.called(key),
        "rows": [(one, names.value_text(key, one.value)) for one in rows],
        "form": form,
        "may_set": access.allows(request.actor, permissions.LEGAL.name),
        "columns": tables.columns(*heads, ""),
    }
    return render(request, "values", "value", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk(permissions.LEGAL)
def correct(request: SenRequest, key: str, first: dt.date) -> HttpResponse:
    """Put right a value that was written down wrongly; who corrects is told how much used it."""
    row = law.held(key, first)
    held = {
        "value": tables.typed_text(row.value),
        "source": row.source,
        "status": row.status,
        "note": row.note,
    }
    form = forms.CorrectionForm(request.POST or None, initial=held, held=row.value)
    uses = legal.used(key, first)
    if form.is_valid():
        try:
            _corrected(request, key, first, form)
        except legal.AlreadyUsed as error:
            form.refused(error)
            uses = error.uses
        except (Invalid, Conflict) as error:
            form.refused(error)
        else:
            messages.success(request, _("Đã sửa. Giá trị ghi nhầm còn trong lịch sử."))
            return http.redirect(request, "administration:value", key=key)
    said = names.value_text(key, row.value)
    context = {"key": key, "title": names.called(key), "row": row, "said": said, "form": form}
    context |= {"uses": uses, "fields": form.visible_fields()}
    return render(request, "values", "correct_value", context, status=422 if form.errors else 200)


def _corrected(request: SenRequest, key: str, first: dt.date, form: forms.CorrectionForm) -> None:
    verbs.correct_value(
        actor=request.actor,
        key=key,
        valid_from=first,
        correction=form.correction(),
        confirmed=form.confirmed(),
        at=clock.now(),
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def days(request: SenRequest) -> HttpResponse:
    """Show the province's days that differ in a year; enter one."""
    now = clock.now()
    form = forms.DayForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            calendar.set_days(request.actor, unit=None, days=[form.entry()], reason=reason, at=now)
        except Invalid as error:
            form.refused(error)
        else:
            messages.success(request, _("Đã ghi vào lịch. Ngày hẹn đã in trước đây giữ nguyên."))
            return http.redirect(request, "administration:calendar")
    return _days(request, form)


def _days(request: SenRequest, form: forms.DayForm) -> HttpResponse:
    asked = request.GET.get("nam", "")
    is_year = asked.isdigit() and int(asked) in _YEARS
    year = int(asked) if is_year else clock.day(clock.now()).year
    return render(
        request,
        "calendar",
        "calendar",
        {
            "year": year,
            "years": [
                Link(label=str(one), href=f"?nam={one}", is_current=one == year)
                for one in range(year - 1, year + 2)
            ],
            "rows": [
                (one, tables.text(one.title), calendar.DayKind(one.kind).label)
                for one in calendar.days(year)
            ],
            "form": form,
            "may_set": access.allows(request.actor, calendar.MANAGE),
            "columns": tables.columns(_("Ngày"), _("Tên gọi"), _("Loại ngày"), _("Căn cứ"), ""),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@desk(permissions.WATCH)
def clear_day(request: SenRequest) -> HttpResponse:
    """Take a day back."""
    form = forms.ClearForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Vui lòng ghi lý do."))
    said = form.cleaned_data
    calendar.clear_day(
        request.actor, unit=None, on=said["on"], reason=said["reason"], at=clock.now()
    )
    messages.success(request, _("Đã bỏ ngày này khỏi lịch."))
    return http.redirect(request, "administration:calendar")


@require_GET
@desk(permissions.WATCH)
def documents(request: SenRequest) -> HttpResponse:
    """Show the published forms and flows, the latest version first."""
    return render(
        request,
        "documents",
        "documents",
        {
            "forms": [(one, tables.text(one.document.get("title"))) for one in law.form_versions()],
            "flows": [
                (one, tables.text(one.document.get("title")), workflow.FlowStatus(one.status).label)
                for one in law.flow_versions()
            ],
            "columns": tables.columns(_("Tên"), _("Phiên bản"), _("Ban hành lúc")),
        },
    )


@require_GET
@desk(permissions.WATCH)
def form(request: SenRequest, version: UUID) -> HttpResponse:
    """Show a form as people can read it, page by page."""
    found = kernel_forms.FormVersion.objects.filter(id=version).first()
    if found is None:
        raise Http404
    shown = kernel_forms.form(found.id)
    context = {
        "code": found.code,
        "version": found.version,
        "title": tables.text(shown.title),
        "lead": "; ".join(shown.legal_basis),
        "parts": tables.form_parts(shown),
    }
    return render(request, "documents", "document", context)


@require_GET
@desk(permissions.WATCH)
def flow(request: SenRequest, version: UUID) -> HttpResponse:
    """Show a flow as people can read it, step by step with its hours."""
    found = workflow.FlowVersion.objects.filter(id=version).first()
    if found is None:
        raise Http404
    shown = workflow.flow(found.id)
    context = {
        "code": found.code,
        "version": found.version,
        "title": tables.text(shown.title),
        "lead": shown.source,
        "parts": tables.flow_parts(shown),
    }
    return render(request, "documents", "document", context)

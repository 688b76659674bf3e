"""Pages on the dictionary of the search: what people say, and what they mean by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import Conflict, Invalid
from sen.kernel.access import public as access
from sen.kernel.search import public as search
from sen.systems.administration import permissions
from sen.systems.administration.queries import words as queries
from sen.systems.administration.tables import words as tables
from sen.systems.administration.tables.records import columns
from sen.systems.administration.views import word_forms as forms
from sen.systems.administration.views.frame import desk, render
from sen.web import http, paging
from sen.web.middleware import SenRequest

PAGE = 50
_FAULTY = 422
_MOST_SKIPPED = 100_000


@require_GET
@desk(permissions.WATCH)
def words(request: SenRequest) -> HttpResponse:
    """Show the dictionary by heading, found by what it says, page by page."""
    query, topic = request.GET.get("q", "").strip(), request.GET.get("muc", "")
    is_off = request.GET.get("bo") == "1"
    asked = request.GET.get("tu", "")
    skip = min(int(asked), _MOST_SKIPPED) if asked.isdecimal() else 0
    rows = search.listed(query=query, topic=topic, is_active=not is_off, skip=skip, limit=PAGE + 1)
    return render(
        request,
        "words",
        "words",
        {
            "query": query,
            "groups": tables.topic_filters(request, search.topics(), topic, is_off=is_off),
            "rows": tables.word_rows(rows[:PAGE]),
            "columns": columns(_("Người dân nói"), _("Hiểu là"), _("Mục")),
            "may_set": access.allows(request.actor, search.MANAGE_WORDINGS),
            "next_href": paging.href(request, {"tu": str(skip + PAGE)}) if len(rows) > PAGE else "",
            "first_href": paging.href(request, {"tu": ""}) if skip else "",
        },
    )


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def new(request: SenRequest) -> HttpResponse:
    """Write a new line; try it before."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@desk(permissions.WATCH)
def word(request: SenRequest, wording: UUID) -> HttpResponse:
    """Show a line with its history; change it, try it before."""
    return _edit(request, search.wording(wording))


def _edit(request: SenRequest, row: search.SearchWording | None) -> HttpResponse:
    initial = tables.word_initial(row) if row is not None else None
    form = forms.WordingForm(request.POST or None, initial=initial, topics=search.topics())
    is_trial = "try" in request.POST
    if is_trial:
        form.fields["reason"].required = False
    tried = None
    if form.is_valid():
        line = form.line()
        if is_trial:
            form.fields["reason"].required = True
            tried = queries.try_out(form.cleaned_data["question"] or line.phrases[0], line)
        else:
            try:
                saved = search.save_wording(
                    actor=request.actor,
                    line=line,
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                    wording=row.id if row is not None else None,
                    number=form.cleaned_data["number"] or 0,
                )
            except (Invalid, Conflict) as error:
                form.refused(error)
            else:
                messages.success(request, _("Đã ghi. Lần tìm kế tiếp dùng ngay từ ngữ này."))
                return http.redirect(request, "administration:word", wording=saved.id)
    return _page(request, row, form, tried)


def _page(
    request: SenRequest,
    row: search.SearchWording | None,
    form: forms.WordingForm,
    tried: queries.Tried | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "tried": tables.tried_columns(tried) if tried is not None else (),
        "tried_question": tried.question if tried is not None else "",
        "may_set": access.allows(request.actor, search.MANAGE_WORDINGS),
        "columns": columns(_("Lần"), _("Lúc"), _("Ai"), _("Lý do"), _("Sau khi sửa")),
    }
    if row is not None:
        context |= tables.word_page(row, queries.titles(row.records))
        context["changes"] = tables.change_rows(queries.history(row.id))
    return render(request, "words", "word", context, status=_FAULTY if form.errors else 200)


@require_POST
@desk(permissions.WATCH)
def retire(request: SenRequest, wording: UUID) -> HttpResponse:
    """Take a line out of use."""
    return _act(request, wording, search.retire_wording, _("Đã thôi dùng từ ngữ này."))


@require_POST
@desk(permissions.WATCH)
def undo(request: SenRequest, wording: UUID) -> HttpResponse:
    """Make a line as it was before its latest change."""
    return _act(request, wording, search.undo_wording, _("Đã trả lại như trước lần sửa cuối."))


def _act(request: SenRequest, wording: UUID, verb: Any, said: str) -> HttpResponse:
    form = forms.WordingActForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Vui lòng ghi lý do."))
    verb(actor=request.actor, wording=wording, **form.cleaned_data, at=clock.now())
    messages.success(request, said)
    return http.redirect(request, reverse("administration:word", args=[wording]))

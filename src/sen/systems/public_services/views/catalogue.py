"""The catalogue, for whoever keeps it: what is offered, versions, drafts and publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.systems.public_services import forms, permissions
from sen.systems.public_services.queries import offering
from sen.systems.public_services.services import aliases
from sen.systems.public_services.services import catalogue as verbs
from sen.systems.public_services.tables import catalogue as shapes
from sen.web import frame, http, paging
from sen.web.middleware import SenRequest

View = Callable[..., HttpResponse]
PAGE = 50
_FAULTY = 422


def _kept(view: View) -> View:
    """Let only keepers of the catalogue open a page; a verb's refusal is a page too."""

    @never_cache
    @wraps(view)
    def guarded(request: SenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            access.check(request.actor, permissions.CATALOGUE.name)
            return view(request, *args, **kwargs)
        except DomainError as error:
            return http.refuse(request, error, back="/quan-tri/thu-tuc/")

    return guarded


def _render(
    request: SenRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    links = frame.parts(
        request.actor, under="administration:overview", current="public_services:catalogue"
    )
    return http.render(
        request,
        f"public_services/desk/{template}.html",
        {"tabs": links, **context},
        status=status,
    )


@require_GET
@_kept
def listed(request: SenRequest) -> HttpResponse:
    """Show every procedure with its state, found by code or name, page by page."""
    query = request.GET.get("q", "").strip()
    state, after = request.GET.get("trang-thai", ""), request.GET.get("sau", "")
    rows = offering.listed(
        on=clock.day(clock.now()),
        query=query,
        state=state,
        with_bare=bool(query or state),
        after=after,
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    last = shown[-1].procedure.code if len(rows) > PAGE else ""
    return _render(
        request,
        "catalogue",
        {
            "query": query,
            "state": state,
            "groups": shapes.state_filters(request, state),
            "rows": shapes.offer_rows(shown),
            "columns": shapes.offer_columns(),
            "next_href": paging.href(request, {"sau": last}) if last else "",
            "first_href": paging.href(request, {"sau": ""}) if after else "",
        },
    )


@require_http_methods(["GET", "POST"])
@_kept
def procedure(request: SenRequest, code: str) -> HttpResponse:
    """Show a procedure with its versions; draft the next one."""
    form = forms.DraftForm(request.POST or None)
    if form.is_valid():
        try:
            made = verbs.draft_version(
                actor=request.actor, code=code, **form.cleaned_data, at=clock.now()
            )
        except DomainError as error:
            if not form.refused(error):
                raise
        else:
            messages.success(request, _("Đã soạn dự thảo. Hãy xem lại rồi ban hành."))
            return http.redirect(
                request, "public_services:catalogue-version", code=code, number=made.number
            )
    return _procedure(request, code, form=form)


def _procedure(
    request: SenRequest,
    code: str,
    *,
    form: forms.DraftForm | None = None,
    switch: forms.ReasonForm | None = None,
    former: forms.AliasForm | None = None,
) -> HttpResponse:
    on = clock.day(clock.now())
    held = offering.one(code, on=on)
    drafting = form or forms.DraftForm()
    switching = switch or forms.ReasonForm()
    naming = former or forms.AliasForm()
    faulty = bool(drafting.errors or switching.errors or naming.errors)
    return _render(
        request,
        "catalogue_procedure",
        {
            **shapes.offer_page(held, offering.versions(code), on=on),
            "form": drafting,
            "switching": switching,
            "naming": naming,
            "formers": offering.former_codes(held.procedure),
        },
        status=_FAULTY if faulty else 200,
    )


@require_POST
@_kept
def switch(request: SenRequest, code: str) -> HttpResponse:
    """Offer a procedure again, or no longer, with the reason that citizens read."""
    form = forms.ReasonForm(request.POST)
    is_active = request.POST.get("is_active") == "1"
    if form.is_valid():
        try:
            verbs.switch_procedure(
                actor=request.actor,
                code=code,
                is_active=is_active,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except DomainError as error:
            if not form.refused(error):
                raise
        else:
            said = (
                _("Thủ tục đã nhận hồ sơ trở lại.") if is_active else _("Đã tạm dừng nhận hồ sơ.")
            )
            messages.success(request, said)
            return http.redirect(request, "public_services:catalogue-procedure", code=code)
    return _procedure(request, code, switch=form)


@require_POST
@_kept
def alias(request: SenRequest, code: str) -> HttpResponse:
    """Let a former code lead to a procedure."""
    form = forms.AliasForm(request.POST)
    if form.is_valid():
        try:
            aliases.add_alias(
                actor=request.actor, code=code, former=form.cleaned_data["former"], at=clock.now()
            )
        except DomainError as error:
            if not form.refused(error):
                form.add_error("former", error.message)
        else:
            messages.success(request, _("Đã thêm mã cũ. Địa chỉ theo mã cũ dẫn tới thủ tục này."))
            return http.redirect(request, "public_services:catalogue-procedure", code=code)
    return _procedure(request, code, former=form)


@require_GET
@_kept
def version(request: SenRequest, code: str, number: int) -> HttpResponse:
    """Show the parts of a version: cases, papers, charges, form, flow; of a draft what is wrong."""
    return _version(request, code, number)


def _version(
    request: SenRequest, code: str, number: int, *, form: forms.ReasonForm | None = None
) -> HttpResponse:
    held = offering.version(code, number)
    shown = form or forms.ReasonForm()
    return _render(
        request,
        "catalogue_version",
        {**shapes.version_page(held, on=clock.day(clock.now())), "form": shown},
        status=_FAULTY if shown.errors else 200,
    )


@require_POST
@_kept
def publish(request: SenRequest, code: str, number: int) -> HttpResponse:
    """Publish a draft."""
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            verbs.publish_draft(
                actor=request.actor,
                code=code,
                number=number,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except DomainError as error:
            if not form.refused(error):
                raise
        else:
            messages.success(request, _("Đã ban hành phiên bản %(n)d.") % {"n": number})
            return http.redirect(request, "public_services:catalogue-procedure", code=code)
    return _version(request, code, number, form=form)


@require_POST
@_kept
def discard(request: SenRequest, code: str, number: int) -> HttpResponse:
    """Throw a draft away."""
    verbs.discard_draft(actor=request.actor, code=code, number=number, at=clock.now())
    messages.success(request, _("Đã bỏ dự thảo."))
    return http.redirect(request, "public_services:catalogue-procedure", code=code)

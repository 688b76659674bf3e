"""Guides through life events: what people read, and the pages of whoever edits them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sen.base import clock
from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.systems.public_services import forms, permissions
from sen.systems.public_services.models import LifeEventVersion
from sen.systems.public_services.queries import life_events
from sen.systems.public_services.services import life_events as verbs
from sen.systems.public_services.tables import life_events as shapes
from sen.systems.public_services.tables import metadata
from sen.web import conditional, frame, http
from sen.web.middleware import SenRequest

View = Callable[..., HttpResponse]
_FAULTY = 422


@require_safe
def listed(request: SenRequest) -> HttpResponse:
    """Show every life event that has a guide."""
    guides = life_events.life_events()
    return conditional.page(
        request,
        depends_on=[(one.slug, one.number) for one in guides],
        build=lambda: http.render(
            request,
            "public_services/life_events.html",
            {
                "events": shapes.event_links(guides),
                "meta": metadata.of_page(
                    _("Hướng dẫn theo sự kiện"),
                    _("Việc cần làm khi có một sự kiện trong đời, theo thứ tự."),
                    "/su-kien/",
                ),
            },
        ),
    )


@require_safe
def guide(request: SenRequest, slug: str) -> HttpResponse:
    """Show the steps of a life event, to be ticked off on paper."""
    try:
        found = life_events.guide(slug)
    except DomainError as error:
        return http.refuse(request, error, back="/su-kien/")
    return conditional.page(
        request,
        depends_on=[found.slug, found.number],
        build=lambda: http.render(
            request,
            "public_services/life_event.html",
            {**shapes.guide_page(found), "meta": metadata.of_guide(found)},
        ),
    )


# -- For whoever edits them


def _edited(view: View) -> View:
    """Let only editors open a page; a verb's refusal is a page too."""

    @never_cache
    @wraps(view)
    def guarded(request: SenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            access.check(request.actor, permissions.LIFE_EVENTS.name)
            return view(request, *args, **kwargs)
        except DomainError as error:
            return http.refuse(request, error, back="/quan-tri/su-kien/")

    return guarded


def _render(
    request: SenRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    links = frame.parts(
        request.actor, under="administration:overview", current="public_services:edit-life-events"
    )
    page = {"tabs": links, **context}
    return http.render(request, f"public_services/desk/{template}.html", page, status=status)


@require_http_methods(["GET", "POST"])
@_edited
def edit_list(request: SenRequest) -> HttpResponse:
    """Show every life event with its state; begin a new one."""
    form = forms.EventForm(request.POST or None)
    if form.is_valid():
        try:
            verbs.begin_event(actor=request.actor, **form.cleaned_data, at=clock.now())
        except DomainError as error:
            if not form.refused(error):
                form.add_error("slug", error.message)
        else:
            return http.redirect(
                request, "public_services:edit-life-event", slug=form.cleaned_data["slug"]
            )
    return _render(
        request,
        "life_events",
        {
            "rows": shapes.editor_rows(life_events.every()),
            "columns": shapes.editor_columns(),
            "form": form,
        },
        status=_FAULTY if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@_edited
def edit(request: SenRequest, slug: str) -> HttpResponse:
    """Show a guide with its history, write its draft, publish it, hide or show it."""
    act = request.POST.get("act", "")
    if request.method == "GET":
        return _edit(request, slug)
    return _ACTS.get(act, _save)(request, slug)


def _edit(
    request: SenRequest,
    slug: str,
    *,
    head: forms.GuideForm | None = None,
    steps: Any = None,
    reason: forms.ReasonForm | None = None,
    shown: forms.ShownForm | None = None,
    faults: Any = (),
) -> HttpResponse:
    event = life_events.event(slug)
    page = shapes.editor_page(event, life_events.versions(event))
    draft: LifeEventVersion | None = page["draft"]
    told, rows = shapes.initial(draft.content) if draft is not None else ({}, [])
    forms_of_steps = steps or forms.StepForms(initial=rows, prefix="step")
    is_faulty = any(one is not None and one.errors for one in (head, reason, shown)) or faults
    return _render(
        request,
        "life_event",
        {
            **page,
            "head": head or forms.GuideForm(initial=told),
            "steps": forms_of_steps,
            "step_rows": [one.row(is_open=bool(faults)) for one in forms_of_steps],
            "reason_form": reason or forms.ReasonForm(),
            "shown_form": shown
            or forms.ShownForm(initial={"is_shown": event.is_shown, "position": event.position}),
            "faults": faults,
        },
        status=_FAULTY if is_faulty else 200,
    )


def _save(request: SenRequest, slug: str) -> HttpResponse:
    head = forms.GuideForm(request.POST)
    steps = forms.StepForms(request.POST, prefix="step")
    if not (head.is_valid() and steps.is_valid()):
        return _edit(request, slug, head=head, steps=steps)
    edits = request.POST.get("edits", "")
    verbs.save_guide(
        actor=request.actor,
        slug=slug,
        content=forms.content_of(head, steps),
        edits=int(edits) if edits.isdigit() else -1,
        at=clock.now(),
    )
    messages.success(request, _("Đã lưu dự thảo. Người dân chưa thấy cho đến khi ban hành."))
    return http.redirect(request, "public_services:edit-life-event", slug=slug)


def _draft(request: SenRequest, slug: str) -> HttpResponse:
    verbs.draft_guide(actor=request.actor, slug=slug, at=clock.now())
    return http.redirect(request, "public_services:edit-life-event", slug=slug)


def _publish(request: SenRequest, slug: str) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    reason = request.POST.get("reason", "")
    try:
        verbs.publish_guide(actor=request.actor, slug=slug, reason=reason, at=clock.now())
    except DomainError as error:
        form.is_valid()
        if not error.fields:
            raise
        return _edit(request, slug, reason=form, faults=http.faults(error))
    messages.success(request, _("Đã ban hành hướng dẫn. Người dân thấy ngay."))
    return http.redirect(request, "public_services:edit-life-event", slug=slug)


def _discard(request: SenRequest, slug: str) -> HttpResponse:
    verbs.discard_guide(actor=request.actor, slug=slug, at=clock.now())
    messages.success(request, _("Đã bỏ dự thảo."))
    return http.redirect(request, "public_services:edit-life-events")


def _show(request: SenRequest, slug: str) -> HttpResponse:
    form = forms.ShownForm(request.POST)
    if not form.is_valid():
        return _edit(request, slug, shown=form)
    verbs.show_event(actor=request.actor, slug=slug, **form.cleaned_data, at=clock.now())
    messages.success(request, _("Đã lưu."))
    return http.redirect(request, "public_services:edit-life-event", slug=slug)


_ACTS: Mapping[str, Callable[[SenRequest, str], HttpResponse]] = {
    "draft": _draft,
    "save": _save,
    "publish": _publish,
    "discard": _discard,
    "show": _show,
}

"""The inbox: one list of everything that waits for me; and my notifications."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sen.base import clock
from sen.base.errors import DomainError, NotAllowed, SignInNeeded
from sen.kernel.notifications import public as notifications
from sen.kernel.search import public as records
from sen.kernel.workflow import public as workflow
from sen.systems.inbox import tables
from sen.web import http
from sen.web.middleware import SenRequest

_QUERY_LENGTH = 200
_HITS = 20


@require_GET
def tasks(request: SenRequest) -> HttpResponse:
    """Show what waits for the official, late first, narrowed by kind of work and by clock."""
    actor = request.actor
    if actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    if not actor.is_official:
        return http.refuse(request, NotAllowed(_("Trang này dành cho cán bộ.")))
    now = clock.now()
    act = request.GET.get("viec", "")
    state = request.GET.get("tinh-trang", workflow.TaskState.ALL.value)
    if act not in workflow.acts():
        act = ""
    if state not in workflow.TaskState.values:
        state = workflow.TaskState.ALL.value
    counters = workflow.counters(actor, act=act, at=now)
    page = workflow.open_tasks(
        actor,
        acts=[act] if act else None,
        state=state,
        after=request.GET.get("after") or None,
        at=now,
    )
    return http.render(
        request,
        "inbox/tasks.html",
        {
            "rows": tables.rows(actor, page.rows, now=now),
            "columns": tables.columns(),
            "groups": tables.groups(counters=counters, act=act, state=state),
            "next_href": f"?viec={act}&tinh-trang={state}&after={page.after}" if page.after else "",
            "first_href": f"?viec={act}&tinh-trang={state}" if request.GET.get("after") else "",
        },
        fragment="list",
    )


@require_POST
def claim(request: SenRequest, task: UUID) -> HttpResponse:
    """Take a task that nobody has."""
    try:
        taken = workflow.claim(request.actor, task=workflow.task(task), at=clock.now())
    except DomainError as error:
        return http.refuse(request, error, back="/viec/")
    act = workflow.acts()[taken.act]
    messages.success(request, _("Bạn đã nhận việc này."))
    return http.redirect(request, act.url_name, code=taken.run.code)


@require_POST
def release(request: SenRequest, task: UUID) -> HttpResponse:
    """Put a task back for the colleagues."""
    try:
        workflow.release(request.actor, task=workflow.task(task), at=clock.now())
    except DomainError as error:
        return http.refuse(request, error, back="/viec/")
    messages.success(request, _("Đã trả việc lại cho đơn vị."))
    return http.redirect(request, "inbox:tasks")


@require_GET
def search(request: SenRequest) -> HttpResponse:
    """Find records by code, name or words, of every kind that the official may see."""
    actor = request.actor
    if actor.is_anonymous:
        return http.refuse(request, SignInNeeded())
    if not actor.is_official:
        return http.refuse(request, NotAllowed(_("Trang này dành cho cán bộ.")))
    query = request.GET.get("q", "").strip()[:_QUERY_LENGTH]
    try:
        hits = records.find(actor, query, limit=_HITS, before=request.GET.get("truoc") or None)
    except DomainError as error:
        return http.refuse(request, error, back="/tim/")
    more = hits[-1].cursor if len(hits) == _HITS else ""
    return http.render(
        request,
        "inbox/search.html",
        {
            "query": query,
            "hits": tables.hits(hits),
            "next_href": f"?{urlencode({'q': query, 'truoc': more})}" if more else "",
            "first_href": f"?{urlencode({'q': query})}" if request.GET.get("truoc") else "",
        },
    )


@require_GET
def news(request: SenRequest) -> HttpResponse:
    """Show the notifications of whoever is signed in, newest first."""
    actor = request.actor
    if actor.account is None:
        return http.refuse(request, SignInNeeded())
    page = notifications.inbox(actor, before=request.GET.get("before") or None)
    return http.render(
        request,
        "inbox/news_desk.html" if actor.is_official else "inbox/news.html",
        {"news": page},
    )


@require_POST
def read(request: SenRequest) -> HttpResponse:
    """Mark every notification as read."""
    if request.actor.account is None:
        return http.refuse(request, SignInNeeded())
    notifications.mark_read(request.actor, at=clock.now())
    return http.redirect(request, "inbox:notifications")

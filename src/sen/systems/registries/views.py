"""Pages on lookups: those about oneself, and all of them for whoever administers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sen.base import clock
from sen.base.errors import DomainError
from sen.base.identifiers import from_base32, to_base32
from sen.systems.registries import queries, services
from sen.systems.registries.data import Wanted
from sen.systems.registries.forms import SearchForm
from sen.web import frame, http, paging
from sen.web.data import Column
from sen.web.middleware import SenRequest

PAGE = 50


@never_cache
@require_GET
def mine(request: SenRequest) -> HttpResponse:
    """Show who looked up what about whoever is signed in, the latest first."""
    if request.actor.account is None:
        return HttpResponseRedirect(f"{reverse('account:sign-in')}?next={request.path}")
    rows = queries.lookups(request.actor)
    return http.render(request, "registries/mine.html", {"rows": queries.lines(rows)})


@never_cache
@require_GET
def searched(request: SenRequest) -> HttpResponse:
    """Search the lookups of the province; no value is among them."""
    form = SearchForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = Wanted(**said, before=_before(request))
    try:
        rows = services.search(request.actor, wanted, at=clock.now(), limit=PAGE + 1)
    except DomainError as error:
        return http.refuse(request, error, back="/quan-tri/")
    oldest = to_base32(rows[PAGE - 1].id) if len(rows) > PAGE else ""
    context = {
        "tabs": frame.parts(
            request.actor, under="administration:overview", current="registries:search"
        ),
        "form": form,
        "form_is_open": bool(form.errors) or not rows,
        "rows": queries.lines(rows[:PAGE]),
        "columns": [
            Column(label=label)
            for label in (_("Lúc"), _("Cơ sở dữ liệu"), _("Thủ tục"), _("Kết quả"), _("Mục"))
        ],
        "next_href": paging.href(request, {"truoc": oldest}) if oldest else "",
    }
    status = 422 if form.errors else 200
    return http.render(request, "registries/search.html", context, status=status)


def _before(request: SenRequest) -> UUID | None:
    try:
        return from_base32(request.GET.get("truoc", ""))
    except ValueError:
        return None

"""Finding a procedure by what one would say at the counter."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from sen.systems.public_services.queries import life_events, searching
from sen.systems.public_services.tables import life_events as guides
from sen.systems.public_services.tables import searching as shapes
from sen.web import api, conditional, http
from sen.web.middleware import SenRequest

PAGE = 12
MORE = 60
EVENTS = 6
"""Guides that are offered to whoever found nothing, or has not asked yet."""
_LONGEST = 200
"""Characters of a question that are looked at."""


@require_GET
def search(request: SenRequest) -> HttpResponse:
    """Show the procedures that fit what somebody says, or that there is none, and what to do then.

    Search engines pass by: every answer leads to pages of their own.
    """
    asked = request.GET
    query = asked.get("q", "").strip()[:_LONGEST]
    limit = MORE if asked.get("het") == "1" else PAGE
    filed_only = asked.get("nop") == "1"
    answer = searching.find(
        query, limit=limit + 1, filed_only=filed_only, is_exact=asked.get("dung") == "1"
    )
    response = http.render(
        request,
        "public_services/search.html",
        {
            "query": query,
            "filters": shapes.filters(asked, filed_only=filed_only),
            "filed_only": filed_only,
            "has_more": limit == PAGE and len(answer.found) > PAGE,
            **_answered(query, answer, limit),
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answered(query: str, answer: searching.Answer, limit: int) -> dict[str, Any]:
    """Return what was found, or what may help whoever found nothing or has not asked."""
    read_as = answer.ranking.read_as
    found = {
        "rows": shapes.rows(answer.found[:limit]),
        "guides": guides.event_links(answer.guides),
        "read_as": read_as,
        "exactly": shapes.exactly(query) if read_as else "",
    }
    if not answer.found:
        found["suggestions"] = shapes.suggestions()
        found["events"] = guides.event_links(life_events.life_events()[:EVENTS])
    return found


@require_GET
def suggest(request: SenRequest) -> HttpResponse:
    """Return what somebody may mean who is still typing, for the script of the search box.

    A browser keeps it some minutes; after that the editions tell whether it still holds, that of
    the ranking by itself, which may be the one before for moments.
    """
    typed = request.GET.get("q", "")[:_LONGEST]

    def build() -> HttpResponse:
        found = searching.suggest(
            typed, visitor=api.visitor(request), language=get_language() or "vi"
        )
        return JsonResponse({"rows": shapes.suggested(found)})

    response = conditional.page(request, depends_on=(typed, searching.edition()), build=build)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""Finding a procedure by what one would say at the counter."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from sen.systems.public_services.queries import searching
from sen.systems.public_services.tables import life_events as guides
from sen.systems.public_services.tables import searching as shapes
from sen.web import http
from sen.web.middleware import SenRequest

PAGE = 12
MORE = 60
_LONGEST = 200
"""Characters of a question that are looked at."""


@require_GET
def search(request: SenRequest) -> HttpResponse:
    """Show the procedures that fit what somebody says, or that there is none, and what to do then.

    Search engines pass by: every answer leads to pages of their own.
    """
    query = request.GET.get("q", "").strip()[:_LONGEST]
    limit = MORE if request.GET.get("het") == "1" else PAGE
    answer = searching.find(query, limit=limit + 1) if query else None
    found = answer.found if answer else ()
    response = http.render(
        request,
        "public_services/search.html",
        {
            "query": query,
            "rows": shapes.rows(found[:limit]),
            "has_more": limit == PAGE and len(found) > PAGE,
            "guides": guides.event_links(answer.guides) if answer else (),
            "read_as": answer.ranking.read_as if answer else "",
            "suggestions": shapes.suggestions(),
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response

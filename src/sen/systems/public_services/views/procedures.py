"""The page of a procedure, at an address that stays; and the list of public pages for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from sen.base import clock
from sen.base.errors import NotFound
from sen.systems.public_services.models import ProcedureVersion
from sen.systems.public_services.queries import catalogue, known, sitemaps
from sen.systems.public_services.tables import explained, metadata
from sen.systems.public_services.tables import known as known_shapes
from sen.systems.public_services.tables.records import text
from sen.web import conditional, http
from sen.web.metadata import LANGUAGE_PARAMETER, public_address
from sen.web.middleware import SenRequest

LONGEST_CODE = 60
"""Letters of what an address may say of one's case."""


@require_safe
def procedure(request: SenRequest, code: str) -> HttpResponse:
    """Show a procedure in plain words: what you need, what it costs, how long, where."""
    at = clock.now()
    try:
        version = catalogue.current_version(code, on=clock.day(at))
    except catalogue.NotOffered as error:
        return _off(request, code, error)
    except NotFound as error:
        return _listed(request, code, error, at=at)
    return conditional.page(
        request,
        depends_on=(version.id, at.hour),  # what is promised turns at the centre's hours
        changed_at=version.published_at,
        build=lambda: _shown(request, version, at),
    )


def _shown(request: SenRequest, version: ProcedureVersion, at: dt.datetime) -> HttpResponse:
    asked = _asked(request)
    if catalogue.cases_of(version):
        page = explained.procedure_page(version, actor=request.actor, asked=asked, at=at)
        return http.render(request, "public_services/procedure.html", page)
    on = clock.day(at)
    page = {
        **known_shapes.described_page(version),
        **explained.ground(version),
        "place": explained.where(version, actor=request.actor, asked=asked, on=on),
        "meta": metadata.of_procedure(version.procedure, told=version.national),
    }
    return http.render(request, "public_services/procedure_known.html", page)


def _asked(request: SenRequest) -> Mapping[str, str]:
    """Return what the address says of one's case, but for the language."""
    return {
        name: request.GET[name]
        for name in request.GET
        if name != LANGUAGE_PARAMETER and 0 < len(request.GET[name]) <= LONGEST_CODE
    }


def _listed(request: SenRequest, code: str, error: NotFound, *, at: dt.datetime) -> HttpResponse:
    """Show a procedure of which the list of all codes is all that is known, or that there is none.

    Whoever comes by a code written differently or a former one is led to the present address.
    Search engines pass by: the page says next to nothing.
    """
    found = known.listed(code)
    if found is None:
        present = catalogue.present_code(code)
        if present is None or present == code:
            return http.refuse(request, error, back="/")
        return HttpResponsePermanentRedirect(reverse("public_services:procedure", args=[present]))
    empty = ProcedureVersion(procedure=found)
    on = clock.day(at)

    def build() -> HttpResponse:
        page: dict[str, Any] = {
            **known_shapes.listed_page(found),
            "place": explained.where(empty, actor=request.actor, asked=_asked(request), on=on),
            "complaint_days": explained.complaint_days(),
            "meta": metadata.of_procedure(found, told={}),
        }
        return http.render(request, "public_services/procedure_known.html", page)

    response = conditional.page(request, depends_on=(found.id, at.hour), build=build)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _off(request: SenRequest, code: str, error: catalogue.NotOffered) -> HttpResponse:
    """Show that a procedure is not offered now, since when and why; search engines pass by."""
    found = catalogue.switched_off(code)
    context = {
        "code": code,
        "title": text(found.name) if found else code,
        "said": error.message,
    }
    response = http.render(request, "public_services/procedure_off.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def sitemap(request: SenRequest) -> HttpResponse:
    """Name every public page with the day of its last change.

    Nguồn: sitemaps.org, protocol 0.9; at most 50,000 addresses, of which a province has hundreds.
    """
    rows = sitemaps.pages(on=clock.day(clock.now()))

    def build() -> HttpResponse:
        told = [
            {"address": public_address(path), "day": day.isoformat() if day else ""}
            for path, day in rows
        ]
        response = http.render(request, "public_services/sitemap.xml", {"rows": told})
        response.headers["Content-Type"] = "application/xml; charset=utf-8"
        return response

    return conditional.page(request, depends_on=rows, build=build)

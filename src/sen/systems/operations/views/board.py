"""The board, the page of one place, and both as spreadsheets."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sen.base import clock
from sen.base.errors import DomainError
from sen.systems.operations.choices import Drawing, Measure, Term
from sen.systems.operations.data import Board, Place
from sen.systems.operations.queries import board as reads
from sen.systems.operations.queries import scope
from sen.systems.operations.queries import shapes as drawings
from sen.systems.operations.tables import board as tables
from sen.systems.operations.tables import maps, sheets, telling
from sen.systems.public_services import public as services
from sen.web import http, paging
from sen.web.data import FilterGroup, Link
from sen.web.middleware import SenRequest

PAGE = 50
SHEET = 2000
"""The most dossiers in one spreadsheet."""
Choice = TypeVar("Choice", Term, Measure, Drawing)


@never_cache
@require_GET
def home(request: SenRequest) -> HttpResponse:
    """Show what is late and who holds it, in everything that the leader looks after."""
    now = clock.now()
    try:
        places = scope.scope(request.actor, on=clock.day(now)).places
        if len(places) == 1:
            return _place(request, places[0].code, now)
        return _board(request, now)
    except DomainError as error:
        return http.refuse(request, error)


@never_cache
@require_GET
def place(request: SenRequest, code: str) -> HttpResponse:
    """Show one place: its figures, where its work lies, its open dossiers."""
    try:
        return _place(request, code, clock.now())
    except DomainError as error:
        return http.refuse(request, error, back=reverse("operations:home"))


@never_cache
@require_GET
def figures_csv(request: SenRequest) -> HttpResponse:
    """Send the lines of the board as a spreadsheet."""
    now = clock.now()
    try:
        board = reads.board(request.actor, term=chosen(request, "ky", Term.YEAR), now=now)
    except DomainError as error:
        return http.refuse(request, error)
    return _sheet(sheets.lines(board), f"dieu-hanh-{clock.day(now):%Y%m%d}.csv")


@never_cache
@require_GET
def dossiers(request: SenRequest) -> HttpResponse:
    """Show the open dossiers of one sort in everything that the leader looks after."""
    now = clock.now()
    kind = _kind(request) or services.Kind.LATE
    try:
        seen = scope.scope(request.actor, on=clock.day(now))
        shown = _rows(request, tuple(seen.seen), kind, now)
    except DomainError as error:
        return http.refuse(request, error, back=reverse("operations:home"))
    context = {
        **shown,
        "list_title": tables.label_of(kind),
        "crumbs": _crumbs(),
        "kinds": [tables.kinds(kind)],
    }
    return http.render(request, "operations/dossiers.html", context)


@never_cache
@require_GET
def dossiers_csv(request: SenRequest) -> HttpResponse:
    """Send open dossiers of one sort as a spreadsheet, of everything or of the place in `o`."""
    now = clock.now()
    kind, code = _kind(request) or services.Kind.OPEN, request.GET.get("o", "")
    try:
        seen = scope.scope(request.actor, on=clock.day(now))
        units = scope.place(request.actor, code, on=clock.day(now)).members if code else seen.seen
        rows = reads.dossiers(request.actor, tuple(units), kind=kind, now=now, limit=SHEET)
    except DomainError as error:
        return http.refuse(request, error)
    return _sheet(sheets.dossiers(rows, reads.language()), f"ho-so-{clock.day(now):%Y%m%d}.csv")


def _board(request: SenRequest, now: dt.datetime) -> HttpResponse:
    term = chosen(request, "ky", Term.YEAR)
    measure = chosen(request, "mau", Measure.LATE)
    drawing = chosen(request, "ve", Drawing.SHAPES)
    board = reads.board(request.actor, term=term, now=now)
    here = reverse("operations:home")
    kept = {"ky": term.value, "mau": measure.value, "ve": drawing.value}
    return http.render(
        request,
        "operations/board.html",
        {
            **_common(board, now, tables.terms(term, here, kept)),
            "numbers": tables.numbers(board.total, reverse("operations:dossiers")),
            "asks": tables.asks(board.worst, now),
            **_map(board, measure, drawing, kept),
            "rows": tables.rows(board),
            "columns": tables.board_columns(),
            "csv_href": f"{reverse('operations:figures-csv')}?ky={term.value}",
        },
    )


def _map(board: Board, measure: Measure, drawing: Drawing, kept: dict[str, str]) -> dict[str, Any]:
    """Return the map and what can be chosen about it: how it is drawn only where shapes are."""
    lines = maps.communes(board)
    shapes = drawings.shapes(line.place.area for line in lines) if lines else None
    groups = [tables.choices(_("Màu theo"), "mau", Measure, measure, kept)]
    if shapes is None:
        return {"map": maps.tile_map(lines, measure), "map_groups": groups}
    groups.append(tables.choices(_("Cách vẽ"), "ve", Drawing, drawing, kept))
    if drawing == Drawing.TILES:
        return {"map": maps.tile_map(lines, measure), "map_groups": groups}
    return {"map": maps.shape_map(lines, measure, shapes), "map_groups": groups}


def _place(request: SenRequest, code: str, now: dt.datetime) -> HttpResponse:
    term = chosen(request, "ky", Term.YEAR)
    found, board = reads.place_board(request.actor, code, term=term, now=now)
    [line] = board.lines
    kind = _kind(request) or (services.Kind.LATE if line.sum.late else services.Kind.OPEN)
    here = tables.href_of(found)
    kept = {"ky": term.value, "loai": kind.value}
    seen = scope.scope(request.actor, on=clock.day(now)).places
    return http.render(
        request,
        "operations/place.html",
        {
            **_common(board, now, tables.terms(term, here, kept)),
            **_rows(request, found.members, kind, now, found),
            "name": line.name,
            "crumbs": _crumbs() if len(seen) > 1 else [],
            "numbers": tables.numbers(line.sum, here, kind),
            "list_title": tables.label_of(kind),
            "lying": tables.lying(reads.loads(found, now=now), found, now),
            "lying_columns": tables.lying_columns(),
        },
    )


def _rows(
    request: SenRequest,
    units: tuple[UUID, ...],
    kind: services.Kind,
    now: dt.datetime,
    place: Place | None = None,
) -> dict[str, Any]:
    """Return a page of open dossiers, with the ways to the next one and to the spreadsheet."""
    after = reads.read_cursor(request.GET.get("sau", ""))
    found = reads.dossiers(request.actor, units, kind=kind, now=now, after=after, limit=PAGE + 1)
    more = reads.cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    query = urlencode({"loai": kind.value, "o": place.code if place else ""})
    return {
        "dossiers": tables.dossier_rows(found[:PAGE], reads.language(), now, place),
        "dossier_columns": tables.dossier_columns(has_unit=place is None),
        "has_unit": place is None,
        "next_href": paging.href(request, {"sau": more}) + "#ho-so" if more else "",
        "first_href": paging.href(request, {"sau": ""}) + "#ho-so" if after else "",
        "dossiers_csv_href": f"{reverse('operations:dossiers-csv')}?{query}",
    }


def _common(board: Board, now: dt.datetime, terms: FilterGroup) -> dict[str, Any]:
    """Return what the board and a place show alike."""
    return {
        "headline": tables.headline(board, now),
        "over": tables.at(now),
        "is_late": bool(board.total.late),
        "flow": tables.flow(board.total),
        "days": board.days,
        "terms": [terms],
        "bars": tables.bars(board.months),
        "month_columns": tables.month_columns(),
        "told": telling.told(),
    }


def _crumbs() -> list[Link]:
    return [Link(label=_("Điều hành"), href=reverse("operations:home"))]


def _kind(request: SenRequest) -> services.Kind | None:
    wanted = request.GET.get("loai", "")
    return services.Kind(wanted) if wanted in list(services.Kind) else None


def _sheet(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=sheets.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def chosen(request: SenRequest, name: str, default: Choice) -> Choice:
    """Return what the address chooses, the default where it says nothing that is known."""
    kind = type(default)
    wanted = request.GET.get(name, "")
    return kind(wanted) if wanted in kind.values else default

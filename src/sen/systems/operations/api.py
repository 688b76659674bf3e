"""The API of the board: what is late and who holds it, for whoever may see the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from sen.base import clock
from sen.kernel.access import public as access
from sen.kernel.figures import public as figures
from sen.systems.operations import permissions, schemas
from sen.systems.operations.choices import Term
from sen.systems.operations.queries import board as reads
from sen.systems.operations.queries import scope
from sen.systems.public_services import public as services
from sen.web import api

router = Router(tags=["operations"])
READ = "operations:read"


@router.get(
    "/operations/figures",
    response=list[schemas.FigureOut],
    operation_id="figures_list",
    auth=api.needs(READ),
)
def figures_list(request: HttpRequest) -> Any:
    """Mọi số liệu đã khai báo và cách đếm từng số."""
    access.check(api.actor(request), permissions.BOARD.name)
    return [schemas.figure_out(one) for _code, one in sorted(figures.figures().items())]


@router.get(
    "/operations/board",
    response=schemas.BoardOut,
    operation_id="board_get",
    auth=api.needs(READ),
)
def board_get(request: HttpRequest, term: Term = Term.YEAR) -> Any:
    """Mọi đơn vị trong phạm vi điều hành, đơn vị cần hỏi trước đứng đầu."""
    board = reads.board(api.actor(request), term=term, now=clock.now())
    return schemas.board_out(board)


@router.get(
    "/operations/places/{code}",
    response=schemas.PlaceBoardOut,
    operation_id="places_get",
    auth=api.needs(READ),
)
def places_get(request: HttpRequest, code: str, term: Term = Term.YEAR) -> Any:
    """Một đơn vị: số liệu, việc đang ở đâu, xu hướng."""
    now = clock.now()
    place, board = reads.place_board(api.actor(request), code, term=term, now=now)
    return schemas.place_board_out(board, reads.loads(place, now=now))


@router.get(
    "/operations/dossiers",
    response=schemas.OpenDossierPage,
    operation_id="open_dossiers_list",
    auth=api.needs(READ),
)
def open_dossiers_list(
    request: HttpRequest,
    kind: services.Kind = services.Kind.LATE,
    place: str = "",
    cursor: str = "",
    limit: api.Limit = 50,
) -> Any:
    """Hồ sơ chưa giải quyết xong, ngày hẹn sớm nhất trước; không có dữ liệu cá nhân."""
    now, actor = clock.now(), api.actor(request)
    seen = scope.scope(actor, on=clock.day(now))
    units = scope.place(actor, place, on=clock.day(now)).members if place else tuple(seen.seen)
    after = reads.read_cursor(cursor)
    found = reads.dossiers(actor, units, kind=kind, now=now, after=after, limit=limit + 1)
    return {
        "items": [schemas.dossier_out(one, reads.language()) for one in found[:limit]],
        "next": reads.cursor(found[limit - 1]) if len(found) > limit else None,
    }

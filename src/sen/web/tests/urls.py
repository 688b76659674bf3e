"""The addresses the tests of this package visit: the frame's own and a few that fail."""

from __future__ import annotations

import datetime as dt

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from ninja import NinjaAPI, Schema

from sen.base import clock
from sen.base.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, VersionConflict
from sen.web import api, http

api_v1 = NinjaAPI(urls_namespace="web_tests", auth=[api.Bearer(), api.Browser()])
api.install(api_v1)
WHEN = dt.datetime(2026, 11, 21, 9, 5, tzinfo=clock.ZONE)


class NumberIn(Schema):
    """What the tests send."""

    number: int
    on: dt.date | None = None


class NumberOut(Schema):
    """What they get."""

    number: int


done: list[int] = []


@api_v1.post("/numbers", auth=None)
def numbers(request: HttpRequest, body: NumberIn) -> HttpResponse:
    return api.once(request, lambda: _add(body.number), status=201)


def _add(number: int) -> NumberOut:
    if number < 0:
        raise Invalid("Số âm.", fields={"number": ["Phải từ 0 trở lên."]})
    done.append(number)
    return NumberOut(number=len(done))


@api_v1.get("/mine")
def mine(request: HttpRequest) -> dict[str, bool]:
    return {"is_anonymous": api.actor(request).is_anonymous}


@api_v1.get("/pages", response=api.Page[int], auth=None)
def pages(request: HttpRequest, cursor: str = "", limit: int = 2) -> dict[str, object]:
    after = api.paging.decode(cursor, keys=1)
    start = int(after[0]) + 1 if after else 0
    return api.page(list(range(start, 5))[: limit + 1], limit=limit, key=lambda row: row)


@api_v1.get("/failures/{name}", auth=None)
def failure(request: HttpRequest, name: str) -> None:
    raise FAILURES[name]


FAILURES = {
    "conflict": VersionConflict(who="Lê Thị Hà", what="tiếp nhận hồ sơ", when=WHEN),
    "standing": Conflict("Bạn đã có 20 hồ sơ nháp."),
    "not_found": NotFound(),
    "not_allowed": NotAllowed(),
    "too_many": TooMany(),
    "invalid": Invalid(fields={"full_name": ["Vui lòng nhập họ tên."]}),
}


def refused(request: HttpRequest, name: str) -> HttpResponse:
    return http.refuse(request, FAILURES[name], back="/ui/")


def act(request: HttpRequest) -> HttpResponse:
    return http.once(request, lambda: f"/sau/{_add(int(request.POST['number'])).number}/")


def raises(request: HttpRequest) -> HttpResponse:
    raise NotFound


def record(request: HttpRequest, code: str) -> HttpResponse:
    return JsonResponse(structlog.contextvars.get_contextvars())


urlpatterns = [
    path("records/<str:code>/", record),
    path("raises/", raises),
    path("", include("sen.web.urls")),
    path("api/v1/", api_v1.urls),
    path("refused/<slug:name>/", refused),
    path("act/", act),
]

"""The addresses that the account pages' own tests need: theirs, and the frame's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def front(request: HttpRequest) -> HttpResponse:
    """Stand in for the front page."""
    return HttpResponse(str(request.actor.account))  # type: ignore[attr-defined]  # by the middleware


urlpatterns = [
    path("", front),
    path("viec/", front),
    path("", include("sen.web.urls")),
    path("", include("sen.systems.account.urls")),
]

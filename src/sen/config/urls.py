"""The addresses of the whole: each system's own, found by its manifest."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("sen.web.urls")),
]

"""The addresses of the whole: the frame's, and each system's as its manifest gives them."""

from __future__ import annotations

from django.urls import include, path

from sen.config.api import api
from sen.config.frame import frame_of
from sen.kernel.manifest import public as manifest
from sen.web import openapi
from sen.web.frame import register_provider

register_provider(frame_of)

urlpatterns = [
    path("api/v1/", openapi.addresses(api)),
    path("", include("sen.web.urls")),
    *manifest.url_patterns(),
]

handler500 = "sen.web.views.failure"

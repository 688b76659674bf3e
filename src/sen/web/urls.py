"""Addresses of the frame itself."""

from __future__ import annotations

from django.urls import path

from sen.web import files, robots, views

app_name = "web"
urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path(".well-known/security.txt", robots.security, name="security"),
    path("ngon-ngu/", views.language, name="language"),
    path("giao-dien/", views.theme, name="theme"),
    path("tep/<uuid:file_id>/", files.download, name="file"),
    path("ui/", views.catalogue, name="ui"),
    path("ui/<slug:part>/", views.catalogue, name="ui-part"),
]

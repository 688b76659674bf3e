"""Addresses of this system."""

from __future__ import annotations

from django.urls import path

from sen.systems.operations import views

app_name = "operations"
urlpatterns = [
    path("dieu-hanh/", views.home, name="home"),
]

"""Addresses of the registries."""

from __future__ import annotations

from django.urls import path

from sen.systems.registries import views

app_name = "registries"
urlpatterns = [
    path("tai-khoan/tra-cuu/", views.mine, name="mine"),
    path("quan-tri/tra-cuu/", views.searched, name="search"),
]

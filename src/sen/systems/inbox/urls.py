"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import path

from sen.systems.inbox import views

app_name = "inbox"
urlpatterns = [
    path("tim/", views.search, name="search"),
    path("viec/", views.tasks, name="tasks"),
    path("viec/<uuid:task>/nhan/", views.claim, name="claim"),
    path("viec/<uuid:task>/tra/", views.release, name="release"),
    path("thong-bao/", views.news, name="notifications"),
    path("thong-bao/da-doc/", views.read, name="read"),
]

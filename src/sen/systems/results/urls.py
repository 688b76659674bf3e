"""Addresses of the results store."""

from __future__ import annotations

from django.urls import path

from sen.systems.results import views

app_name = "results"
urlpatterns = [
    path("giay-to/", views.mine, name="mine"),
    path("giay-to/<str:key>/", views.result, name="result"),
    path("giay-to/<str:key>/thu-hoi/", views.revoke, name="revoke"),
    path("xac-minh/", views.verify, name="verify"),
    path("xac-minh/<str:key>/", views.verify_key, name="verify-key"),
]

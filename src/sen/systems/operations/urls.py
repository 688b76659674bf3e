"""Addresses of the board."""

from __future__ import annotations

from django.urls import path

from sen.systems.operations.views import board

app_name = "operations"
urlpatterns = [
    path("dieu-hanh/", board.home, name="home"),
    path("dieu-hanh/so-lieu.csv", board.figures_csv, name="figures-csv"),
    path("dieu-hanh/ho-so.csv", board.dossiers_csv, name="dossiers-csv"),
    path("dieu-hanh/ho-so/", board.dossiers, name="dossiers"),
    path("dieu-hanh/don-vi/<str:code>/", board.place, name="place"),
]

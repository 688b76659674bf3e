"""Addresses of the public services: the portal's, the citizen's, the desk's."""

from __future__ import annotations

from django.urls import path

from sen.systems.public_services.views import (
    catalogue,
    dossiers,
    filing,
    first_run,
    life_events,
    looked_up,
    portal,
    procedures,
    search,
)
from sen.web import converters  # noqa: F401 - makes `<b32:…>` known

app_name = "public_services"
_VERSION = "quan-tri/thu-tuc/<str:code>/phien-ban/<int:number>/"
urlpatterns = [
    path("", portal.home, name="home"),
    path("thu-tuc/", search.search, name="search"),
    path("thu-tuc/goi-y/", search.suggest, name="suggest"),
    path("thu-tuc/<str:code>/", procedures.procedure, name="procedure"),
    path("thu-tuc/<str:code>/nop/", filing.start, name="start"),
    path("su-kien/", life_events.listed, name="life-events"),
    path("su-kien/<slug:slug>/", life_events.guide, name="life-event"),
    path("sitemap.xml", procedures.sitemap, name="sitemap"),
    path("ban-nhap/<b32:draft>/", filing.review, name="review"),
    path("ban-nhap/<b32:draft>/giay-to/", filing.papers, name="draft-papers"),
    path("ban-nhap/<b32:draft>/xoa/", filing.discard, name="discard"),
    path("ban-nhap/<b32:draft>/trang/<slug:page>/", filing.page, name="draft-page"),
    path("ho-so/", dossiers.my_dossiers, name="my-dossiers"),
    path("ho-so/<str:code>/", dossiers.dossier, name="dossier"),
    path("ho-so/<str:code>/tra-cuu/", looked_up.lookups, name="lookups"),
    path("ho-so/<str:code>/xem-truoc/", dossiers.preview, name="preview"),
    path("ho-so/<str:code>/viec/<slug:act>/", dossiers.act, name="act"),
    path("mot-cua/ho-so/", dossiers.unit_dossiers, name="unit-dossiers"),
    path("mot-cua/nhan/", filing.counter, name="counter"),
    path("quan-tri/su-kien/", life_events.edit_list, name="edit-life-events"),
    path("quan-tri/su-kien/<slug:slug>/", life_events.edit, name="edit-life-event"),
    path("quan-tri/cai-dat/thu-tuc/", first_run.procedures, name="first-run-procedures"),
    path("quan-tri/cai-dat/chung-thu-so/", first_run.certificates, name="first-run-certificates"),
    path("quan-tri/thu-tuc/", catalogue.listed, name="catalogue"),
    path("quan-tri/thu-tuc/<str:code>/", catalogue.procedure, name="catalogue-procedure"),
    path("quan-tri/thu-tuc/<str:code>/ma-cu/", catalogue.alias, name="catalogue-alias"),
    path("quan-tri/thu-tuc/<str:code>/nhan-ho-so/", catalogue.switch, name="catalogue-switch"),
    path(f"{_VERSION}", catalogue.version, name="catalogue-version"),
    path(f"{_VERSION}ban-hanh/", catalogue.publish, name="catalogue-publish"),
    path(f"{_VERSION}bo/", catalogue.discard, name="catalogue-discard"),
    path("tra-cuu/", portal.look_up, name="look-up"),
    path("tra-cuu/<str:secret>/", portal.follow, name="follow"),
]

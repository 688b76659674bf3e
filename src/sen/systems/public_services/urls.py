"""Addresses of the public services: the portal's, the citizen's, the desk's."""

from __future__ import annotations

from django.urls import path

from sen.systems.public_services.views import catalogue, dossiers, filing, portal
from sen.web import converters  # noqa: F401 - makes `<b32:…>` known

app_name = "public_services"
_VERSION = "quan-tri/thu-tuc/<str:code>/phien-ban/<int:number>/"
urlpatterns = [
    path("", portal.home, name="home"),
    path("thu-tuc/<str:code>/", portal.procedure, name="procedure"),
    path("thu-tuc/<str:code>/nop/", filing.start, name="start"),
    path("ban-nhap/<b32:draft>/", filing.review, name="review"),
    path("ban-nhap/<b32:draft>/giay-to/", filing.papers, name="draft-papers"),
    path("ban-nhap/<b32:draft>/xoa/", filing.discard, name="discard"),
    path("ban-nhap/<b32:draft>/trang/<slug:page>/", filing.page, name="draft-page"),
    path("ho-so/", dossiers.my_dossiers, name="my-dossiers"),
    path("ho-so/<str:code>/", dossiers.dossier, name="dossier"),
    path("ho-so/<str:code>/xem-truoc/", dossiers.preview, name="preview"),
    path("ho-so/<str:code>/viec/<slug:act>/", dossiers.act, name="act"),
    path("mot-cua/ho-so/", dossiers.unit_dossiers, name="unit-dossiers"),
    path("mot-cua/nhan/", filing.counter, name="counter"),
    path("quan-tri/thu-tuc/", catalogue.listed, name="catalogue"),
    path("quan-tri/thu-tuc/<str:code>/", catalogue.procedure, name="catalogue-procedure"),
    path("quan-tri/thu-tuc/<str:code>/nhan-ho-so/", catalogue.switch, name="catalogue-switch"),
    path(f"{_VERSION}", catalogue.version, name="catalogue-version"),
    path(f"{_VERSION}ban-hanh/", catalogue.publish, name="catalogue-publish"),
    path(f"{_VERSION}bo/", catalogue.discard, name="catalogue-discard"),
    path("tra-cuu/", portal.look_up, name="look-up"),
    path("tra-cuu/<str:secret>/", portal.follow, name="follow"),
]

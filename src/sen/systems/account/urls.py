"""Addresses of the account pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from sen.systems.account import views

app_name = "account"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign-in"),
    path("dang-nhap/cong-dan/", views.citizen, name="citizen"),
    path("dang-nhap/dinh-danh/", views.identified, name="identified"),
    path("dang-nhap/can-bo/", views.official, name="official"),
    path("dang-nhap/ma-xac-thuc/", views.code, name="code"),
    path("dang-nhap/mat-khau-moi/", views.new_password, name="new-password"),
    path("dang-nhap/cai-xac-thuc/", views.enrol, name="enrol"),
    path("dang-xuat/", views.sign_out, name="sign-out"),
    path("tai-khoan/", views.profile, name="profile"),
    path("tai-khoan/thiet-bi/", views.sessions, name="sessions"),
    path("tai-khoan/chuc-vu/", views.switch_position, name="switch-position"),
    path("tai-khoan/dai-dien/", views.switch_representation, name="switch-representation"),
    path("tai-khoan/mat-khau/", views.password, name="password"),
    *([path("demo/", views.demo, name="demo")] if settings.DEMO else []),
]

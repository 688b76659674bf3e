"""Addresses of the account pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from sen.systems.account.views import own, security, signing_in

app_name = "account"
urlpatterns = [
    path("dang-nhap/", signing_in.sign_in, name="sign-in"),
    path("dang-nhap/cong-dan/", signing_in.citizen, name="citizen"),
    path("dang-nhap/dinh-danh/", signing_in.identified, name="identified"),
    path("dang-nhap/can-bo/", signing_in.official, name="official"),
    path("dang-nhap/ma-xac-thuc/", signing_in.code, name="code"),
    path("dang-nhap/ma-du-phong/", signing_in.recovery_code, name="recovery-code"),
    path("dang-nhap/khoa/", signing_in.passkey, name="passkey"),
    path("dang-nhap/khoa/hoi/", signing_in.passkey_asked, name="passkey-asked"),
    path("dang-nhap/mat-khau-moi/", signing_in.new_password, name="new-password"),
    path("dang-nhap/cai-xac-thuc/", signing_in.enrol, name="enrol"),
    path("dang-xuat/", signing_in.sign_out, name="sign-out"),
    path("tai-khoan/", own.profile, name="profile"),
    path("tai-khoan/thiet-bi/", own.sessions, name="sessions"),
    path("tai-khoan/chuc-vu/", own.switch_position, name="switch-position"),
    path("tai-khoan/dai-dien/", own.switch_representation, name="switch-representation"),
    path("tai-khoan/mat-khau/", own.password, name="password"),
    path("tai-khoan/bao-mat/", security.security, name="security"),
    path("tai-khoan/bao-mat/khoa/", security.add_passkey, name="passkey-add"),
    path("tai-khoan/bao-mat/khoa/hoi/", security.passkey_asked, name="passkey-add-asked"),
    path("tai-khoan/bao-mat/khoa/<int:passkey>/", security.rename_passkey, name="passkey-rename"),
    path(
        "tai-khoan/bao-mat/khoa/<int:passkey>/go/", security.remove_passkey, name="passkey-remove"
    ),
    path("tai-khoan/bao-mat/ma-du-phong/", security.recovery_codes, name="recovery-codes"),
    path("tai-khoan/bao-mat/ung-dung/", security.replace_app, name="replace-app"),
    *([path("demo/", signing_in.demo, name="demo")] if settings.DEMO else []),
]

"""What is outside the installation, as the environment names it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _


class Outside(NamedTuple):
    """Something outside: its address where the environment holds one, else empty."""

    title: str
    variables: Sequence[str]
    address: str
    without: str


def outside() -> list[Outside]:
    """Return everything outside that the environment can name."""
    mail = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if settings.EMAIL_HOST else ""
    return [
        Outside(
            _("Địa chỉ công khai (https)"),
            ("SEN_PUBLIC_URL", "SEN_HOSTS", "SEN_TRUSTED_PROXIES"),
            settings.PUBLIC_URL if settings.SECURE else "",
            _("Mã QR và thư dẫn tới địa chỉ chỉ mở được trên máy này; không dùng với dân."),
        ),
        Outside(
            _("Định danh điện tử (VNeID)"),
            (
                "SEN_NATIONAL_IDENTITY_URL",
                "SEN_NATIONAL_IDENTITY_CLIENT",
                "SEN_NATIONAL_IDENTITY_SECRET",
            ),
            settings.NATIONAL_IDENTITY_URL,
            _("Công dân chưa đăng nhập được; hồ sơ chỉ nhận tại quầy."),
        ),
        Outside(
            _("Thư điện tử"),
            ("SEN_MAIL_HOST", "SEN_MAIL_PORT", "SEN_MAIL_USER", "SEN_MAIL_PASSWORD"),
            mail,
            _("Không gửi thư; thông báo chỉ hiện trong trang."),
        ),
        Outside(
            _("Tin nhắn SMS"),
            ("SEN_SMS_URL", "SEN_SMS_TOKEN"),
            settings.SMS_URL,
            _("Không gửi tin nhắn cho người nộp tại quầy."),
        ),
        Outside(
            _("Dấu thời gian của nhật ký (RFC 3161)"),
            ("SEN_TSA_URL",),
            settings.TSA_URL,
            _("Nhật ký vẫn niêm phong, nhưng không có mốc thời gian của bên thứ ba."),
        ),
        *_registries(),
    ]


def _registries() -> list[Outside]:
    titles = {
        "population": _("CSDL quốc gia về dân cư"),
        "civil_status": _("CSDL hộ tịch điện tử"),
        "birth_notes": _("Hệ thống giấy chứng sinh điện tử"),
        "enterprises": _("CSDL quốc gia về đăng ký doanh nghiệp"),
        "land": _("CSDL quốc gia về đất đai"),
        "education": _("CSDL quốc gia về giáo dục và đào tạo"),
        "poverty": _("CSDL hộ nghèo, hộ cận nghèo"),
        "social_insurance": _("CSDL quốc gia về bảo hiểm"),
        "social_security": _("Tài khoản an sinh xã hội"),
    }
    without = _("Người dân phải khai và nộp giấy những gì cơ sở này đã có.")
    return [
        Outside(
            title,
            (f"SEN_{name.upper()}_URL", "SEN_REGISTRIES_ACCOUNT", "SEN_REGISTRIES_SECRET"),
            settings.REGISTRIES.get(name, ""),
            without,
        )
        for name, title in titles.items()
    ]

"""Invented values for the catalogue of components; nothing else may use them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import segno
from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sen.base import clock
from sen.web.data import (
    Column,
    Entry,
    Fact,
    FieldFault,
    FilterGroup,
    KeptFile,
    Link,
    Option,
    Paper,
    Question,
    Step,
    UploadUrls,
)
from sen.web.frame import Frame, Places

_AT = dt.datetime(2026, 11, 21, 12, 3, tzinfo=clock.ZONE)


class SampleForm(forms.Form):
    """A Django form, to show how `form_field` draws one."""

    login = forms.CharField(label=gettext_lazy("Tên đăng nhập"))
    code = forms.CharField(
        label=gettext_lazy("Mã xác thực"),
        max_length=6,
        help_text=gettext_lazy("6 chữ số trong ứng dụng xác thực"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Nhận thông báo qua"),
        choices=[("sms", gettext_lazy("Tin nhắn")), ("email", gettext_lazy("Thư điện tử"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("Ghi chú"), required=False, widget=forms.Textarea)
    remember = forms.BooleanField(label=gettext_lazy("Nhớ thiết bị này"), required=False)


def frame(*, is_official: bool, language: str, theme: Any) -> Frame:
    """Return the frame of an invented citizen or official."""
    return Frame(
        province_name=_("Tỉnh Nghệ An"),
        site_name=_("Điều hành") if is_official else _("Dịch vụ công"),
        menu=_official_menu() if is_official else _citizen_menu(),
        account_label="Nguyễn Thị Ánh Tuyết",
        account_links=(
            Link(label=_("Thông tin của tôi"), href="#", icon="user"),
            Link(label=_("Bảo mật và đăng nhập"), href="#", icon="lock"),
        ),
        unit_label=_("UBND xã Kim Liên") if is_official else "",
        positions=_positions() if is_official else (),
        unread=3,
        is_demo=True,
        language=language,
        theme=theme,
        places=Places(
            sign_in="#", sign_out="#", notifications="#", search="#", switch_position="#", demo="#"
        ),
        footer=(
            Link(label=_("Liên hệ"), href="#"),
            Link(label=_("Căn cứ pháp lý"), href="#"),
            Link(label=_("Khả năng tiếp cận"), href="#"),
            Link(label=_("Bảo vệ dữ liệu cá nhân"), href="#"),
        ),
        contact=_("Tổng đài 1022, cả ngày lẫn đêm"),
    )


def _citizen_menu() -> tuple[Link, ...]:
    return (
        Link(label=_("Thủ tục"), href="#", icon="list-check", is_current=True),
        Link(label=_("Hồ sơ của tôi"), href="#", icon="folder"),
        Link(label=_("Kết quả đã cấp"), href="#", icon="file-certificate"),
        Link(label=_("Tra cứu"), href="#", icon="search"),
    )


def _official_menu() -> tuple[Link, ...]:
    return (
        Link(label=_("Việc của tôi"), href="#", icon="inbox", count=12, is_current=True),
        Link(label=_("Tiếp nhận"), href="#", icon="clipboard-text"),
        Link(label=_("Hồ sơ"), href="#", icon="folder"),
        Link(label=_("Kết quả"), href="#", icon="file-certificate"),
        Link(label=_("Sổ đăng ký"), href="#", icon="notes"),
        Link(label=_("Số liệu"), href="#", icon="chart-bar"),
        Link(label=_("Quản trị"), href="#", icon="settings"),
    )


def _positions() -> tuple[Link, ...]:
    return (
        Link(
            label=_("UBND xã Kim Liên"),
            hint=_("Công chức tư pháp – hộ tịch"),
            href="1",
            is_current=True,
        ),
        Link(
            label=_("Trung tâm phục vụ hành chính công xã Kim Liên"),
            hint=_("Cán bộ một cửa"),
            href="2",
        ),
    )


def context() -> dict[str, Any]:
    """Return everything the catalogue and its sample pages draw."""
    return {"sample": {**_lists(), **_records(), **_fields()}}


def _lists() -> dict[str, Any]:
    return {
        "crumbs": [
            Link(label=_("Trang chủ"), href="#"),
            Link(label=_("Hồ sơ"), href="#"),
        ],
        "tabs": [
            Link(label=_("Nội dung"), href="#", is_current=True),
            Link(label=_("Giấy tờ"), href="#", count=4),
            Link(label=_("Diễn biến"), href="#"),
        ],
        "filters": [
            FilterGroup(
                label=_("Thời hạn"),
                links=(
                    Link(label=_("Tất cả"), href="#", count=12, is_current=True),
                    Link(label=_("Trễ hạn"), href="#", count=1, icon="alert-triangle"),
                    Link(label=_("Sắp đến hạn"), href="#", count=3, icon="hourglass"),
                    Link(label=_("Tạm dừng"), href="#", count=2, icon="clock-pause"),
                ),
            ),
            FilterGroup(
                label=_("Lĩnh vực"),
                links=(
                    Link(label=_("Hộ tịch"), href="#", is_current=True),
                    Link(label=_("Đất đai"), href="#"),
                    Link(label=_("Chứng thực"), href="#"),
                ),
            ),
        ],
        "steps": [
            Step(label=_("Chọn trường hợp"), state="done", href="#"),
            Step(label=_("Thông tin của trẻ"), state="done", href="#"),
            Step(label=_("Thông tin cha mẹ"), state="current"),
            Step(label=_("Giấy tờ kèm theo")),
            Step(label=_("Kiểm tra và nộp")),
        ],
        "cards": [
            Link(
                label=_("Có con nhỏ"),
                hint=_("Khai sinh, thẻ bảo hiểm y tế, nơi thường trú"),
                href="#",
                icon="users",
            ),
            Link(
                label=_("Nhà và đất"),
                hint=_("Cấp giấy chứng nhận, chuyển nhượng, xây dựng"),
                href="#",
                icon="home",
            ),
            Link(
                label=_("Mở cửa hàng"),
                hint=_("Hộ kinh doanh, an toàn thực phẩm, thuế"),
                href="#",
                icon="building",
            ),
            Link(
                label=_("Hồ sơ đang chờ bạn"),
                hint=_("Bổ sung giấy tờ trước ngày 25/11/2026"),
                href="#",
                icon="clipboard-text",
                count=1,
            ),
        ],
    }


def _records() -> dict[str, Any]:
    return {
        "due": _AT.replace(day=25, hour=17, minute=0),
        "facts": [
            Fact(label=_("Họ và tên"), value="Nguyễn Minh Khôi", href="#"),
            Fact(
                label=_("Ngày sinh"),
                value="12/11/2026",
                href="#",
                note=_("từ Giấy chứng sinh điện tử, 12:03"),
            ),
            Fact(label=_("Nơi cư trú"), value="Xóm 3, xã Kim Liên\nTỉnh Nghệ An", href="#"),
            Fact(label=_("Nhóm máu"), value="", href="#"),
        ],
        "party_facts": [
            Fact(label=_("Số định danh"), value="040 191 ••• •42"),
            Fact(label=_("Điện thoại"), value="0912 ••• 678"),
        ],
        "papers": [
            Paper(
                title=_("Giấy chứng sinh"),
                href="#",
                detail=_("Lấy từ Bộ Y tế"),
                size=182_400,
                signature="valid",
            ),
            Paper(title=_("Giấy chứng nhận kết hôn"), href="#", detail="PDF", size=1_468_006),
            Paper(
                title=_("Văn bản ủy quyền"),
                href="#",
                detail="PDF",
                size=96_000,
                signature="unknown",
            ),
            Paper(
                title=_("Giấy khai sinh (bản cũ)"),
                href="#",
                detail="PDF",
                size=84_000,
                signature="invalid",
            ),
            Paper(title=_("Giấy xác nhận nơi cư trú"), is_required=True),
            Paper(title=_("Ảnh của trẻ")),
        ],
        "entries": [
            Entry(
                title=_("Đã ký quyết định"),
                at=_AT.replace(day=23, hour=9, minute=12),
                who="Trần Văn Hùng, Chủ tịch UBND xã",
                tone="done",
                icon="signature",
            ),
            Entry(
                title=_("Đề nghị bổ sung giấy tờ"),
                at=_AT.replace(day=22, hour=14, minute=40),
                who="Lê Thị Hà",
                text=_("Ảnh chụp Giấy chứng nhận kết hôn bị mờ ở số đăng ký."),
                tone="soon",
                icon="message-circle",
            ),
            Entry(title=_("Tiếp nhận hồ sơ"), at=_AT, who="Lê Thị Hà", icon="clipboard-text"),
            Entry(title=_("Nộp hồ sơ trực tuyến"), at=_AT.replace(hour=7, minute=55)),
        ],
        "columns": [
            Column(label=_("Hồ sơ")),
            Column(label=_("Việc cần làm")),
            Column(label=_("Thời hạn")),
            Column(label=_("Lệ phí"), is_number=True),
        ],
        "qr": mark_safe(  # noqa: S308 - drawn by segno from our own text
            segno.make("https://example.invalid/tra-cuu/", error="m").svg_inline(
                border=0, omitsize=True
            )
        ),
    }


def _fields() -> dict[str, Any]:
    return {
        "sexes": [
            Option(value="female", label=_("Nữ")),
            Option(value="male", label=_("Nam")),
        ],
        "cases": [
            Option(
                value="married",
                label=_("Cha mẹ có đăng ký kết hôn"),
                hint=_("Không cần nộp Giấy chứng nhận kết hôn nếu đã có trong dữ liệu"),
            ),
            Option(value="single", label=_("Chưa xác định được cha")),
            Option(value="abroad", label=_("Trẻ sinh ra ở nước ngoài")),
        ],
        "areas": _areas(),
        "faults": [
            FieldFault(field="id_national_number_bad", message=_("Số định danh phải có 12 chữ số")),
            FieldFault(field="id_birth_bad", message=_("Ngày 31/02/2026 không có trong lịch")),
        ],
        "kept": [
            KeptFile(id="1", name="giay-chung-nhan-ket-hon.pdf", size=1_468_006, href="#"),
        ],
        "chosen": ["married"],
        "questions": _questions(),
        "urls": UploadUrls(begin="#", append="#{id}", finish="#{id}"),
    }


def _questions() -> list[Question]:
    common = {
        "hint": "",
        "error": "",
        "provenance": "",
        "is_required": True,
        "kept": [],
        "kind": "text",
    }
    yes_no = [Option(value="yes", label=_("Có")), Option(value="no", label=_("Không"))]

    def question(key: str, drawn_as: str, label: str, **more: Any) -> Question:
        shown = {name: more.pop(name) for name in ("show_if", "is_shown") if name in more}
        attributes = {**common, "name": key, "label": label, **more}
        return Question(key=key, kind=drawn_as, type=drawn_as, attributes=attributes, **shown)

    married = question(
        "is_married", "choice", _("Cha mẹ đã đăng ký kết hôn?"), options=yes_no, is_inline=True
    )
    return [
        question("child_name", "text", _("Tên của trẻ"), width="full"),
        replace(married, type="yes_no"),
        question(
            "married_on",
            "date",
            _("Ngày đăng ký kết hôn"),
            show_if='{"var": "is_married"}',
            is_shown=False,
        ),
        question("form_copies", "number", _("Số bản sao"), unit=_("bản")),
        question("form_note", "textarea", _("Ghi chú"), is_required=False),
        question("form_place", "place", _("Nơi sinh"), line=None),
        question("form_area", "select", _("Nơi nộp"), options=_areas()),
        question("wishes", "checks", _("Cùng làm luôn"), options=yes_no, values=[]),
        question("form_paper", "file", _("Giấy tờ kèm theo")),
    ]


def _areas() -> list[Option]:
    return [
        Option(value="1", label=_("Xã Kim Liên")),
        Option(value="2", label=_("Phường Thành Vinh")),
        Option(value="3", label=_("Xã Con Cuông")),
    ]

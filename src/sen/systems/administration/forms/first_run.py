"""What the forms of a first run take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sen.kernel.organisations import public as organisations
from sen.systems.administration.data import FirstAdministrator
from sen.systems.administration.forms import Form


class BeginForm(Form):
    """A new province and its first administrator."""

    area = forms.ChoiceField(label=_("Tỉnh, thành phố"))
    code = forms.CharField(
        label=_("Mã định danh điện tử của UBND tỉnh"),
        max_length=10,
        help_text=_(
            "Một chữ và hai số theo danh mục quốc gia, ví dụ H41. Mọi mã khác bắt đầu từ mã này."
        ),
    )
    is_code_official = forms.BooleanField(
        label=_("Mã định danh đã được cơ quan có thẩm quyền cấp"), required=False
    )
    full_name = forms.CharField(label=_("Họ, chữ đệm, tên của quản trị viên"), max_length=120)
    national_number = forms.CharField(label=_("Số định danh cá nhân"), max_length=12)
    username = forms.CharField(label=_("Tên đăng nhập"), max_length=64)
    password = forms.CharField(
        label=_("Mật khẩu"),
        widget=forms.PasswordInput,
        help_text=_("Từ 8 ký tự; bước tiếp theo là cài mã xác thực hai lớp."),
    )
    again = forms.CharField(label=_("Nhập lại mật khẩu"), widget=forms.PasswordInput)

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        if isinstance(field, forms.ChoiceField):
            field.choices = areas

    def clean(self) -> dict[str, Any]:
        """Return what was given; the password has to be the same twice."""
        said = super().clean() or {}
        if said.get("password") != said.get("again"):
            self.add_error("again", _("Hai lần nhập chưa giống nhau."))
        return said

    def province(self) -> organisations.NewProvince:
        """Return the province. The form must be valid."""
        said = self.cleaned_data
        return organisations.NewProvince(
            area=said["area"],
            code=said["code"].strip().upper(),
            is_code_official=said["is_code_official"],
        )

    def administrator(self) -> FirstAdministrator:
        """Return the administrator. The form must be valid."""
        names = ("full_name", "national_number", "username", "password")
        return FirstAdministrator(**{name: self.cleaned_data[name].strip() for name in names})


class DepartmentsForm(Form):
    """Which of the usual units there are."""

    units = forms.MultipleChoiceField(
        label=_("Sở, ban, ngành và trung tâm"),
        error_messages={"required": _("Vui lòng chọn ít nhất một đơn vị.")},
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["units"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = units

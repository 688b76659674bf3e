"""What the forms of the administration take."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sen.base.actor import Actor
from sen.base.errors import DomainError
from sen.kernel.access import public as access
from sen.kernel.calendar import public as calendar
from sen.kernel.legal import public as legal
from sen.kernel.organisations import public as organisations
from sen.systems.administration.queries import finding
from sen.web.data import Option
from sen.web.picking import HINT, PickField

LONGEST_TOKEN_DAYS = 365


class Form(forms.Form):
    """A form that can be told what a verb refused."""

    def refused(self, error: DomainError) -> None:
        """Put a verb's faults beside their fields; what belongs to none stands above."""
        for name, said in error.fields.items():
            self.add_error(name if name in self.fields else None, said)
        if not error.fields:
            self.add_error(None, error.message)


class OfficialForm(Form):
    """A new official."""

    full_name = forms.CharField(label=_("Họ, chữ đệm, tên"), max_length=120)
    national_number = forms.CharField(label=_("Số định danh cá nhân"), max_length=12)
    birth_date = forms.DateField(label=_("Ngày sinh"), required=False)
    username = forms.CharField(label=_("Tên đăng nhập"), max_length=64)
    valid_from = forms.DateField(label=_("Giữ vị trí từ ngày"))

    field_order = (
        "full_name", "national_number", "birth_date", "username", "position", "valid_from",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"] = PositionPick(actor=actor, on=on, label=_("Vị trí việc làm"))
        self.order_fields(self.field_order)


def _options(found: Iterable[finding.Found]) -> list[Option]:
    return [Option(value=one.code, label=one.text, hint=one.hint) for one in found]


def _language() -> str:
    return get_language() or "vi"


class PositionPick(PickField):
    """One of the positions of a province, in units whose accounts the actor looks after."""

    def __init__(self, *, actor: Actor, on: dt.date, **kwargs: Any) -> None:
        def find(words: str, limit: int) -> list[Option]:
            return _options(
                finding.find_positions(actor, words, on=on, limit=limit, language=_language())
            )

        def called(code: str) -> str | None:
            return finding.position_called(actor, code, on=on, language=_language())

        suggest = reverse("administration:find", args=["vi-tri"])
        super().__init__(find=find, called=called, suggest=suggest, help_text=HINT, **kwargs)


class UnitPick(PickField):
    """One of the units of a province. without: those that may not be taken."""

    def __init__(self, *, on: dt.date, without: Collection[UUID] = (), **kwargs: Any) -> None:
        def find(words: str, limit: int) -> list[Option]:
            return _options(
                finding.find_units(words, on=on, limit=limit, language=_language(), without=without)
            )

        def called(code: str) -> str | None:
            return finding.unit_called(code, on=on, language=_language(), without=without)

        suggest = reverse("administration:find", args=["don-vi"])
        super().__init__(find=find, called=called, suggest=suggest, help_text=HINT, **kwargs)


class ReasonForm(Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Lý do"), max_length=500)


class TokenForm(Form):
    """A new token."""

    name = forms.CharField(label=_("Dùng cho việc gì"), max_length=120)
    scopes = forms.CharField(
        label=_("Phạm vi"), max_length=300, help_text=_("Cách nhau dấu cách: dossiers:read …")
    )
    days = forms.IntegerField(
        label=_("Số ngày hiệu lực"), min_value=1, max_value=LONGEST_TOKEN_DAYS, initial=90
    )

    def clean_scopes(self) -> list[str]:
        """Return the scopes as a list."""
        return str(self.cleaned_data["scopes"]).split()


class GrantForm(Form):
    """A role for a position."""

    role = forms.ChoiceField(label=_("Vai trò"))
    scope = forms.ChoiceField(
        label=_("Phạm vi đơn vị"),
        choices=[
            (access.Scope.OWN.value, _("Đơn vị của vị trí")),
            (access.Scope.BELOW.value, _("Đơn vị của vị trí và các đơn vị trực thuộc")),
        ],
    )
    valid_from = forms.DateField(label=_("Từ ngày"))
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False)
    reason = forms.CharField(label=_("Lý do"), max_length=500)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = roles


class RoleForm(Form):
    """A role of one's own."""

    code = forms.CharField(
        label=_("Mã vai trò"),
        max_length=64,
        initial="own.",
        help_text=_("Bắt đầu bằng “own.”, ví dụ own.truc_ban; không đổi được sau này."),
    )
    title = forms.CharField(label=_("Tên vai trò"), max_length=120)
    title_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=120, required=False)
    permissions = forms.MultipleChoiceField(
        label=_("Quyền"), error_messages={"required": _("Vui lòng chọn ít nhất một quyền.")}
    )

    def __init__(
        self, *args: Any, rights: list[tuple[str, str]], is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]
        field = self.fields["permissions"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = rights


class KindForm(Form):
    """Every position of a code in units of a kind, and why."""

    kind = forms.ChoiceField(
        label=_("Ở mọi đơn vị loại"), choices=organisations.UnitKind.choices, initial="commune"
    )
    position = forms.ChoiceField(label=_("Vị trí việc làm"))
    reason = forms.CharField(label=_("Lý do"), max_length=500)

    def __init__(self, *args: Any, positions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["position"]
        if isinstance(field, forms.ChoiceField):
            field.choices = positions


class KindGrantForm(KindForm):
    """The role for all of them, from a day."""

    scope = forms.ChoiceField(
        label=_("Phạm vi đơn vị"), choices=[one for one in access.Scope.choices if one[0] != "list"]
    )
    valid_from = forms.DateField(label=_("Từ ngày"))
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False)

    field_order = ("kind", "position", "scope", "valid_from", "valid_to", "reason")


class WhoForm(Form):
    """Which right, in which unit."""

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

        def find(words: str, limit: int) -> list[Option]:
            return _options(finding.find_rights(words, limit=limit))

        self.fields["right"] = PickField(
            find=find,
            called=finding.titles().get,
            suggest=reverse("administration:find", args=["quyen"]),
            label=_("Ai được làm việc gì"),
            help_text=_("Ví dụ: tiếp nhận hồ sơ, ký, phân quyền."),
        )
        self.fields["unit"] = UnitPick(on=on, label=_("Ở đơn vị nào"))


class EndGrantForm(ReasonForm):
    """The last day of a role, and why."""

    last_day = forms.DateField(label=_("Ngày cuối"))

    field_order = ("last_day", "reason")


class ValueForm(Form):
    """What the law sets from a day on."""

    value = forms.CharField(
        label=_("Giá trị mới"),
        widget=forms.Textarea,
        help_text=_("Viết cùng dạng với giá trị đang có."),
    )
    valid_from = forms.DateField(label=_("Hiệu lực từ ngày"))
    source = forms.CharField(
        label=_("Căn cứ"), max_length=300, help_text=_("Số hiệu văn bản, điều, khoản.")
    )
    status = forms.ChoiceField(label=_("Mức độ chắc chắn"), choices=legal.Status.choices)
    note = forms.CharField(label=_("Ghi chú"), max_length=500, required=False)

    def __init__(self, *args: Any, held: object, **kwargs: Any) -> None:
        """held: the value that is there, whose kind the new one is of."""
        super().__init__(*args, **kwargs)
        self._held = held
        if isinstance(held, str | int) and not isinstance(held, bool):
            self.fields["value"].widget = forms.TextInput()
        else:
            self.fields["value"].help_text = _("Viết theo JSON, cùng dạng với giá trị đang có.")

    def clean_value(self) -> object:
        """Return the value that the text writes: a text as it is, a number with or without dots."""
        said = self.cleaned_data["value"].strip()
        if isinstance(self._held, str):
            return said
        if isinstance(self._held, int) and re.fullmatch(r"\d{1,3}([. ,\u00a0]\d{3})+", said):
            said = re.sub(r"\D", "", said)
        try:
            return json.loads(said)
        except ValueError as error:
            raise forms.ValidationError(
                _("Đây không phải là số.")
                if isinstance(self._held, int)
                else _("Đây không phải là JSON.")
            ) from error


class CorrectionForm(ValueForm):
    """What should have been written down, and why it was not."""

    reason = forms.CharField(
        label=_("Nhầm ở đâu"),
        max_length=500,
        help_text=_("Ghi vào lịch sử và nhật ký, bên cạnh giá trị cũ và giá trị mới."),
    )
    uses = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    is_confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    valid_from = None  # type: ignore[assignment]  # the day stays as it was

    field_order = ("value", "source", "status", "note", "reason")

    def correction(self) -> legal.Correction:
        """Return what was entered. The form must be valid."""
        return legal.Correction(**{name: self.cleaned_data[name] for name in self.field_order})

    def confirmed(self) -> int:
        """Return of how many uses the official was told and went on. The form must be valid."""
        return int(self.cleaned_data["uses"]) if self.cleaned_data["is_confirmed"] else 0


class DayForm(Form):
    """A day that differs from its weekday."""

    on = forms.DateField(label=_("Ngày"))
    kind = forms.ChoiceField(label=_("Loại ngày"), choices=calendar.DayKind.choices)
    opens = forms.TimeField(
        label=_("Mở cửa"), required=False, help_text=_("Chỉ ngày làm một phần.")
    )
    closes = forms.TimeField(label=_("Đóng cửa"), required=False)
    title = forms.CharField(label=_("Tên gọi"), max_length=200)
    source = forms.CharField(label=_("Căn cứ"), max_length=300)
    reason = forms.CharField(label=_("Lý do"), max_length=500, required=False)

    def entry(self) -> calendar.DayEntry:
        """Return the day as the calendar takes it. The form must be valid."""
        said = self.cleaned_data
        span = (said["opens"], said["closes"]) if said["opens"] and said["closes"] else None
        return calendar.DayEntry(
            on=said["on"],
            kind=calendar.DayKind(said["kind"]),
            span=span,
            title={"vi": said["title"]},
            source=said["source"],
            standing=calendar.Standing.CONFIRMED,
        )


class ClearForm(ReasonForm):
    """A day to be taken back, and why."""

    on = forms.DateField()


class PostForm(Form):
    """One more position for an official."""

    valid_from = forms.DateField(label=_("Từ ngày"))
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, actor: Actor, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"] = PositionPick(actor=actor, on=on, label=_("Vị trí việc làm"))
        self.order_fields(("position",))


class LastDayForm(Form):
    """The last day of a position held."""

    last_day = forms.DateField(label=_("Ngày cuối giữ vị trí"))


class NameForm(Form):
    """What a unit is called."""

    name = forms.CharField(label=_("Tên đầy đủ"), max_length=200)
    short_name = forms.CharField(
        label=_("Tên ngắn"), max_length=120, help_text=_("Hiện trong danh sách.")
    )
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200, required=False)
    short_name_en = forms.CharField(label=_("Tên ngắn tiếng Anh"), max_length=120, required=False)


class UnitForm(NameForm):
    """A new unit under the one whose page this is."""

    code = forms.CharField(label=_("Mã định danh"), max_length=35, help_text=_("Ví dụ H41.9.12."))
    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=organisations.UnitKind.choices)
    level = forms.ChoiceField(label=_("Cấp"), choices=organisations.Level.choices)
    statistics_code = forms.CharField(
        label=_("Mã đơn vị hành chính"),
        max_length=10,
        required=False,
        help_text=_("Chỉ với đơn vị quản lý một địa bàn."),
    )
    is_code_official = forms.BooleanField(
        label=_("Mã định danh đã được cơ quan có thẩm quyền cấp"), required=False
    )
    valid_from = forms.DateField(label=_("Từ ngày"))
    decision = forms.CharField(label=_("Quyết định"), max_length=200, required=False)

    field_order = (
        "code", "is_code_official", "kind", "level", "name", "short_name", "name_en",
        "short_name_en", "statistics_code", "valid_from", "decision",
    )  # fmt: skip


class RenameForm(NameForm):
    """Another name from a day on."""

    on = forms.DateField(label=_("Từ ngày"))
    decision = forms.CharField(label=_("Quyết định"), max_length=200)


class MoveForm(Form):
    """Another parent from a day on."""

    on = forms.DateField(label=_("Từ ngày"))
    decision = forms.CharField(label=_("Quyết định"), max_length=200)

    def __init__(
        self, *args: Any, today: dt.date, without: Collection[UUID], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = UnitPick(
            on=today, without=without, label=_("Chuyển về đơn vị cấp trên")
        )
        self.order_fields(("parent",))


class MergeForm(Form):
    """Which units end in the one whose page this is."""

    old = forms.MultipleChoiceField(
        label=_("Đơn vị kết thúc, nhập vào đơn vị này"),
        error_messages={"required": _("Vui lòng chọn ít nhất một đơn vị.")},
    )
    on = forms.DateField(label=_("Từ ngày"))
    decision = forms.CharField(label=_("Quyết định"), max_length=200)

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["old"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = others


class PositionForm(Form):
    """A new position in a unit."""

    title = forms.CharField(label=_("Tên vị trí"), max_length=120)
    title_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=120, required=False)
    code = forms.SlugField(
        label=_("Mã vị trí"),
        max_length=60,
        help_text=_("Chữ không dấu, số, gạch dưới; giống nhau ở mọi đơn vị, ví dụ specialist."),
    )
    is_head = forms.BooleanField(label=_("Đứng đầu đơn vị"), required=False)
    valid_from = forms.DateField(label=_("Từ ngày"))


class ClosePositionForm(ReasonForm):
    """The last day of a position itself, and why."""

    last_day = forms.DateField(label=_("Ngày cuối"))

    field_order = ("last_day", "reason")


class StandInForm(Form):
    """Whose holders stand in for a position on some days."""

    position = forms.ChoiceField(label=_("Vị trí vắng mặt"))
    first = forms.DateField(label=_("Từ ngày"))
    last = forms.DateField(label=_("Đến hết ngày"))
    decision = forms.CharField(label=_("Quyết định, văn bản phân công"), max_length=200)

    def __init__(
        self,
        *args: Any,
        positions: list[tuple[str, str]],
        actor: Actor,
        on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["position"]
        if isinstance(field, forms.ChoiceField):
            field.choices = positions
        self.fields["stand_in"] = PositionPick(actor=actor, on=on, label=_("Vị trí thay thế"))
        self.order_fields(("position", "stand_in"))


class TrailForm(Form):
    """What is looked for in the trail."""

    code = forms.CharField(label=_("Mã hồ sơ, mã bản ghi"), max_length=100, required=False)
    account = forms.CharField(label=_("Tên đăng nhập"), max_length=64, required=False)
    first = forms.DateField(label=_("Từ ngày"), required=False)
    last = forms.DateField(label=_("Đến hết ngày"), required=False)


def today_text(day: dt.date) -> str:
    """Return a day as its field shows it."""
    return f"{day:%d/%m/%Y}"

"""What the forms of the catalogue take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sen.base.errors import DomainError, Invalid


class _Form(forms.Form):
    """A form that can be told what a verb refused."""

    def refused(self, error: DomainError) -> bool:
        """Put a verb's faults beside their fields; tell whether that is the way to answer."""
        if not isinstance(error, Invalid):
            return False
        for name, said in error.fields.items():
            self.add_error(name if name in self.fields else None, said)
        if not error.fields:
            self.add_error(None, error.message)
        return True


class ReasonForm(_Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Lý do"), max_length=500)


class DraftForm(_Form):
    """The next version of a procedure: by which decision, from which day on."""

    announcement = forms.CharField(
        label=_("Quyết định công bố"),
        max_length=300,
        help_text=_("Số, ngày, cơ quan ban hành."),
    )
    valid_from = forms.DateField(
        label=_("Áp dụng từ ngày"), help_text=_("Từ hôm nay trở đi, ví dụ 01/01/2027.")
    )


class ConveneForm(_Form):
    """When and where a council meets."""

    meets_on = forms.DateField(label=_("Ngày họp"))
    meets_time = forms.TimeField(label=_("Giờ họp"))
    place = forms.CharField(label=_("Nơi họp"), max_length=500)


class AliasForm(_Form):
    """A former code of a procedure."""

    former = forms.CharField(
        label=_("Mã cũ"), max_length=40, help_text=_("Ví dụ 1.004222, có trên giấy tờ cũ.")
    )


class EventForm(_Form):
    """A new life event: its address and what people call it."""

    title = forms.CharField(label=_("Tên sự kiện"), max_length=120)
    slug = forms.CharField(
        label=_("Địa chỉ"), max_length=60, help_text=_("Chữ thường không dấu, ví dụ sinh-con.")
    )


class ShownForm(_Form):
    """Whether people see a guide, and where it stands among the others."""

    is_shown = forms.BooleanField(label=_("Người dân thấy hướng dẫn này"), required=False)
    position = forms.IntegerField(
        label=_("Thứ tự"), min_value=0, help_text=_("Số nhỏ đứng trước trên trang đầu.")
    )


class GuideForm(_Form):
    """The head of a guide."""

    title_vi = forms.CharField(label=_("Tên sự kiện"), max_length=120)
    title_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=120, required=False)
    summary_vi = forms.CharField(label=_("Tóm tắt"), max_length=300)
    summary_en = forms.CharField(label=_("Tóm tắt tiếng Anh"), max_length=300, required=False)
    words = forms.CharField(
        label=_("Từ người dân hay dùng"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Mỗi dòng một cách gọi; ô tìm kiếm dùng các từ này."),
    )


class StepForm(_Form):
    """A step of a guide; one without any word is left out."""

    place = forms.IntegerField(label=_("Thứ tự"), required=False, min_value=0)
    title_vi = forms.CharField(label=_("Việc cần làm"), max_length=160, required=False)
    title_en = forms.CharField(label=_("Việc cần làm (tiếng Anh)"), max_length=160, required=False)
    text_vi = forms.CharField(
        label=_("Giải thích"), max_length=600, required=False, widget=forms.Textarea
    )
    text_en = forms.CharField(
        label=_("Giải thích (tiếng Anh)"), max_length=600, required=False, widget=forms.Textarea
    )
    procedures = forms.CharField(
        label=_("Mã thủ tục"),
        max_length=300,
        required=False,
        help_text=_("Cách nhau bằng dấu phẩy, ví dụ 1.001193, 2.001023."),
    )
    follows_vi = forms.CharField(label=_("Việc tự động theo sau"), max_length=300, required=False)
    follows_en = forms.CharField(
        label=_("Việc tự động theo sau (tiếng Anh)"), max_length=300, required=False
    )
    deadline_vi = forms.CharField(label=_("Thời hạn theo luật"), max_length=200, required=False)
    deadline_en = forms.CharField(
        label=_("Thời hạn theo luật (tiếng Anh)"), max_length=200, required=False
    )
    source = forms.CharField(
        label=_("Nguồn của thời hạn"),
        max_length=200,
        required=False,
        help_text=_("Văn bản, điều, khoản."),
    )
    is_checked = forms.BooleanField(label=_("Đã đối chiếu văn bản gốc"), required=False)

    def row(self, *, is_open: bool) -> dict[str, Any]:
        """Return the step as the editor's page draws it: closed where there is nothing to do."""
        title = str(self["title_vi"].value() or "")
        return {
            "form": self,
            "title": title or _("Bước mới"),
            "is_open": is_open or bool(self.errors) or not title,
        }

    def says_something(self) -> bool:
        """Tell whether anything was written beside a place."""
        return any(
            self.cleaned_data.get(name)
            for name in self.fields
            if name not in {"place", "is_checked"}
        )


StepForms = forms.formset_factory(StepForm, extra=1, max_num=30)
"""All steps of a guide, and an empty one to go on with."""


def content_of(head: GuideForm, steps: forms.BaseFormSet[StepForm]) -> dict[str, Any]:
    """Return what was typed as the content of a guide; a step without any word is left out."""
    told = head.cleaned_data
    rows = [one.cleaned_data for one in steps if one.cleaned_data and one.says_something()]
    rows.sort(key=lambda row: row.get("place") or 10_000)
    return {
        "title": _localised("title", told),
        "summary": _localised("summary", told),
        "words": [word for line in told["words"].splitlines() if (word := line.strip())],
        "steps": [_typed_step(row) for row in rows],
    }


def _typed_step(row: Mapping[str, Any]) -> dict[str, Any]:
    step: dict[str, Any] = {
        "title": _localised("title", row),
        "text": _localised("text", row),
        "procedures": row["procedures"].replace(",", " ").split(),
    }
    if row["follows_vi"]:
        step["follows"] = _localised("follows", row)
    if row["deadline_vi"]:
        step |= {
            "deadline": _localised("deadline", row),
            "source": row["source"],
            "is_checked": row["is_checked"],
        }
    return step


def _localised(name: str, told: Mapping[str, str]) -> dict[str, str]:
    said = {"vi": told[f"{name}_vi"], "en": told[f"{name}_en"]}
    return {language: value for language, value in said.items() if value or language == "vi"}

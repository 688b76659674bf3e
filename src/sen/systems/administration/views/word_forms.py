"""What the pages of the dictionary take; beside them, for `forms` is as long as it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sen.kernel.search import public as search
from sen.systems.administration.forms import Form, ReasonForm


class WordingForm(Form):
    """A line of the dictionary of the search, and a question to try it with."""

    phrases = forms.CharField(
        label=_("Người dân nói"),
        help_text=_("Mỗi dòng một cách nói, không cần viết hoa."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    means = forms.CharField(
        label=_("Tên thủ tục viết là"),
        help_text=_("Mỗi dòng một cách viết. Để trống cả ô này và ô mã: từ đệm, bỏ qua khi tìm."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    records = forms.CharField(
        label=_("Mã thủ tục"),
        help_text=_("Cách nhau dấu cách; mã đúng nhất đứng trước."),
        max_length=500,
        required=False,
    )
    is_outside = forms.BooleanField(
        label=_("Không phải việc tìm ở đây: ai hỏi thì trả lời là không có"), required=False
    )
    topic = forms.CharField(label=_("Mục"), max_length=120, required=False)
    question = forms.CharField(
        label=_("Câu hỏi để thử"),
        help_text=_("Để trống thì thử bằng cách nói đầu tiên."),
        max_length=200,
        required=False,
    )
    reason = forms.CharField(label=_("Lý do"), max_length=500)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, topics: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].help_text = ", ".join(topics)

    def clean(self) -> dict[str, Any]:
        """Refuse a line that means something and is not kept here at once."""
        said = super().clean() or self.cleaned_data
        if said.get("is_outside") and (said.get("means") or said.get("records")):
            self.add_error("is_outside", _("Đã ghi nghĩa hoặc mã thì không chọn mục này."))
        return said

    def line(self) -> search.Line:
        """Return what was typed as a line of the dictionary."""
        said = self.cleaned_data
        return search.Line(
            phrases=tuple(one for one in said["phrases"].splitlines() if one.strip()),
            means=tuple(said["means"].splitlines()),
            records=tuple(said["records"].split()),
            is_outside=said["is_outside"],
            topic=said["topic"],
        )


class WordingActForm(ReasonForm):
    """Why a line goes out of use or back, and as which it was seen."""

    number = forms.IntegerField(min_value=1)

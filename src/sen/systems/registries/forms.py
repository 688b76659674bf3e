"""What the search of lookups takes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sen.kernel.forms.public import FindingOutcome
from sen.systems.registries.choices import Registry


class SearchForm(forms.Form):
    """Which lookups are looked for."""

    first = forms.DateField(label=_("Từ ngày"), required=False)
    last = forms.DateField(label=_("Đến hết ngày"), required=False)
    registry = forms.ChoiceField(
        label=_("Cơ sở dữ liệu"), required=False, choices=[("", _("Tất cả")), *Registry.choices]
    )
    outcome = forms.ChoiceField(
        label=_("Kết quả"), required=False, choices=[("", _("Tất cả")), *FindingOutcome.choices]
    )
    procedure = forms.CharField(label=_("Mã thủ tục"), max_length=80, required=False)

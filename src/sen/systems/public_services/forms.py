"""What the forms of the catalogue take."""

from __future__ import annotations

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

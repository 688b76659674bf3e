"""A choice among thousands in a Django form: what is typed is found by the server.

Where scripts run, a list opens below what is typed and its code is sent. Without, the words are
sent, and a form that finds several shows them to choose from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sen.web.data import Option

MOST = 12
"""How many are shown to choose from; more ask for more words."""

Find = Callable[[str, int], Sequence[Option]]
"""Finds what words name, at most so many."""


class PickWidget(forms.Widget):
    """Reads the code that was taken and the words that were typed."""

    needs_multipart_form = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:  # noqa: ARG002 - Django's signature
        """Return what was sent: the code and the words."""
        return data.get(name, ""), data.get(f"{name}.text", "").strip()


class PickField(forms.Field):
    """One of many, by its code.

    find: by words. called: what a code stands for, None for one that may not be taken. suggest:
    the address that answers `?q=` with `[{code, text}]`, by the same `find`.
    """

    widget = PickWidget

    def __init__(
        self, *, find: Find, called: Callable[[str], str | None], suggest: str, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.find, self.called, self.suggest = find, called, suggest
        self.found: Sequence[Option] = ()

    def clean(self, value: Any) -> str:
        """Return the code. Raises ValidationError where nothing or more than one is named."""
        code, words = value or ("", "")
        named = self.called(code) if code else None
        if named is not None and words in {"", named}:
            return str(code)
        if not words:
            return self._nothing(code)
        found = self.find(words, MOST + 1)
        exact = [one for one in found if one.label == words]
        if len(found) == 1 or len(exact) == 1:
            return (exact or list(found))[0].value
        if code and any(one.value == code for one in found):
            return str(code)
        raise forms.ValidationError(self._unsure(found))

    def _nothing(self, code: str) -> str:
        if code:
            raise forms.ValidationError(
                _("Mục đã chọn không còn hoặc không thuộc phạm vi của bạn.")
            )
        if self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return ""

    def _unsure(self, found: Sequence[Option]) -> str:
        if not found:
            return _("Không tìm thấy mục nào như vậy. Thử ít từ hơn.")
        if len(found) > MOST:
            return _("Có nhiều mục như vậy. Hãy viết thêm từ, ví dụ tên xã, phường.")
        self.found = found
        return _("Có %(n)d mục như vậy. Hãy chọn một mục.") % {"n": len(found)}


HINT = gettext_lazy("Viết vài từ, có dấu hoặc không dấu, rồi chọn.")
"""How such a field is filled in, where nothing else is said."""


def shown(field: PickField, value: Any) -> Mapping[str, Any]:
    """Return what the component draws for the value of a field: its code, its words, the finds."""
    code, words = value if isinstance(value, tuple) else (str(value or ""), "")
    text = words or (field.called(code) if code else "") or ""
    return {"value": code, "text": text, "found": field.found, "suggest": field.suggest}

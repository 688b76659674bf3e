"""What people fill in: each field with its label, hint, error and, where known, its source.

Common arguments: `name` is what is sent, and `id_<name>` the id of the control. `hint` says how to
answer, `error` what is wrong, `provenance` where a value was taken from. Fields are required
unless `is_required=False`, which adds the word "không bắt buộc"; nothing is marked with a star.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    ClearableFileInput,
    PasswordInput,
    RadioSelect,
    Select,
    Textarea,
)

from sen.web import wording
from sen.web.components.library import component, kept_while_empty
from sen.web.data import FieldFault, KeptFile, Option, Question, UploadUrls
from sen.web.picking import PickField, PickWidget, shown

Width = Literal["full", "long", "medium", "short", "tiny"]
"""How long an answer is expected to be; on a phone all are full but the two shortest."""


def _described(context: dict[str, Any]) -> dict[str, Any]:
    """Add the ids by which a control names its hint, error and source."""
    context["id"] = context.get("id") or f"id_{context['name']}"
    parts = [part for part in ("hint", "error", "provenance") if context.get(part)]
    context["describedby"] = " ".join(f"{context['id']}-{part}" for part in parts)
    return context


@kept_while_empty
def text_field(  # noqa: PLR0913 - the attributes of an input
    *,
    name: str,
    label: str,
    value: str = "",
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    kind: Literal["text", "email", "tel", "search", "password", "code"] = "text",
    width: Width = "full",
    autocomplete: str = "",
    max_length: int | None = None,
    is_readonly: bool = False,
    has_focus: bool = False,
) -> dict[str, Any]:
    """Draw a line of text. kind "code" is for digits that are no amount (a national number)."""
    return _described(locals())


@component
def number_field(  # noqa: PLR0913 - the attributes of an input
    *,
    name: str,
    label: str,
    value: str = "",
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    unit: str = "",
    width: Width = "short",
) -> dict[str, Any]:
    """Draw an amount. unit: what is counted, written behind it ("đồng", "m²").

    The control is text with a numeric keyboard: spinners and scroll wheels change amounts unseen.
    """
    return _described(locals())


@component
def date_field(  # noqa: PLR0913 - the attributes of an input
    *,
    name: str,
    label: str,
    value: str = "",
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    autocomplete: str = "",
    is_readonly: bool = False,
) -> dict[str, Any]:
    """Draw a date to be typed as dd/mm/yyyy; the slashes come by themselves where scripts run."""
    return _described(locals())


@kept_while_empty
def textarea_field(
    *,
    name: str,
    label: str,
    value: str = "",
    hint: str = "",
    error: str = "",
    is_required: bool = True,
    rows: int = 4,
    max_length: int | None = None,
) -> dict[str, Any]:
    """Draw room for several lines."""
    return _described(locals())


@kept_while_empty
def select_field(  # noqa: PLR0913 - the attributes of a select
    *,
    name: str,
    label: str,
    options: Sequence[Option],
    value: str = "",
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    width: Width = "long",
    id: str = "",  # noqa: A002 - the HTML attribute's name
) -> dict[str, Any]:
    """Draw a choice among many (more than seven); fewer are better shown by `choice_field`.

    id: of the control where another form of the page has a field of the same name.
    """
    return _described(locals())


@component
def pick_field(  # noqa: PLR0913 - the attributes of a field and of its list
    *,
    name: str,
    label: str,
    value: str = "",
    text: str = "",
    found: Sequence[Option] = (),
    suggest: str = "",
    hint: str = "",
    error: str = "",
    is_required: bool = True,
    width: Width = "full",
) -> dict[str, Any]:
    """Draw a choice among hundreds or thousands, found by what is typed (see `picking`).

    What is sent: `name` (the code that was taken) and `name.text` (what was typed). suggest: an
    address that answers `?q=` with `[{code, text, hint}]`. found: what the words named, to choose
    from, where they named more than one and no script ran.
    """
    return _described(locals())


@component
def choice_field(  # noqa: PLR0913 - the attributes of a group of radio buttons
    *,
    name: str,
    label: str,
    options: Sequence[Option],
    value: str = "",
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    is_inline: bool = False,
) -> dict[str, Any]:
    """Draw one choice among few, all to be seen. is_inline: side by side (yes and no)."""
    return _described(locals())


@component
def checks_field(
    *,
    name: str,
    label: str,
    options: Sequence[Option],
    values: Sequence[str] = (),
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
) -> dict[str, Any]:
    """Draw several things of which any number may be chosen."""
    return _described(locals())


@component
def place_field(  # noqa: PLR0913 - the attributes of two inputs
    *,
    name: str,
    label: str,
    text: str = "",
    code: str = "",
    line: str | None = None,
    hint: str = "",
    error: str = "",
    provenance: str = "",
    is_required: bool = True,
    suggest: str = "",
) -> dict[str, Any]:
    """Draw a commune and province, and with `line` the house, street or hamlet before it.

    What is sent: `name.text`, `name.code` (where a suggestion was taken) and `name.line`.
    suggest: an address that answers `?q=` with `[{code, text}]`; without scripts the name is
    typed out, and the server finds its code.
    """
    return _described(locals())


@component
def check_field(
    *,
    name: str,
    label: str,
    value: str = "on",
    is_checked: bool = False,
    hint: str = "",
    error: str = "",
) -> dict[str, Any]:
    """Draw one thing to agree to or to switch on."""
    return _described(locals())


@component
def file_field(  # noqa: PLR0913 - the attributes of a file input
    *,
    name: str,
    label: str,
    hint: str = "",
    error: str = "",
    is_required: bool = True,
    accept: str = "",
    is_multiple: bool = False,
    kept: Sequence[KeptFile] = (),
    urls: UploadUrls | None = None,
) -> dict[str, Any]:
    """Draw a place for files.

    urls: where a file goes in pieces while the form is being filled (resumed after a lost
    connection; its id is then sent as `name`). Without scripts, or without urls, the file goes
    with the form. kept: files already there, sent again by their ids.
    """
    context = _described(locals())
    context["kept"] = [(one, wording.file_size(one.size)) for one in kept]
    context["takes_pictures"] = "image/" in accept
    return context


@component
def error_summary(
    *, faults: Sequence[FieldFault], title: str = "", has_focus: bool = True
) -> dict[str, Any]:
    """Draw what is wrong with a form, each fault a link to its field; takes the focus.

    Draws nothing without faults.
    """
    return locals()


@component
def act_fields(*, key: str, version: int | None = None) -> dict[str, Any]:
    """Draw what an act carries unseen: its one-time key and the version it was decided on."""
    return locals()


@component
def form_page(
    *, questions: Sequence[Question], answers: str = "{}", today: str = ""
) -> dict[str, Any]:
    """Draw a page of a form made by `formdraw.drawn`.

    answers: earlier answers that conditions read, as JSON. today: the law's day, ISO. Where
    scripts run, questions appear and go as their conditions say; without, the server shows them
    after the page was sent. The form around it needs `novalidate`: the server words the faults.
    """
    return locals()


def _kind(widget: Any) -> str:
    kinds: list[tuple[type, str]] = [
        (PickWidget, "pick"),
        (CheckboxInput, "check"),
        (RadioSelect, "choice"),
        (Select, "select"),
        (Textarea, "textarea"),
        (ClearableFileInput, "file"),
    ]
    return next((name for kind, name in kinds if isinstance(widget, kind)), "text")


@component
def form_field(*, field: BoundField, width: Width = "full") -> dict[str, Any]:
    """Draw a field of a Django form by the component that fits its widget."""
    widget = field.field.widget
    value = field.value()
    attrs = widget.attrs
    picked = shown(field.field, value) if isinstance(field.field, PickField) else {}
    return _described(
        {
            "kind": _kind(widget),
            "name": field.html_name,
            "label": str(field.label),
            "value": "" if value is None else str(value),
            "hint": str(field.help_text),
            "error": " ".join(str(one) for one in field.errors),
            "is_required": field.field.required,
            "width": width,
            "autocomplete": attrs.get("autocomplete", ""),
            "has_focus": bool(attrs.get("autofocus")),
            "max_length": getattr(field.field, "max_length", None),
            "input_kind": "password"
            if isinstance(widget, PasswordInput)
            else _input(attrs, widget),
            "is_checked": bool(value),
            "options": [
                Option(value=str(key), label=str(label))
                for key, label in getattr(field.field, "choices", ())
            ],
            **picked,
        }
    )


def _input(attrs: dict[str, Any], widget: Any) -> str:
    """Return the text_field kind of an input: digits by their keyboard, else by its type."""
    if attrs.get("inputmode") == "numeric":
        return "code"
    kind = getattr(widget, "input_type", "text")
    return kind if kind in {"email", "tel", "search"} else "text"

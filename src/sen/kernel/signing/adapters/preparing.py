"""Marked places of a PDF made into form fields, before anybody signs.

A template marks where a field belongs by a link whose address names it: `sen-signature:NguoiKy`,
`sen-digits:so?size=14&style=italic&align=right`. The link is no part of the tagged text (an
artifact): a checker that compares revisions wants no other way to a field but the form's.
Nguồn: ISO 32000-2, mục 12.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pyhanko.pdf_utils.generic import DictionaryObject, pdf_string
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec

from sen.kernel.signing.adapters.appearance import FACES, DigitStyle, add_font, empty_form
from sen.kernel.signing.adapters.objects import array, dictionary, entry, name, number, text
from sen.kernel.signing.adapters.revision import Revision
from sen.kernel.signing.data import SEAL_FIELD, NotPrepared

_SIGNATURE, _DIGITS = "sen-signature", "sen-digits"
_ALIGNMENTS = {"left": 0, "center": 1, "right": 2}
_PRINT, _LOCKED = 4, 128
_BOTH_SIGNATURE_FLAGS = 3
MOST_DIGITS = 12


def prepare(data: bytes) -> bytes:
    """Return the file with its marked places made into fields; unchanged if it marks none.

    The seal's field locks every digit field of the file: what is filled in later is protected by
    the seal. Raises NotPrepared for a broken file, a name twice, or a place of no known kind.
    """
    revision = Revision(data)
    marks = list(_marks(revision))
    if not marks:
        return data
    names = [mark.name for mark in marks]
    if len(set(names)) != len(names):
        raise NotPrepared(f"a field stands twice: {names}")
    fonts: dict[str, Any] = {}
    empty = revision.add_object(empty_form())
    digit_names = [mark.name for mark in marks if mark.style is not None]
    for mark in marks:
        if mark.style is None:
            _make_signature_field(revision, mark, digit_names, empty)
        else:
            face = mark.style.face
            if face.font not in fonts:
                fonts[face.font] = add_font(revision, face)
            _make_digit_field(revision, mark, mark.style, empty)
    revision.root[name("AcroForm")] = revision.add_object(
        dictionary(
            {
                "Fields": array(mark.reference for mark in marks),
                "SigFlags": number(_BOTH_SIGNATURE_FLAGS),
                "DR": dictionary({"Font": dictionary(fonts)}),
            }
        )
    )
    revision.update_root()  # type: ignore[no-untyped-call]  # pyHanko's is untyped
    return revision.written()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A place that a template marked for a field; no style means a signature."""

    name: str
    style: DigitStyle | None
    reference: Any
    dictionary: DictionaryObject
    page: Any


def _marks(revision: Revision) -> Iterator[_Mark]:
    for page_reference in _pages(revision.root["/Pages"], revision.root.raw_get("/Pages")):
        for reference in entry(page_reference.get_object(), "/Annots", ()):
            annotation = reference.get_object()
            address = str(entry(entry(annotation, "/A", {}), "/URI", ""))
            if address.startswith((_SIGNATURE + ":", _DIGITS + ":")):
                yield _mark(address, reference, annotation, page_reference)


def _pages(node: DictionaryObject, reference: Any) -> Iterator[Any]:
    if "/Kids" not in node:
        yield reference
        return
    for kid in node["/Kids"]:
        yield from _pages(kid.get_object(), kid)


def _mark(address: str, reference: Any, annotation: DictionaryObject, page: Any) -> _Mark:
    parts = urlsplit(address)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", parts.path):
        raise NotPrepared(f"no name for a field: {address}")
    style = None
    if parts.scheme == _DIGITS:
        asked = dict(parse_qsl(parts.query))
        try:
            style = DigitStyle(
                face=FACES[asked.get("style", "normal")],
                size=float(asked.get("size", "14")),
                align=_ALIGNMENTS[asked.get("align", "left")],
            )
        except (ValueError, KeyError) as problem:
            raise NotPrepared(f"no style for digits: {address}") from problem
    return _Mark(parts.path, style, reference, annotation, page)


def _into_widget(
    revision: Revision, mark: _Mark, entries: Mapping[str, Any], empty: Any, *, flags: int
) -> None:
    widget = mark.dictionary
    for key in ("/A", "/Border", "/Contents"):
        widget.pop(key, None)
    widget.update(
        dictionary(
            {
                "Subtype": name("Widget"),
                "T": text(mark.name),
                "F": number(flags),
                "P": mark.page,
                "AP": dictionary({"N": empty}),
                **entries,
            }
        )
    )
    revision.mark_update(mark.reference)


def _make_signature_field(
    revision: Revision, mark: _Mark, digit_names: list[str], empty: Any
) -> None:
    entries: dict[str, Any] = {"FT": name("Sig")}
    if mark.name == SEAL_FIELD and digit_names:
        lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=digit_names)
        entries["Lock"] = revision.add_object(lock.as_sig_field_lock())
    _into_widget(revision, mark, entries, empty, flags=_PRINT | _LOCKED)


def _make_digit_field(revision: Revision, mark: _Mark, style: DigitStyle, empty: Any) -> None:
    entries = {
        "FT": name("Tx"),
        "DA": pdf_string(style.default_appearance),
        "Q": number(style.align),
        "MaxLen": number(MOST_DIGITS),
    }
    _into_widget(revision, mark, entries, empty, flags=_PRINT)

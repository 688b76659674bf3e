"""A prepared PDF and the revisions appended to it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError

from sen.kernel.signing.adapters.objects import entry
from sen.kernel.signing.data import NotPrepared


@dataclass(frozen=True, slots=True)
class PreparedField:
    """One field in a file: where it is and whether anything stands in it."""

    reference: Any
    dictionary: DictionaryObject
    is_signature: bool
    is_filled: bool


class Revision(IncrementalPdfFileWriter):
    """One appended revision of a file.

    The document's own metadata stays as it was rendered: changing it in every revision would cost
    as much as all the rest, and PDF/A asks that both places where it stands agree.
    """

    def __init__(self, data: bytes) -> None:
        try:
            super().__init__(io.BytesIO(data))
        except (PdfError, ValueError, KeyError, TypeError) as problem:
            raise NotPrepared(f"not a readable PDF: {problem}") from problem

    def _update_meta(self) -> None:
        """Leave the metadata alone."""

    def written(self) -> bytes:
        """Return the file with this revision."""
        out = io.BytesIO()
        self.write(out)  # type: ignore[no-untyped-call]  # pyHanko's is untyped
        return out.getvalue()


def fields_of(revision: Revision) -> dict[str, PreparedField]:
    """Return the form fields by name."""
    found: dict[str, PreparedField] = {}
    for reference in entry(entry(revision.root, "/AcroForm", {}), "/Fields", ()):
        field = reference.get_object()
        found[str(field["/T"])] = PreparedField(
            reference=reference.reference,
            dictionary=field,
            is_signature=entry(field, "/FT") == "/Sig",
            # not followed: parsing a signature's container costs as much as all the rest
            is_filled="/V" in field,
        )
    return found


def size_of(widget: DictionaryObject) -> tuple[float, float]:
    """Return width and height of a field in points."""
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    return right - left, top - bottom

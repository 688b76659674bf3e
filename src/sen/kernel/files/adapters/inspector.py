"""The program that looks into files: a process of its own, so that a hostile file harms nobody.

It says "ready", then reads one JSON line a file, `{"path": …, "name": …}`, and answers each with
one line, the fields of `Inspection`. It may not write files and may not use more than a gigabyte;
who asks stops it when it takes too long. It knows neither Django nor the database.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import signal
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from sen.kernel.files import rules
from sen.kernel.files.data import Inspection
from sen.kernel.files.rules import Problem

MEMORY = 1024 * rules.MEGABYTE
MAX_PIXELS = 60_000_000
MAX_OBJECTS = 300_000
MAX_PAGES = 3000
MAX_ENTRIES = 3000
MAX_UNPACKED = 300 * rules.MEGABYTE
MAX_RATIO = 200
SMALL = rules.MEGABYTE
"""Unpacked bytes below which a high ratio is of no concern."""
PIECE = 256 * 1024

Image.MAX_IMAGE_PIXELS = None  # in this process our own check of the header comes first

_ACTIVE_KEYS = {
    "/JavaScript": "JavaScript",
    "/EmbeddedFiles": "tệp đính kèm",
    "/XFA": "biểu mẫu XFA",
    "/RichMediaContent": "nội dung đa phương tiện",
}
_ACTIVE_NAMES = {
    "/JavaScript": "JavaScript",
    "/Launch": "lệnh mở chương trình",
    "/ImportData": "lệnh nhập dữ liệu",
    "/SubmitForm": "lệnh gửi dữ liệu",
    "/GoToE": "tệp đính kèm",
    "/FileAttachment": "tệp đính kèm",
    "/RichMedia": "nội dung đa phương tiện",
    "/3D": "nội dung đa phương tiện",
    "/Movie": "nội dung đa phương tiện",
    "/Rendition": "nội dung đa phương tiện",
    "/Sound": "nội dung đa phương tiện",
}
_OFFICE = {
    rules.DOCX: b"wordprocessingml.document.main+xml",
    rules.XLSX: b"spreadsheetml.sheet.main+xml",
}
_IMAGES = {"JPEG": rules.JPEG, "MPO": rules.JPEG, "PNG": rules.PNG, "WEBP": rules.WEBP}
_PARSER_FAILURES = (
    PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, zlib.error,
)  # fmt: skip
_ACTIVE_ENTRY = re.compile(r"vbaproject|activex|oleobject|/embeddings/|macrosheets", re.IGNORECASE)


class Refused(Exception):
    """A file is not taken in, for a reason; detail: what stands in its message."""

    def __init__(self, problem: Problem, **detail: str) -> None:
        super().__init__(problem)
        self.problem, self.detail = problem, detail


def inspect(path: Path, name: str) -> Inspection:
    """Return what a file truly is, or why it is not taken in."""
    try:
        return Inspection(_media_type(path, name))
    except Refused as refused:
        return Inspection(problem=refused.problem, detail=refused.detail)
    except (MemoryError, RecursionError):
        return Inspection(problem=Problem.BOMB)


def _media_type(path: Path, name: str) -> str:
    with path.open("rb") as stream:
        head = stream.read(rules.HEAD)
    kind = rules.kind_of(head)
    if kind not in _LOOKS:
        if kind:
            raise Refused(Problem.OTHER, kind=kind)
        raise Refused(Problem.UNKNOWN if head else Problem.EMPTY)
    _check_pixels(rules.webp_size(head) if kind == rules.WEBP else (0, 0))
    media_type = _LOOKS[kind](path)
    if not rules.fits(name, media_type):
        raise Refused(Problem.MISNAMED, kind=media_type)
    return media_type


def _check_pixels(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise Refused(Problem.PIXELS, width=str(width), height=str(height))


def _look_at_pdf(path: Path) -> str:
    with path.open("rb") as stream:
        try:
            active = _active_content(PdfFileReader(stream, strict=False))
        except _PARSER_FAILURES:
            raise Refused(Problem.BROKEN) from None
    if active:
        raise Refused(Problem.ACTIVE, what=", ".join(sorted(active)))
    try:
        with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
            if len(document) > MAX_PAGES:
                raise Refused(Problem.BOMB)
            with contextlib.closing(document[0]) as page:
                page.get_size()
    except pypdfium2.PdfiumError:
        raise Refused(Problem.BROKEN) from None
    return rules.PDF


def _active_content(reader: PdfFileReader) -> set[str]:
    """Return what a document could do by itself, in words.

    Walks all that can be reached from the root, each object as its latest revision has it.
    """
    if reader.encrypted:
        raise Refused(Problem.ENCRYPTED)
    found: set[str] = set()
    seen: set[Any] = set()
    waiting: list[Any] = [reader.trailer.raw_get("/Root")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, generic.IndirectObject):
            if item.reference in seen:
                continue
            seen.add(item.reference)
            if len(seen) > MAX_OBJECTS:
                raise Refused(Problem.BOMB)
            item = reader.get_object(item.reference)  # type: ignore[no-untyped-call]  # untyped there
        if isinstance(item, generic.DictionaryObject):
            found |= _active_in(item)
            waiting.extend(item.raw_get(key) for key in item)
        elif isinstance(item, generic.ArrayObject):
            waiting.extend(item.raw_get(index) for index in range(len(item)))
    return found


def _active_in(item: generic.DictionaryObject) -> set[str]:
    """Return what one dictionary would set going, in words."""
    found = {_ACTIVE_KEYS[key] for key in item if key in _ACTIVE_KEYS}
    named = [str(item[key]) for key in ("/S", "/Subtype") if key in item]
    found |= {_ACTIVE_NAMES[name] for name in named if name in _ACTIVE_NAMES}
    if "/EF" in item and ("/F" in item or "/UF" in item):
        found.add(_ACTIVE_KEYS["/EmbeddedFiles"])
    return found


def _look_at_image(path: Path) -> str:
    try:
        with Image.open(path) as image:
            _check_pixels(image.size)
            media_type = _IMAGES[image.format or ""]
            if media_type == rules.PNG:
                image.verify()  # checks every chunk without unpacking a pixel
            else:
                image.draft("L", (max(image.width // 8, 1), max(image.height // 8, 1)))
                image.load()
    except (OSError, SyntaxError, ValueError, KeyError):
        raise Refused(Problem.BROKEN) from None
    return media_type


def _look_at_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_swelling(archive, entries)
            names = [entry.filename for entry in entries]
            if "[Content_Types].xml" not in names:
                raise Refused(Problem.OTHER, kind="archive")
            types = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        raise Refused(Problem.BROKEN) from None
    if b"macroEnabled" in types or any(_ACTIVE_ENTRY.search(name) for name in names):
        raise Refused(Problem.ACTIVE, what="macro, đối tượng nhúng")
    for media_type, mark in _OFFICE.items():
        if mark in types:
            return media_type
    raise Refused(Problem.OTHER, kind="archive")


def _check_swelling(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Raise Refused unless everything unpacks within the limits, whatever the directory says."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(Problem.ENCRYPTED)
    if len(entries) > MAX_ENTRIES or any(
        entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    ):
        raise Refused(Problem.BOMB)
    left = MAX_UNPACKED
    for entry in entries:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise Refused(Problem.BOMB)


_LOOKS = {
    rules.PDF: _look_at_pdf,
    rules.JPEG: _look_at_image,
    rules.PNG: _look_at_image,
    rules.WEBP: _look_at_image,
    rules.ZIP: _look_at_zip,
}


def confine() -> None:  # pragma: no cover - for a process of its own, where coverage cannot look
    """Give up what looking into files does not need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us; we end with it
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> None:  # pragma: no cover - likewise
    """Say that it is ready, then answer until the input ends."""
    confine()
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a library prints must not be taken for an answer
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        found = inspect(Path(asked["path"]), asked["name"])
        answer = {
            "media_type": found.media_type,
            "problem": found.problem,
            "detail": dict(found.detail),
        }
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":  # pragma: no cover - likewise
    main()

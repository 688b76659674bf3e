"""What a file is and what it may be called: pure functions on bytes and names."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from sen.base.vietnamese import nfc

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 50 * MEGABYTE
"""Bytes a file may have where no legal value "files.size_limit" says otherwise."""
HEAD = 1024
"""How many first bytes `kind_of` wants to see."""
MAX_NAME = 200
PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"

EXTENSIONS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    WEBP: ("webp",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}
"""The types that are taken in, each with the endings its names may have, the usual one first."""


class Problem(enum.StrEnum):
    """Why a file is not taken in."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    OTHER = "other"
    MISNAMED = "misnamed"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    BOMB = "bomb"
    PIXELS = "pixels"
    SLOW = "slow"


_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
)


def kind_of(head: bytes) -> str:
    """Return what the first bytes of a file say it is; its name does not count.

    A media type for what may be taken in (ZIP stands for DOCX and XLSX too), a word such as
    "program" for what is known and refused, and an empty text for anything else.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in {b"heic", b"heix", b"mif1", b"heif"} else "video"
    if b"%PDF-" in head:
        return PDF
    if re.match(rb"\s*(<!doctype html|<html|<script|<svg|<\?xml)", head, re.IGNORECASE):
        return "markup"
    return ""


def webp_size(head: bytes) -> tuple[int, int]:
    """Return width and height of a WebP image as its first bytes give them.

    Its reader asks for the memory of the whole picture as soon as it opens one. Unknown forms give
    (0, 0). Nguồn: RFC 9649.
    """
    form, body = head[12:16], head[20:30]
    if len(body) < 10:  # noqa: PLR2004 - the length of what is read below
        return 0, 0
    if form == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if form == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def fits(name: str, media_type: str) -> bool:
    """Tell whether a name's ending agrees with a type; a name without an ending does."""
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    return not ending or ending in EXTENSIONS[media_type]


def clean_name(name: str) -> str:
    """Return a file's name in normal form, without folders, control or direction characters.

    Raises ValueError where nothing is left. A name too long loses its middle, not its ending.
    """
    last = re.split(r"[/\\]", nfc(name))[-1]
    printable = "".join(c for c in last if c.isprintable()).strip()
    cleaned = re.sub(r"\s+", " ", printable).lstrip(".").strip()
    if not cleaned:
        raise ValueError("a file needs a name")
    if len(cleaned) <= MAX_NAME:
        return cleaned
    ending = PurePosixPath(cleaned).suffix[:20]
    return cleaned[: MAX_NAME - len(ending)] + ending


def named(name: str, media_type: str) -> str:
    """Return the name with the usual ending of its type, if it has none."""
    if PurePosixPath(name).suffix:
        return name
    return f"{name[: MAX_NAME - 5]}.{EXTENSIONS[media_type][0]}"


def megabytes(size: int) -> str:
    """Return a size in megabytes as people read it."""
    return f"{size / MEGABYTE:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def chain(pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces (offset, length) that reach farthest from the beginning without a gap.

    A piece that was sent twice, cut differently, may lie there both ways: each file's bytes are the
    same whichever way they are put together.
    """
    before: dict[int, tuple[int, int]] = {}
    for offset, length in sorted(set(pieces)):
        if length > 0 and (offset == 0 or offset in before):
            before[offset + length] = (offset, length)
    found: list[tuple[int, int]] = []
    end = max(before, default=0)
    while end:
        found.append(before[end])
        end = before[end][0]
    return found[::-1]


def reach(pieces: Iterable[tuple[int, int]]) -> int:
    """Return where the first gap between pieces (offset, length) begins."""
    return sum(length for _offset, length in chain(pieces))

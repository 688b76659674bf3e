"""Good and bad files, made on the spot."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter


def pdf(
    *, root: dict | None = None, page: dict | None = None, password: str = "", pages: int = 1
) -> bytes:
    """Return a PDF of one page, with entries added to its root or page."""
    writer = PdfFileWriter()
    stream = generic.StreamObject(stream_data=b"")
    content = writer.add_object(stream)
    sheet = PageObject(
        contents=content, media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    )
    for key, value in (page or {}).items():
        sheet[pdf_name(key)] = value
    if pages:
        writer.insert_page(sheet)
    for key, value in (root or {}).items():
        writer.root[pdf_name(key)] = value
    if password:
        writer.encrypt(password, password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **entries: object) -> generic.DictionaryObject:
    """Return an action such as /JavaScript."""
    found = generic.DictionaryObject({pdf_name("/S"): pdf_name(f"/{kind}")})
    for key, value in entries.items():
        found[pdf_name(f"/{key}")] = value
    return found


def javascript() -> generic.DictionaryObject:
    return action("JavaScript", JS=pdf_string("app.alert(1)"))


def names(tree: str) -> generic.DictionaryObject:
    """Return a name dictionary with one tree such as /EmbeddedFiles."""
    return generic.DictionaryObject(
        {
            pdf_name(f"/{tree}"): generic.DictionaryObject(
                {pdf_name("/Names"): generic.ArrayObject()}
            )
        }
    )


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **options)
    return out.getvalue()


def pixel_bomb() -> bytes:
    """Return a PNG of a few kilobytes that claims 50,000 × 50,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def webp_bomb() -> bytes:
    """Return the head of a WebP that claims 16,384 × 16,384 points."""
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff\x3f\0" + b"\xff\x3f\0"
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def office(kind: str = WORD, **entries: bytes) -> bytes:
    """Return a DOCX or XLSX with further entries (their names with _ for /)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{kind}"/></Types>')
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Return a DOCX of some kilobytes that unpacks to 64 MB of zeros."""
    return office(word__document=b"\0" * (64 * 1024 * 1024))


def plain_zip() -> bytes:
    """Return a ZIP of one text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


def zip_locked() -> bytes:
    """Return a DOCX whose entries say that they are encrypted."""
    data = bytearray(office(word__document=b"x"))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + place] |= 1
    return bytes(data)


EXE = b"MZ\x90\x00" + b"\0" * 200

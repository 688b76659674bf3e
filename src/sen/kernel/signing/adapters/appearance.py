"""How fields look in a PDF: digits typed by a clerk, and the images of signatures and seals.

Pictures and font programs are compressed once a process and written as they are; drawing a
signature is then three small objects.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from sen.kernel.signing.adapters.objects import array, dictionary, name, number, numbers, stream

_FONTS = Path(__file__).parents[1] / "fonts"
_DIGIT_EM = 500
"""Width of a digit, and twice the width of a space, in thousandths of the size (Tinos, Times)."""
_BASELINE = 0.25
"""Height of the base line above the bottom of a digit field, in sizes; templates rely on it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be written: compressed colours and the compressed mask over them."""

    width: int
    height: int
    colours: bytes
    mask: bytes


@lru_cache(maxsize=512)
def picture(png: bytes) -> Picture:
    """Return a PNG with transparency as the two compressed planes that PDF knows."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = image.convert("RGBA")
    red, green, blue, alpha = pixels.split()
    return Picture(
        width=pixels.width,
        height=pixels.height,
        colours=zlib.compress(Image.merge("RGB", (red, green, blue)).tobytes(), 9),
        mask=zlib.compress(alpha.tobytes(), 9),
    )


def empty_form() -> StreamObject:
    """Return the look of fields that show nothing yet (PDF/A asks that they have one)."""
    return _form(1, 1, b"", {})


def _form(width: float, height: float, drawing: bytes, resources: dict[str, Any]) -> StreamObject:
    return stream(
        {
            "Type": name("XObject"),
            "Subtype": name("Form"),
            "BBox": numbers(0, 0, width, height),
            "Resources": dictionary(resources),
        },
        plain=drawing,
    )


def picture_form(
    writer: IncrementalPdfFileWriter, shown: Picture, width: float, height: float
) -> StreamObject:
    """Return the look of a signature: its picture as large as the box allows, in the middle."""
    mask = writer.add_object(
        stream(_image(shown, "DeviceGray"), packed=shown.mask),
    )
    image = writer.add_object(
        stream({**_image(shown, "DeviceRGB"), "SMask": mask}, packed=shown.colours)
    )
    scale = min(width / shown.width, height / shown.height)
    wide, high = shown.width * scale, shown.height * scale
    left, bottom = (width - wide) / 2, (height - high) / 2
    drawing = f"q {wide:.3f} 0 0 {high:.3f} {left:.3f} {bottom:.3f} cm /Picture Do Q"
    return _form(
        width,
        height,
        drawing.encode(),
        {"XObject": dictionary({"Picture": image})},
    )


def _image(shown: Picture, space: str) -> dict[str, Any]:
    return {
        "Type": name("XObject"),
        "Subtype": name("Image"),
        "Width": number(shown.width),
        "Height": number(shown.height),
        "ColorSpace": name(space),
        "BitsPerComponent": number(8),
    }


@dataclass(frozen=True, slots=True)
class DigitFace:
    """A face in which digits can be set. font: its name inside a file; flags as PDF wants them."""

    font: str
    file: str
    flags: int
    slant: int
    stem: int


_NONSYMBOLIC, _ITALIC, _FORCE_BOLD = 1 << 5, 1 << 6, 1 << 18
FACES = {
    "normal": DigitFace("SenDigits", "SenDigits-Regular", _NONSYMBOLIC, 0, 80),
    "italic": DigitFace("SenDigitsItalic", "SenDigits-Italic", _NONSYMBOLIC | _ITALIC, -16, 80),
    "bold": DigitFace("SenDigitsBold", "SenDigits-Bold", _NONSYMBOLIC | _FORCE_BOLD, 0, 140),
}


@dataclass(frozen=True, slots=True)
class DigitStyle:
    """How typed digits look: face, size in points, 0 left, 1 centred, 2 right."""

    face: DigitFace
    size: float
    align: int

    @property
    def default_appearance(self) -> str:
        """The default appearance string of a field of this style."""
        return f"/{self.face.font} {self.size:g} Tf 0 g"


def digits_form(
    text: str, style: DigitStyle, font: Any, width: float, height: float
) -> StreamObject:
    """Return the look of a digit field with its text. font: reference to the font in the file."""
    room = width - len(text) * style.size * _DIGIT_EM / 1000
    left = room * style.align / 2
    drawing = (
        f"/Tx BMC q BT /{style.face.font} {style.size:g} Tf 0 g "
        f"{left:.3f} {_BASELINE * style.size:.3f} Td ({text}) Tj ET Q EMC"
    )
    return _form(width, height, drawing.encode(), {"Font": dictionary({style.face.font: font})})


@lru_cache(maxsize=len(FACES))
def _font_program(file: str) -> tuple[bytes, int]:
    program = (_FONTS / f"{file}.ttf").read_bytes()
    return zlib.compress(program, 9), len(program)


def add_font(writer: IncrementalPdfFileWriter, face: DigitFace) -> Any:
    """Embed the digits of a face in the file and return the reference to the font."""
    packed, size = _font_program(face.file)
    program = writer.add_object(stream({"Length1": number(size)}, packed=packed))
    base = name(f"SENDIG+{face.file}")
    descriptor = writer.add_object(
        dictionary(
            {
                "Type": name("FontDescriptor"),
                "FontName": base,
                "Flags": number(face.flags),
                "FontBBox": array(number(n) for n in (0, -216, 1000, 891)),
                "ItalicAngle": number(face.slant),
                "Ascent": number(891),
                "Descent": number(-216),
                "CapHeight": number(655),
                "StemV": number(face.stem),
                "FontFile2": program,
            }
        )
    )
    space, zero, nine = ord(" "), ord("0"), ord("9")
    widths = [
        {space: _DIGIT_EM // 2}.get(code, _DIGIT_EM if zero <= code <= nine else 0)
        for code in range(space, nine + 1)
    ]
    return writer.add_object(
        dictionary(
            {
                "Type": name("Font"),
                "Subtype": name("TrueType"),
                "BaseFont": base,
                "FirstChar": number(space),
                "LastChar": number(nine),
                "Widths": array(number(w) for w in widths),
                "Encoding": name("WinAnsiEncoding"),
                "FontDescriptor": descriptor,
            }
        )
    )

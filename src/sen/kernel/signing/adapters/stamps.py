"""Drawn images of signatures: a blue stroke for a person, a red round seal for an organisation.

They are drawings of our own for demonstration, never a copy of anybody's hand or of a state seal:
the seal carries a star and the words DEMO and THỬ NGHIỆM, no emblem. PNG with a transparent
background, at the size in which they stand on paper (300 dots an inch). Nguồn: Nghị định
30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 7 và 8 (màu, định dạng, vị trí hình ảnh chữ ký).
"""

from __future__ import annotations

import hashlib
import io
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from sen.base.vietnamese import fold

_FONT = Path(__file__).parents[1] / "fonts" / "SenSeal.ttf"
_DOTS_PER_MM = 300 / 25.4
_FINER = 3
"""Drawn so many times larger, then reduced: smooth edges."""
BLUE = (23, 55, 148)
RED = (208, 16, 32)
SEAL_MM = 36
SIGNATURE_MM = (50, 20)

Point = tuple[float, float]


def seal(unit_name: str, *, place: str = "") -> bytes:
    """Return the PNG of a demonstration seal, 36 mm across, with the unit's name on its rim."""
    size = round(SEAL_MM * _DOTS_PER_MM) * _FINER
    ink = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(ink)
    middle = size / 2
    for radius, width in ((0.985, 0.026), (0.925, 0.008), (0.60, 0.010)):
        _ring(draw, middle, radius * middle, width * middle)
    name = " ".join(unit_name.upper().split())
    _on_arc(ink, name, middle=middle, radius=0.765 * middle, height=0.17 * middle, spread=226)
    _on_arc(
        ink,
        "DEMO • THỬ NGHIỆM",
        middle=middle,
        radius=0.765 * middle,
        height=0.125 * middle,
        spread=-88,
    )
    for angle in (-126, 126):
        _star(draw, _on_circle(middle, 0.765 * middle, angle), 0.055 * middle)
    _star(draw, (middle, middle * (0.93 if place else 1.0)), 0.34 * middle)
    if place:
        _centred(ink, place.upper(), (middle, middle * 1.37), 0.115 * middle, 0.76 * middle)
    return _png(ink.resize((size // _FINER, size // _FINER), Image.Resampling.LANCZOS), RED)


def handwriting(name: str) -> bytes:
    """Return the PNG of a pen stroke that is always the same for the same name.

    It grows from the name's letters and looks like a signature without being anybody's.
    """
    width, height = (round(mm * _DOTS_PER_MM) * _FINER for mm in SIGNATURE_MM)
    ink = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(ink)
    chance = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - a drawing
    for stroke in _strokes(name, chance):
        path = list(_smooth(stroke))
        for index, (x, y) in enumerate(path):
            along = index / len(path)
            ahead = path[min(index + 1, len(path) - 1)]
            slope = math.atan2(ahead[1] - y, ahead[0] - x)
            pressure = (0.55 + 0.45 * abs(math.sin(slope - 0.9))) * min(1, 9 * (1.03 - along))
            radius = 0.0078 * height * (0.45 + 1.6 * pressure)
            left, top = x * width, y * height
            draw.ellipse((left - radius, top - radius, left + radius, top + radius), fill=255)
    size = (width // _FINER, height // _FINER)
    return _png(ink.resize(size, Image.Resampling.LANCZOS), BLUE)


def _png(ink: Image.Image, colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGB", ink.size, colour)
    image.putalpha(ink.point([round(level / 17) * 17 for level in range(256)]))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ring(draw: ImageDraw.ImageDraw, middle: float, radius: float, width: float) -> None:
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    draw.ellipse(box, outline=255, width=max(1, round(width)))


def _on_circle(middle: float, radius: float, degrees: float) -> Point:
    """Return the point at an angle counted clockwise from the top."""
    angle = math.radians(degrees)
    return middle + radius * math.sin(angle), middle - radius * math.cos(angle)


def _star(draw: ImageDraw.ImageDraw, at: Point, radius: float) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(36 * corner)
        points.append((at[0] + reach * math.sin(angle), at[1] - reach * math.cos(angle)))
    draw.polygon(points, fill=255)


def _on_arc(
    ink: Image.Image, text: str, *, middle: float, radius: float, height: float, spread: float
) -> None:
    """Set text along a circle; a negative spread sets it upright along the bottom.

    spread: the degrees that the text may take; the letters shrink to fit.
    """
    at_bottom = spread < 0
    room = math.radians(abs(spread)) * radius
    font = ImageFont.truetype(_FONT, round(height))
    space = 0.06 * height
    length = sum(font.getlength(letter) + space for letter in text)
    if length > room:
        font = ImageFont.truetype(_FONT, round(height * room / length))
        space *= room / length
        length = room
    along = -length / 2
    for letter in text:
        advance = font.getlength(letter) + space
        degrees = math.degrees((along + advance / 2) / radius)
        along += advance
        tile = Image.new("L", (round(height * 2.2),) * 2, 0)
        centre = tile.width / 2
        ImageDraw.Draw(tile).text((centre, centre + 0.36 * font.size), letter, 255, font, "ms")
        turned = tile.rotate(degrees if at_bottom else -degrees, Image.Resampling.BICUBIC)
        x, y = _on_circle(middle, radius, 180 - degrees if at_bottom else degrees)
        ink.paste(255, (round(x - centre), round(y - centre)), turned)


def _centred(ink: Image.Image, text: str, at: Point, height: float, room: float) -> None:
    font = ImageFont.truetype(_FONT, round(height))
    if font.getlength(text) > room:
        font = ImageFont.truetype(_FONT, round(height * room / font.getlength(text)))
    ImageDraw.Draw(ink).text(at, text, 255, font, "mm")


def _strokes(name: str, chance: random.Random) -> list[list[Point]]:
    """Return the strokes of a signature as points in a unit box, grown from the given name."""
    given = fold(name).split()[-1] if name.split() else "s"
    lean = chance.uniform(0.10, 0.22)
    x, base = 0.09, chance.uniform(0.56, 0.62)
    rise = chance.uniform(0.42, 0.50)
    capital: list[Point] = [
        (x + 0.03, base - 0.1),
        (x - 0.03, base + 0.10),
        (x + 0.02, base + 0.16),
        (x + 0.10, base - rise),
        (x + 0.15, base - rise - 0.03),
        (x + 0.12, base - 0.1),
        (x + 0.10, base + 0.06),
        (x + 0.16, base - 0.16),
        (x + 0.22, base - 0.20),
    ]
    x += 0.22
    line = list(capital)
    step = min(0.075, 0.46 / max(len(given), 4))
    for letter in given:
        tall = letter in "bdhklt"
        deep = letter in "gjpqy"
        top = base - (chance.uniform(0.34, 0.42) if tall else chance.uniform(0.10, 0.19))
        bottom = base + (chance.uniform(0.20, 0.27) if deep else chance.uniform(0.00, 0.05))
        line += [
            (x + step * (0.45 + lean), top),
            (x + step * 0.30, base - 0.04),
            (x + step * (0.35 if not deep else -0.25), bottom),
            (x + step * 0.95, base - chance.uniform(0.01, 0.06)),
        ]
        x += step
    end = min(0.96, x + chance.uniform(0.16, 0.24))
    line += [(x + 0.05, base - 0.10), (end, base - chance.uniform(0.20, 0.32))]
    under = base + chance.uniform(0.20, 0.26)
    flourish = [
        (end - 0.02, base - 0.02),
        (0.5 * (x + end), under - 0.05),
        (0.34, under),
        (0.20, under + 0.05),
        (0.30, under + 0.09),
        (0.62, under + chance.uniform(-0.02, 0.03)),
    ]
    return [line, flourish]


def _smooth(points: Sequence[Point], steps: int = 90) -> Iterator[Point]:
    """Yield points of a Catmull-Rom curve through the given ones."""
    padded = [points[0], *points, points[-1]]
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            yield (_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t))


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )

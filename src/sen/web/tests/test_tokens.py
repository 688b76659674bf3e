"""The values of the design system: contrast, two equal dark blocks, nothing undefined, its weight."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).parents[1] / "static/web"
TOKENS = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
SHEETS = ["vendor/vendor.css", "css/tokens.css", "css/components.css", "css/frames.css"]
PAGE_LIMIT, FONT_LIMIT = 20 * 1024, 36 * 1024

TEXT = [
    ("ink", "ground surface sunken raised"),
    ("ink-soft", "ground surface sunken raised"),
    ("ink-faint", "ground surface sunken raised"),
    ("link", "ground surface sunken raised"),
    ("on-action", "action action-hover action-press"),
    ("action-ink", "ground surface raised action-soft"),
    ("done-ink", "ground surface raised done-soft"),
    ("soon-ink", "ground surface raised soon-soft"),
    ("late-ink", "ground surface raised late-soft"),
    ("calm-ink", "ground surface raised calm-soft"),
    ("ink", "action-soft done-soft soon-soft late-soft calm-soft"),
]
SHAPES = [
    ("edge", "ground surface sunken raised"),
    ("focus", "ground surface sunken raised"),
    ("action", "ground surface"),
    ("done", "ground surface"),
]


def block(selector: str) -> dict[str, str]:
    body = re.search(re.escape(selector) + r"\s*\{(.*?)\n\s*\}", TOKENS, re.DOTALL)
    assert body is not None
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body[1]))


LIGHT = block(":root")
DEVICE_DARK = block(':root:not([data-theme="light"])')
CHOSEN_DARK = block(':root[data-theme="dark"]')
THEMES = {"light": LIGHT, "dark": {**LIGHT, **CHOSEN_DARK}}


def luminance(colour: str) -> float:
    parts = [int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "grounds"), TEXT)
def test_text_has_the_contrast_of_wcag_aa(theme, colour, grounds):
    values = THEMES[theme]
    found = {ground: contrast(values[colour], values[ground]) for ground in grounds.split()}
    assert {ground: ratio for ground, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "grounds"), SHAPES)
def test_edges_and_marks_have_the_contrast_of_wcag_aa(theme, colour, grounds):
    values = THEMES[theme]
    found = {ground: contrast(values[colour], values[ground]) for ground in grounds.split()}
    assert {ground: ratio for ground, ratio in found.items() if ratio < 3} == {}


def test_the_brand_colours_stand():
    assert (LIGHT["action"], LIGHT["done"]) == ("#a61e4d", "#2b8a3e")


def test_both_dark_themes_are_one():
    assert DEVICE_DARK == CHOSEN_DARK


def test_every_value_used_is_defined():
    sheets = "".join(
        (STATIC / name).read_text(encoding="utf-8") for name in [*SHEETS, "css/print.css"]
    )
    used = set(re.findall(r"var\(--([\w-]+)\)", sheets))
    defined = set(re.findall(r"--([\w-]+)\s*:", sheets))
    assert used - defined == set()


@pytest.mark.parametrize("name", ["components.css", "frames.css"])
def test_components_name_no_colour_of_their_own(name):
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / name).read_text(encoding="utf-8"))
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b", text)
    assert sorted(set(colours)) in ([], ["#000", "#fff"])  # a QR code is black on white anywhere


def test_the_styles_of_a_page_weigh_at_most_20_kilobytes():
    weights = {name: len(brotli.compress((STATIC / name).read_bytes())) for name in SHEETS}
    assert sum(weights.values()) <= PAGE_LIMIT, weights


def test_the_fonts_weigh_at_most_36_kilobytes():
    assert sum(path.stat().st_size for path in (STATIC / "vendor").glob("*.woff2")) <= FONT_LIMIT

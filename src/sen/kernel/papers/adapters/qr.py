"""QR codes as SVG, by segno."""

from __future__ import annotations

import io
from functools import lru_cache

import segno

_MASK = 0
"""One fixed pattern: trying all eight costs five times as much and changes nothing for readers."""


@lru_cache(maxsize=256)
def svg(text: str) -> str:
    """Return a QR code (error level M, no border) as an SVG that takes the size it is given."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=_MASK).save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True
    )
    return out.getvalue().decode()

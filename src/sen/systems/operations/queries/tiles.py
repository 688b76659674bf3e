"""Where the tile of a commune stands, as `tools/cartogram.py` laid it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from sen.systems.operations.data import Tile


@cache
def tiles() -> Mapping[str, Tile]:
    """Return the tiles of the reference province by the statistics code of the commune."""
    file = resources.files("sen.systems.operations") / "seed/tiles.tsv"
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return {code: Tile(column=int(column), row=int(row)) for code, column, row in lines}

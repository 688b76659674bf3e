"""Merge font subsets into one file with tabular figures, and measure it (vendoring time only)."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import merge, subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


def merged(parts: list[Path], target: Path) -> None:
    """Write one woff2 of all parts: no hinting, kerning kept, a `tnum` feature added."""
    with tempfile.TemporaryDirectory() as folder:
        plain = [_plain(part, Path(folder) / f"{number}.ttf") for number, part in enumerate(parts)]
        font = merge.Merger().merge([str(path) for path in plain])
    _add_tabular_figures(font)
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = TTFont(parts[0])["head"].created
    font.flavor = "woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)


def _plain(part: Path, target: Path) -> Path:
    """Drop hinting (a third of the weight; screens of today do without)."""
    options = subset.Options(
        hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True
    )
    font = subset.load_font(str(part), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    font.flavor = None
    font.save(target)
    return target


def _add_tabular_figures(font: TTFont) -> None:
    """Give each digit an alternate of equal width, reached by `font-variant-numeric`.

    The family has proportional figures only; columns of money and dates need equal ones. The
    width is that of the common digits; the wide 4 loses a little of its side bearings.
    """
    cmap = font.getBestCmap()
    names = [cmap[ord("0") + number] for number in range(10)]
    glyphs, metrics = font["glyf"], font["hmtx"]
    width = sorted(metrics[name][0] for name in names)[6]
    order = font.getGlyphOrder()
    for name in names:
        advance, _bearing = metrics[name]
        pen = TTGlyphPen(font.getGlyphSet())
        font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, 0, 1, (width - advance) // 2, 0)))
        alternate = f"{name}.tnum"
        glyphs[alternate] = pen.glyph()
        glyphs[alternate].recalcBounds(glyphs)
        metrics[alternate] = (width, glyphs[alternate].xMin)
        if alternate not in order:
            order.append(alternate)
    font.setGlyphOrder(order)
    rules = "".join(f"sub {name} by {name}.tnum;" for name in names)
    _append_feature(font, f"feature tnum {{ {rules} }} tnum;")


def _append_feature(font: TTFont, source: str) -> None:
    """Compile one feature beside those there (feaLib would replace the whole table)."""
    old = copy.deepcopy(font["GSUB"])
    addOpenTypeFeaturesFromString(font, source, tables=["GSUB"])
    table: Any = font["GSUB"].table
    lookup = table.LookupList.Lookup[0]
    record = table.FeatureList.FeatureRecord[0]
    kept: Any = old.table
    kept.LookupList.Lookup.append(lookup)
    kept.LookupList.LookupCount = len(kept.LookupList.Lookup)
    record.Feature.LookupListIndex = [kept.LookupList.LookupCount - 1]
    kept.FeatureList.FeatureRecord.append(record)
    index = len(kept.FeatureList.FeatureRecord) - 1
    kept.FeatureList.FeatureCount = index + 1
    for script in kept.ScriptList.ScriptRecord:
        systems = [one.LangSys for one in script.Script.LangSysRecord]
        for system in [script.Script.DefaultLangSys, *systems]:
            if system is not None:
                system.FeatureIndex.append(index)
                system.FeatureCount = len(system.FeatureIndex)
    font["GSUB"] = old


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """What a fallback face must be stretched to: heights and mean advance, in em."""

    ascent: float
    descent: float
    line_gap: float
    advance: float


def measure(path: Path, sample: str) -> Metrics:
    """Measure a font on running Vietnamese text, so that swapping it in moves no line."""
    font = TTFont(path)
    cmap, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    known = [widths[cmap[ord(letter)]][0] for letter in sample if ord(letter) in cmap]
    head = font["hhea"]
    return Metrics(
        ascent=head.ascent / em,
        descent=-head.descent / em,
        line_gap=head.lineGap / em,
        advance=sum(known) / len(known) / em,
    )

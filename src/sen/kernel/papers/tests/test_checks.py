"""A face that is missing, broken or without a letter stops the start."""

from __future__ import annotations

import shutil

from sen.kernel.papers import checks
from sen.kernel.papers.adapters.typesetting import FONTS


def test_the_vendored_fonts_pass():
    assert checks.fonts_have_all_letters() == []


def test_a_missing_or_poor_font_is_an_error(tmp_path, monkeypatch):
    for face in ("Regular", "Bold"):
        shutil.copy(FONTS / f"Tinos-{face}.ttf", tmp_path)
    poor = FONTS.parents[1] / "signing" / "fonts" / "SenDigits-Italic.ttf"
    shutil.copy(poor, tmp_path / "Tinos-Italic.ttf")
    monkeypatch.setattr(checks, "FONTS", tmp_path)
    found = checks.fonts_have_all_letters()
    assert [problem.id for problem in found] == ["papers.E002", "papers.E001"]
    assert "ậ" in found[0].msg
    assert "BoldItalic" in found[1].msg

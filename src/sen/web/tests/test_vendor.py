"""What is carried for the browser: as recorded, licensed, able to write Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from sen.web.icons import drawings
from tools import vendor, vendor_css

VENDOR = Path(__file__).parents[1] / "static/web/vendor"
VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = {unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES} | {"đ"}


def test_the_committed_files_are_those_recorded():
    assert vendor.changed_files() == []


def test_notice_names_every_package():
    assert vendor.missing_notices() == []


def test_the_plan_names_no_host():
    plan = (vendor.ROOT / "tools/vendor.toml").read_text(encoding="utf-8")
    assert re.findall(r"resolved|registry\.\w|https?://[^\s\"]*npm", plan) == []


def test_every_package_carries_its_licence():
    names = {p["name"].strip("@").replace("/", "-") + ".txt" for p in vendor.PLAN["package"]}
    assert {path.name for path in (VENDOR / "licences").iterdir()} == names


@pytest.mark.parametrize("weight", [400, 600])
def test_the_font_has_every_vietnamese_letter(weight):
    known = set(TTFont(VENDOR / f"be-vietnam-pro-{weight}.woff2").getBestCmap())
    wanted = LETTERS | {letter.upper() for letter in LETTERS} | set("₫–—…“”‘’·×•→0123456789")
    assert sorted(letter for letter in wanted if ord(letter) not in known) == ["→"]


@pytest.mark.parametrize("weight", [400, 600])
def test_tabular_figures_are_of_one_width(weight):
    font = TTFont(VENDOR / f"be-vietnam-pro-{weight}.woff2")
    table = font["GSUB"].table
    features = [r.Feature for r in table.FeatureList.FeatureRecord if r.FeatureTag == "tnum"]
    lookup = table.LookupList.Lookup[features[0].LookupListIndex[0]]
    mapping = lookup.SubTable[0].mapping
    digits = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    assert len({font["hmtx"][mapping[name]][0] for name in digits}) == 1


def test_the_sprite_holds_the_icons_of_the_plan():
    assert sorted(drawings()) == sorted(vendor.PLAN["icons"]["names"])


CSS = """
:root{--tblr-a:1}
.btn,.btn:hover{color:var(--tblr-b);--tblr-c:1px}
.btn .badge,.other{color:red}
@media (min-width: 10px){.other{color:red}.btn{margin:0}}
@media print{.btn{color:black}}
@keyframes turn{from{opacity:0}}
p{margin:0!important}
"""


def test_reducing_keeps_the_rules_of_the_classes_used():
    purge = vendor_css.Purge(
        classes=frozenset({"btn"}),
        drop_selectors=(re.compile("^:root"),),
        drop_properties=(re.compile("^-webkit"),),
        layer="theirs",
    )
    assert purge.reduce(CSS) == (
        "@layer theirs{\n"
        ".btn,.btn:hover{color:var(--tblr-b);}\n"
        "@media (min-width: 10px){.btn{margin:0}}\n"
        "p{margin:0!important}\n"
        "}\n"
    )


def test_used_classes_are_read_from_templates(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p class="one{% if x %} two{% endif %} is-{{ tone }}">', encoding="utf-8")
    assert vendor_css.used_classes([page]) == {"one", "two", "is-"}

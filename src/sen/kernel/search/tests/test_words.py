from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.search.rules import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số 123/2025/NĐ-CP, Điều 17", ["số", "123/2025/nđ-cp", "điều", "17"]),
        ("H41.9.12-261121-0007", ["h41.9.12-261121-0007"]),
        ("thủ tục 1.001193.", ["thủ", "tục", "1.001193"]),
        ("QĐ 3857/QĐ–UBND", ["qđ", "3857/qđ-ubnd"]),
        ("a@b.vn (Nguyễn_Văn)", ["a@b.vn", "nguyễn_văn"]),
        ("  --  ", []),
    ],
)
def test_tokens_keep_numbers_whole(text, expected):
    assert words.tokens(text) == expected


def test_pieces_are_the_whole_and_its_parts():
    assert words.pieces("123/qđ-ubnd") == ["123/qđ-ubnd", "123", "qđ", "ubnd"]
    assert words.pieces("điều") == ["điều"]


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe")])
def test_old_and_new_tone_places_are_one_word(one, other):
    assert words.exact(one) == words.exact(other)
    assert words.exact(one) != words.exact(words.fold(one))


def test_vector_and_query():
    weighted = [("12/NĐ", "A"), ("hòa", "B")]

    assert words.vector(weighted, is_folded=True) == "'12/nd':1A '12':1A 'nd':1A 'hoa':2B"
    assert words.vector(weighted, is_folded=False) == "'12/nđ':1A '12':1A 'nđ':1A 'hoa2'".replace(
        "'hoa2'", "'hoa1':2B"
    )
    assert words.query("Hòa 12/NĐ-c xã", is_folded=True) == "'hoa' & '12/nd-c':* & 'xa':*"
    assert words.query(" ! ", is_folded=True) == ""


@given(st.text(max_size=60))
def test_composed_and_decomposed_text_are_the_same(text):
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert words.tokens(composed) == words.tokens(decomposed)


@given(st.text(alphabet="aăâbcdđeêo 12/.-'\\:&|!()*", max_size=40))
def test_what_is_asked_for_holds_nothing_that_means_something_to_the_database(text):
    for word in words.tokens(text):
        assert not set(word) & set("'\\&|!()* ")


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("Lê Thị Th", "'le' & 'thi'"),
        ("Nguyễn", "'nguyen':*"),
        ("QĐ 3857/QĐ-UBND Hòa", "'qd'"),
        ("H41.9.12-261121-0007", "'h41.9.12-261121-0007':*"),
        ("", ""),
    ],
)
def test_an_index_is_asked_for_whole_words_where_there_are_any(asked, whole):
    assert words.whole_words(asked) == whole

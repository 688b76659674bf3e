from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.files import rules
from sen.kernel.files.tests import samples


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", rules.PDF),
        (b"\n\n%PDF-1.4", rules.PDF),
        (b"\xff\xd8\xff\xe0", rules.JPEG),
        (b"\x89PNG\r\n\x1a\n", rules.PNG),
        (b"RIFF\0\0\0\0WEBPVP8 ", rules.WEBP),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"PK\x03\x04", rules.ZIP),
        (b"MZ\x90", "program"),
        (b"#!/bin/sh", "program"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"  <!DOCTYPE HTML>", "markup"),
        (b"<svg xmlns", "markup"),
        (b"xin ch\xc3\xa0o", ""),
        (b"", ""),
    ],
)
def test_kind_of_reads_the_first_bytes(head, kind):
    assert rules.kind_of(head) == kind


@given(st.binary(max_size=64))
def test_kind_of_never_fails(head):
    assert isinstance(rules.kind_of(head), str)
    assert rules.webp_size(head) >= (0, 0)


@pytest.mark.parametrize("size", [(40, 30), (1, 1), (300, 7)])
@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0"}]
)
def test_webp_size_agrees_with_the_image(size, options):
    head = samples.image("WEBP", size, **options)[: rules.HEAD]

    assert rules.webp_size(head) == size


def test_webp_size_of_an_unknown_form_is_nothing():
    assert rules.webp_size(b"RIFF\0\0\0\0WEBPXXXX" + b"\0" * 20) == (0, 0)
    assert rules.webp_size(b"RIFF\0\0\0\0WEBPVP8X") == (0, 0)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("đơn.pdf", "đơn.pdf"),
        (unicodedata.normalize("NFD", "Tờ khai đăng ký.pdf"), "Tờ khai đăng ký.pdf"),
        ("C:\\Users\\an\\đơn.pdf", "đơn.pdf"),
        ("../../etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nb\t c.pdf", "ab c.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_clean_name_keeps_what_is_safe(name, cleaned):
    assert rules.clean_name(name) == cleaned


@pytest.mark.parametrize("name", ["", " ", "/", "..", "\u202e", "a/"])
def test_clean_name_refuses_what_is_no_name(name):
    with pytest.raises(ValueError, match="a file needs a name"):
        rules.clean_name(name)


@given(st.text(max_size=400))
def test_clean_name_is_short_whole_and_stable(name):
    try:
        cleaned = rules.clean_name(name)
    except ValueError:
        return
    assert 0 < len(cleaned) <= rules.MAX_NAME
    assert not set(cleaned) & {"/", "\\", "\0", "\n"}
    assert unicodedata.is_normalized("NFC", cleaned)


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("đơn", rules.PDF, "đơn.pdf"),
        ("đơn.pdf", rules.PDF, "đơn.pdf"),
        ("x" * 200, rules.JPEG, "x" * 195 + ".jpg"),
    ],
)
def test_named_gives_an_ending_where_there_is_none(name, media_type, expected):
    assert rules.named(name, media_type) == expected


@pytest.mark.parametrize(
    ("size", "words"), [(50 * rules.MEGABYTE, "50"), (1_600_000, "1,5"), (0, "0")]
)
def test_megabytes_are_written_the_vietnamese_way(size, words):
    assert rules.megabytes(size) == words


@pytest.mark.parametrize(
    ("pieces", "chain"),
    [
        ([], []),
        ([(5, 3)], []),
        ([(0, 5), (5, 3)], [(0, 5), (5, 3)]),
        ([(5, 3), (0, 5), (0, 5)], [(0, 5), (5, 3)]),
        ([(0, 5), (6, 3)], [(0, 5)]),
        ([(0, 2), (0, 5), (5, 1)], [(0, 5), (5, 1)]),
        ([(0, 5), (0, 2), (2, 9)], [(0, 2), (2, 9)]),
        ([(0, 0)], []),
    ],
)
def test_pieces_are_put_together_without_a_gap(pieces, chain):
    assert rules.chain(pieces) == chain
    assert rules.reach(pieces) == sum(length for _offset, length in chain)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.randoms())
def test_whatever_was_sent_beside_it_an_acknowledged_chain_is_found(lengths, chance):
    offset, told = 0, []
    for length in lengths:
        told.append((offset, length))
        offset += length
    beside = [(at, length + 1) for at, length in told if at + length < offset]
    pieces = told + beside
    chance.shuffle(pieces)

    found = rules.chain(pieces)

    assert sum(length for _at, length in found) == rules.reach(pieces) >= offset
    assert [at for at, _length in found] == [
        sum(length for _at, length in found[:index]) for index in range(len(found))
    ]

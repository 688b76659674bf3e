"""Sealing, wrapping, digests."""

from __future__ import annotations

import hmac

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from sen.base import sealing
from sen.base.sealing import CannotOpen, Sealer

ROOT = "a-root-key-of-at-least-32-characters"
CONTEXTS = st.lists(st.text(max_size=8), max_size=4).map(tuple)
SEALER = Sealer(ROOT)


@given(st.binary(max_size=200), CONTEXTS)
def test_what_is_sealed_opens_in_its_place(plain, context):
    sealed = SEALER.seal(plain, *context)

    assert SEALER.open(sealed, *context) == plain
    assert Sealer(ROOT).open(sealed, *context) == plain


@given(CONTEXTS, CONTEXTS)
def test_what_is_sealed_opens_nowhere_else(context, other):
    sealed = SEALER.seal(b"x", *context)

    if other == context:
        assert SEALER.open(sealed, *other) == b"x"
    else:
        with pytest.raises(CannotOpen):
            SEALER.open(sealed, *other)


@given(st.binary(max_size=40), st.data())
def test_one_changed_bit_is_seen(plain, data):
    sealed = bytearray(SEALER.seal(plain, "t"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8

    with pytest.raises(CannotOpen):
        SEALER.open(bytes(sealed), "t")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(40), b"\x01" + bytes(27)])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(CannotOpen):
        SEALER.open(sealed)


def test_the_same_text_is_never_sealed_to_the_same_bytes():
    assert len({SEALER.seal(b"An", "t") for _ in range(100)}) == 100


def test_another_root_key_opens_nothing():
    with pytest.raises(CannotOpen):
        Sealer(ROOT + "!").open(SEALER.seal(b"x"))


def test_a_short_root_key_is_refused():
    with pytest.raises(ValueError, match="32 characters"):
        Sealer("short")


@given(st.text(max_size=20), CONTEXTS, st.text(max_size=20), CONTEXTS)
def test_digests_are_equal_for_equal_texts_of_one_context(text, context, other, elsewhere):
    is_same = (text, context) == (other, elsewhere)

    assert (SEALER.digest(text, *context) == SEALER.digest(other, *elsewhere)) is is_same
    assert len(SEALER.digest(text, *context)) == 32


def test_the_border_between_context_and_text_counts():
    assert SEALER.digest("b", "a") != SEALER.digest("ab") != SEALER.digest("", "a", "b")


def test_a_digest_is_an_hmac_of_its_framed_parts():
    """As RFC 2104 says, so that another program can make the same."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sen.sealing.1.digest")
    message = b"\0\0\0\1p" + b"\0\0\0\4a\xc4\x91b"
    expected = hmac.digest(key.derive(ROOT.encode()), message, "sha256")
    assert SEALER.digest("ađb", "p") == expected


def test_digests_depend_on_the_root_key():
    assert SEALER.digest("040085001234", "p") != Sealer(ROOT + "!").digest("040085001234", "p")


def test_a_record_key_seals_and_comes_back_from_its_wrapped_form():
    key, wrapped = SEALER.new_record_key("dossier", "7")
    sealed = key.seal(b"secret", "forms_answers", "name")

    assert SEALER.unwrap(wrapped, "dossier", "7").open(sealed, "forms_answers", "name") == b"secret"
    with pytest.raises(CannotOpen):
        SEALER.unwrap(wrapped, "dossier", "8")
    with pytest.raises(CannotOpen):
        key.open(sealed, "forms_answers", "other")


def test_without_the_wrapped_key_nothing_opens():
    key, _ = SEALER.new_record_key("dossier", "7")
    sealed = key.seal(b"secret")
    other, _ = SEALER.new_record_key("dossier", "7")

    with pytest.raises(CannotOpen):
        other.open(sealed)
    with pytest.raises(CannotOpen):
        SEALER.open(sealed)


def test_a_wrapped_key_is_no_sealed_value():
    _, wrapped = SEALER.new_record_key()

    with pytest.raises(CannotOpen):
        SEALER.open(wrapped)


def test_the_sealer_of_a_root_key_is_made_once():
    assert sealing.sealer(ROOT) is sealing.sealer(ROOT)

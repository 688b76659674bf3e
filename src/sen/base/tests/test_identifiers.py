"""Identifiers made and checked."""

from __future__ import annotations

import datetime as dt
import time
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base import identifiers
from sen.base.identifiers import NationalNumber


def test_new_id_is_a_uuid_of_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    made = identifiers.new_id()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after + 1


def test_ids_of_one_thread_are_in_order_and_never_the_same():
    made = [identifiers.new_id() for _ in range(5000)]

    assert made == sorted(set(made))


def test_ids_stay_in_order_when_the_clock_goes_back(monkeypatch):
    first = identifiers.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)

    assert identifiers.new_id() > first


def test_id_floor_is_below_every_id_of_its_moment_and_above_those_before():
    at = dt.datetime.now(dt.UTC)

    assert identifiers.id_floor(at - dt.timedelta(seconds=1)) < identifiers.id_floor(at)
    assert identifiers.id_floor(at) <= identifiers.new_id()
    assert identifiers.id_floor(at + dt.timedelta(minutes=1)) > identifiers.new_id()


@given(st.uuids())
def test_base32_comes_back(value):
    text = identifiers.to_base32(value)

    assert (len(text), text.islower() or text.isdigit()) == (26, True)
    assert identifiers.from_base32(text) == value


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "1" * 26, "a" * 26 + "\n"])
def test_what_is_no_id_in_base32_is_refused(text):
    with pytest.raises(ValueError, match="base32"):
        identifiers.from_base32(text)


def test_new_secret_is_long_and_never_the_same():
    made = {identifiers.new_secret() for _ in range(100)}

    assert (len(made), {len(secret) for secret in made}) == (100, {26})
    assert all(isinstance(identifiers.from_base32(secret), UUID) for secret in made)


@pytest.mark.parametrize(
    ("text", "digits", "birth_year", "is_male"),
    [
        ("040085001234", "040085001234", 1985, True),
        ("040185001234", "040185001234", 1985, False),
        ("040 2 26 001234", "040226001234", 2026, True),
        ("040.326.001234", "040326001234", 2026, False),
        ("001999000001", "001999000001", 2399, False),
    ],
)
def test_national_number(text, digits, birth_year, is_male):
    number = NationalNumber.parse(text)

    assert (number.digits, number.birth_year, number.is_male) == (digits, birth_year, is_male)


@pytest.mark.parametrize(
    "text", ["", "04008500123", "0400850012345", "04008500123a", "٠٤٠٠٨٥٠٠١٢٣٤"]
)
def test_what_is_no_national_number_is_refused(text):
    with pytest.raises(ValueError, match="twelve digits"):
        NationalNumber.parse(text)


@pytest.mark.parametrize(
    ("birth_year", "is_male", "expected"),
    [
        (None, None, True),
        (1985, True, True),
        (1985, None, True),
        (None, False, False),
        (1986, True, False),
        (1985, False, False),
    ],
)
def test_national_number_fits_what_is_known(birth_year, is_male, expected):
    number = NationalNumber.parse("040085001234")

    assert number.fits(birth_year=birth_year, is_male=is_male) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0100109106", True),  # Viettel
        ("0100686209", True),  # VNPT
        ("0100109106-001", True),
        ("0100109106001", True),
        ("0100109106-000", False),
        ("0100109107", False),
        ("010010910", False),
        ("01001091O6", False),
        ("", False),
    ],
)
def test_tax_code(text, expected):
    assert identifiers.is_tax_code(text) is expected


@given(st.integers(0, 10**9 - 1))
def test_at_most_one_last_digit_makes_a_tax_code(first_nine):
    found = [d for d in range(10) if identifiers.is_tax_code(f"{first_nine:09}{d}")]

    assert len(found) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H41", True),
        ("H41.9.12", True),
        ("G22.99.1.2.3.4.5", True),
        ("H41.9.12.1.2.3.4.5", False),
        ("H41.99999", False),
        ("h41", False),
        ("H4", False),
        ("H41.", False),
        ("H41.1111.1111.1111.1111.1111.1111.1", False),
        ("", False),
    ],
)
def test_agency_code(text, expected):
    assert identifiers.is_agency_code(text) is expected

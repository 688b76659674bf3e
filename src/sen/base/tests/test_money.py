"""Money in words people read."""

from __future__ import annotations

import pytest

from sen.base.money import format_vnd


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0 đồng"),
        (8000, "8.000 đồng"),
        (2_300_000, "2.300.000 đồng"),
        (-1500, "-1.500 đồng"),
    ],
)
def test_format_vnd(amount, text):
    assert format_vnd(amount) == text


@pytest.mark.parametrize(("amount", "text"), [(0, "VND 0"), (2_300_000, "VND 2,300,000")])
def test_format_vnd_in_english(amount, text):
    assert format_vnd(amount, "en") == text

"""The pages on units with every unit of a province."""

from __future__ import annotations

import re

import pytest

from sen.base import clock
from sen.kernel.organisations import public as organisations

HERE = "/quan-tri/don-vi/"


@pytest.fixture(scope="module")
def seeded(seeded) -> None:
    """The demo of other modules, and every unit of the province, laid down once."""
    organisations.seed_province(clock.now())


def listed(answer) -> list[str]:
    """The codes of the units that a page of the tree or of the list shows."""
    return re.findall(r'href="/quan-tri/don-vi/(H41[0-9.]*)/"', answer.content.decode())


def test_a_long_tree_is_shown_to_its_first_level_page_by_page(administrator):
    seen, href = [], HERE
    while href:
        answer = administrator.get(href)
        page = listed(answer)
        assert 0 < len(page) <= 50
        seen += page
        [*_before, href] = ["", *re.findall(r'href="([^"]*sau=H41[^"]*)"', answer.content.decode())]
        href = href.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 1 + 1 + 15 + 130
    assert {code.count(".") for code in seen} == {0, 2}


@pytest.mark.parametrize("words", ["Thái Hoà", "Thái Hòa", "thai hoa"])
def test_a_unit_is_found_by_every_spelling(administrator, words):
    answer = administrator.get(HERE, {"q": words, "loai": "commune"})
    assert listed(answer) == ["H41.9.6939"]


def test_a_code_that_was_chosen_here_says_so_on_its_page(administrator):
    page = administrator.get("/quan-tri/don-vi/H41.9.6939/").content.decode()
    assert "H41.9.6939 (tạm đặt)" in page
    assert "H41 (tạm đặt)" not in administrator.get("/quan-tri/don-vi/H41/").content.decode()

"""What an answer is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.systems.registries import rules

FATHER, OTHER = "040093000101", "040090009999"


@pytest.mark.parametrize(
    ("about", "has_facts", "outcome"),
    [
        (FATHER, True, "found"),
        (FATHER, False, "not_found"),
        ("", False, "not_found"),
        ("", True, "other_person"),
        (OTHER, True, "other_person"),
        (OTHER, False, "other_person"),
    ],
)
def test_only_an_answer_about_whoever_was_asked_for_counts(about, has_facts, outcome):
    """Luật 91/2025/QH15: đúng mục đích, đúng người."""
    assert rules.outcome(asked=FATHER, about=about, has_facts=has_facts) == outcome


@pytest.mark.parametrize(
    ("population", "is_same"),
    [
        (None, True),
        ("found", True),
        ("failed", True),
        ("not_found", False),
        ("other_person", False),
    ],
)
def test_a_name_that_does_not_belong_to_the_number_is_another_person_s(population, is_same):
    """Luật 91/2025/QH15: đúng người."""
    assert rules.is_same_person(population) == is_same


@given(asked=st.text(min_size=1), about=st.text(), has_facts=st.booleans())
def test_nothing_about_another_is_ever_found(asked, about, has_facts):
    found = rules.outcome(asked=asked, about=about, has_facts=has_facts) == "found"
    assert found == (asked == about and has_facts)

"""JsonLogic: the shared vectors, and what a condition may not be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.forms.rules import jsonlogic
from sen.kernel.forms.tests.factories import TODAY

VECTORS = json.loads(Path(__file__).with_name("jsonlogic_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["note"])
def test_every_vector_gives_its_result(vector):
    found = jsonlogic.evaluate(vector["rule"], vector["values"], TODAY)
    assert found == vector["result"]
    assert isinstance(found, bool) == isinstance(vector["result"], bool)
    assert jsonlogic.problems(vector["rule"]) == []


def test_the_vectors_use_every_operator():
    used = set()

    def visit(rule):
        if isinstance(rule, dict):
            used.update(rule)
            for part in rule.values():
                visit(part)
        elif isinstance(rule, list):
            for part in rule:
                visit(part)

    visit([vector["rule"] for vector in VECTORS])
    assert used == set(jsonlogic.ARITIES)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"log": ["x"]}, "unknown operator log"),
        ({"map": [[1], {"var": ""}]}, "unknown operator map"),
        ({"==": [1]}, "== with 1 arguments"),
        ({"==": [1, 1], "!=": [1, 1]}, "an operation names exactly one operator"),
        ({}, "an operation names exactly one operator"),
        ({"var": 1}, "var needs the key of a question"),
        ({"==": [(), 1]}, "a value that JSON does not know"),
        ({"and": [[0] * 50] * 5}, "more than 200 parts"),
    ],
)
def test_a_bad_condition_is_named(rule, problem):
    assert problem in jsonlogic.problems(rule)


def test_a_condition_may_not_be_too_deep():
    rule = True
    for _ in range(30):
        rule = {"!": [rule]}
    assert jsonlogic.problems(rule) == ["deeper than 20"]


def test_references():
    rule = {"and": [{"==": [{"var": "a"}, "x"]}, {"missing": ["b", "c"]}, {"!": {"var": "a"}}]}
    assert jsonlogic.references(rule) == ("a", "b", "c")


def test_no_condition_holds():
    assert jsonlogic.holds(None, {}, TODAY) is True


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
)
rules = st.recursive(
    st.builds(lambda key: {"var": key}, st.sampled_from("abc")) | values,
    lambda inner: st.one_of(
        st.builds(
            lambda name, a, b: {name: [a, b]},
            st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "and", "or", "in", "+", "-", "if",
                             "age", "days"]),
            inner, inner,
        ),
        st.builds(lambda a: {"!": [a]}, inner),
    ),
    max_leaves=20,
)  # fmt: skip


@given(rules, st.dictionaries(st.sampled_from("abc"), values))
def test_a_condition_never_fails(rule, answers):
    jsonlogic.evaluate(rule, answers, TODAY)
    assert jsonlogic.holds({"!": [rule]}, answers, TODAY) != jsonlogic.holds(
        {"!": [{"!": [rule]}]}, answers, TODAY
    )

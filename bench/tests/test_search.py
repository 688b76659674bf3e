"""What the benchmark of the search says of what it measured."""

from __future__ import annotations

from bench import search


def test_phrasings_are_those_of_the_tests():
    asked = search.phrasings()
    assert len(asked) >= 150
    assert all(one.question and one.codes for one in asked)


def test_a_table_has_a_line_for_each_way():
    times = [1.0, 2.0, 3.0]
    found = [
        search.Cost("API", times, {"web": 4.0, "postgresql": 1.5}, 140),
        search.Cost("empty request", times, {"web": 1.0}),
    ]
    assert found[0].whole_ms == 5.5
    assert search.table(found, 150).splitlines()[2:] == [
        "| API | 2.0 | 3.8 | 5.5 | web 4.0, postgresql 1.5 | 140 of 150 |",
        "| empty request | 2.0 | 3.8 | 1.0 | web 1.0 |  |",
    ]


def test_memory_says_how_many_and_how_much():
    assert search.memory().startswith("3328 procedures, ")


def test_what_finds_nothing_is_counted_by_set():
    assert {name: len(asked) for name, asked in search.strangers().items()} == {
        "phrasings_nothing": 57, "nothing_near": 60, "nothing_near_held_out": 60,
    }  # fmt: skip
    assert search.silence({"near": (5, 6)}).splitlines()[3:] == ["| near | 5 of 6 |"]


def test_what_is_begun_is_the_first_half():
    asked = [search.Asked("mất sổ đỏ", frozenset("1")), search.Asked("đất", frozenset("2"))]
    assert [one.question for one in search.begun(asked)] == ["mất ", "đất"]

"""The one statement that does what was gathered."""

from __future__ import annotations

import pytest

from sen.kernel.database import rules
from sen.kernel.database.public import Part
from sen.kernel.database.rules import Gathered, statement


@pytest.fixture
def gathered():
    return Gathered()


def test_nothing_is_gathered_at_first(gathered):
    assert (bool(gathered), gathered.is_full, gathered.parameters) == (False, False, 0)


def test_a_row_is_an_insert(gathered):
    gathered.insert("shelf", {"id": 1, "name": "A"})

    assert bool(gathered) is True
    assert statement(gathered) == (
        'INSERT INTO "shelf" ("id", "name") VALUES (%s, %s)',
        [1, "A"],
    )


def test_rows_of_the_same_columns_are_one_insert_in_their_order(gathered):
    gathered.insert("shelf", {"id": 2, "name": "B"})
    gathered.insert("shelf", {"id": 1, "name": "A"})

    assert statement(gathered) == (
        'INSERT INTO "shelf" ("id", "name") VALUES (%s, %s), (%s, %s)',
        [2, "B", 1, "A"],
    )


def test_other_columns_and_other_tables_are_inserts_of_their_own(gathered):
    gathered.insert("shelf", {"id": 1, "name": "A"})
    gathered.insert("shelf", {"id": 2})
    gathered.insert("book", {"id": 1})
    gathered.insert("shelf", {"id": 3, "name": "C"})

    assert statement(gathered) == (
        (
            'WITH write_0 AS (INSERT INTO "shelf" ("id", "name") VALUES (%s, %s), (%s, %s)),'
            ' write_1 AS (INSERT INTO "shelf" ("id") VALUES (%s))'
            ' INSERT INTO "book" ("id") VALUES (%s)'
        ),
        [1, "A", 3, "C", 2, 1],
    )


def test_rows_without_a_key_are_inserted_as_often_as_they_come(gathered):
    gathered.insert("taken", {"event": 1})
    gathered.insert("taken", {"event": 1})

    assert statement(gathered) == ('INSERT INTO "taken" ("event") VALUES (%s), (%s)', [1, 1])


def test_a_changed_row_is_an_update(gathered):
    gathered.update("shelf", 1, {"name": "B", "place": 3})

    assert statement(gathered) == (
        'UPDATE "shelf" SET "name" = %s, "place" = %s WHERE "id" = %s',
        ["B", 3, 1],
    )


def test_a_row_changed_twice_is_one_update_and_the_later_value_counts(gathered):
    gathered.update("shelf", 1, {"name": "B", "place": 3})
    gathered.update("shelf", 1, {"name": "C", "light": True})
    gathered.update("shelf", 2, {"name": "D"})

    assert statement(gathered) == (
        (
            'WITH write_0 AS (UPDATE "shelf" SET "name" = %s, "place" = %s, "light" = %s'
            ' WHERE "id" = %s) UPDATE "shelf" SET "name" = %s WHERE "id" = %s'
        ),
        ["C", 3, True, 1, "D", 2],
    )


def test_what_is_set_in_a_row_that_waits_is_inserted_with_it(gathered):
    gathered.insert("shelf", {"id": 1, "name": "A", "place": 3})
    gathered.insert("book", {"id": 1, "name": "A"})
    gathered.update("shelf", 1, {"name": "B"})

    assert gathered.updates == {}
    assert statement(gathered) == (
        (
            'WITH write_0 AS (INSERT INTO "shelf" ("id", "name", "place") VALUES (%s, %s, %s))'
            ' INSERT INTO "book" ("id", "name") VALUES (%s, %s)'
        ),
        [1, "B", 3, 1, "A"],
    )


def test_values_handed_in_are_not_changed_by_what_is_set_later(gathered):
    values = {"id": 1, "name": "A"}
    gathered.insert("shelf", values)
    gathered.update("shelf", 1, {"name": "B"})

    assert values == {"id": 1, "name": "A"}


def test_the_last_part_is_run_and_the_others_are_its_rows(gathered):
    gathered.write(
        [
            Part("SELECT %s AS a", ["x"], "new"),
            Part("UPDATE t SET a = {new}.a FROM {new} RETURNING a", (), "changed"),
            Part("INSERT INTO t SELECT * FROM {new} WHERE NOT EXISTS (SELECT FROM {changed})"),
        ]
    )

    assert statement(gathered) == (
        (
            "WITH part_0_new AS (SELECT %s AS a), part_0_changed AS"
            " (UPDATE t SET a = part_0_new.a FROM part_0_new RETURNING a)"
            " INSERT INTO t SELECT * FROM part_0_new WHERE NOT EXISTS (SELECT FROM part_0_changed)"
        ),
        ["x"],
    )


def test_two_statements_may_name_their_parts_alike(gathered):
    for value in ("x", "y"):
        gathered.write(
            [Part("SELECT %s AS a", [value], "new"), Part("INSERT INTO t SELECT a FROM {new}")]
        )

    assert statement(gathered) == (
        (
            "WITH part_0_new AS (SELECT %s AS a), write_1 AS (INSERT INTO t SELECT a FROM part_0_new),"
            " part_1_new AS (SELECT %s AS a) INSERT INTO t SELECT a FROM part_1_new"
        ),
        ["x", "y"],
    )


def test_a_statement_instead_of_one_that_waits_is_run_alone_and_in_its_own_turn(gathered):
    gathered.write([Part("DELETE FROM t WHERE a = %s", [1])], ("tests", 1))
    gathered.write([Part("DELETE FROM t WHERE a = %s", [2])])
    gathered.write([Part("DELETE FROM t WHERE a = %s", [3])])
    gathered.write([Part("DELETE FROM t WHERE a = %s", [4])], ("tests", 1))

    assert statement(gathered)[1] == [2, 3, 4]


def test_rows_that_may_be_there_already_are_an_insert_of_their_own(gathered):
    gathered.insert("shelf", {"id": 1})
    gathered.insert("shelf", {"id": 2}, " ON CONFLICT DO NOTHING")
    gathered.insert("shelf", {"id": 3}, " ON CONFLICT DO NOTHING")

    assert statement(gathered) == (
        (
            'WITH write_0 AS (INSERT INTO "shelf" ("id") VALUES (%s))'
            ' INSERT INTO "shelf" ("id") VALUES (%s), (%s) ON CONFLICT DO NOTHING'
        ),
        [1, 2, 3],
    )


def test_a_column_set_in_a_row_that_waits_without_it_joins_it(gathered):
    gathered.insert("shelf", {"id": 1, "name": "A"})
    gathered.update("shelf", 1, {"name": "B", "place": 3})
    gathered.update("shelf", 1, {"place": 4})

    assert gathered.parameters == 3
    assert statement(gathered) == (
        'INSERT INTO "shelf" ("id", "name", "place") VALUES (%s, %s, %s)',
        [1, "B", 4],
    )


def test_inserts_come_before_updates_and_these_before_parts(gathered):
    gathered.write([Part("DELETE FROM t WHERE a = %s", ["part"])])
    gathered.update("shelf", 1, {"name": "update"})
    gathered.insert("book", {"id": "insert"})

    assert statement(gathered) == (
        (
            'WITH write_0 AS (INSERT INTO "book" ("id") VALUES (%s)),'
            ' write_1 AS (UPDATE "shelf" SET "name" = %s WHERE "id" = %s)'
            " DELETE FROM t WHERE a = %s"
        ),
        ["insert", "update", 1, "part"],
    )


def test_it_is_full_with_so_many_parameters(gathered, monkeypatch):
    monkeypatch.setattr(rules, "MOST_PARAMETERS", 6)
    gathered.insert("shelf", {"id": 1, "name": "A"})
    gathered.update("shelf", 2, {"name": "B"})
    gathered.write([Part("SELECT %s", ["x"], "new")])
    assert (gathered.parameters, gathered.is_full) == (5, False)

    gathered.write([Part("SELECT 1"), Part("SELECT %s", ["y"])])

    assert (gathered.parameters, gathered.is_full) == (6, True)

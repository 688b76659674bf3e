from __future__ import annotations

import uuid

from psycopg.types.json import Jsonb

from bench.floor import TRANSACTIONS, Table, _place, _renewed

ONE, TWO = uuid.uuid4(), uuid.uuid4()


def table(**changes: object) -> Table:
    told = {
        "name": "dossier",
        "columns": ["id", "code", "parent", "number", "said", "seal"],
        "types": ["uuid", "text", "uuid", "bigint", "jsonb", "bytea"],
        "key": ["id"],
        "unique": {"id", "code", "number", "seal"},
        **changes,
    }
    return Table(**told)  # type: ignore[arg-type]  # columns by name


def test_a_row_gets_new_keys_and_keeps_its_shape():
    fresh: dict[uuid.UUID, uuid.UUID] = {}
    row = (ONE, "H41-1234", TWO, 7, {"a": 1}, b"12345678")

    first, code, parent, number, said, seal = _renewed(table(), row, fresh)

    assert (fresh[ONE], fresh[TWO]) == (first, parent)
    assert {first, parent}.isdisjoint({ONE, TWO})
    assert (len(code), code != row[1]) == (8, True)
    assert (number != 7, len(seal), seal != row[5]) == (True, 8, True)
    assert (type(said), said.obj) == (Jsonb, {"a": 1})


def test_a_key_is_the_same_in_every_table_of_one_life():
    fresh: dict[uuid.UUID, uuid.UUID] = {}
    mother = _renewed(table(columns=["id"], types=["uuid"]), (ONE,), fresh)
    child = _renewed(table(columns=["id", "parent"], types=["uuid", "uuid"]), (TWO, ONE), fresh)
    assert child[1] == mother[0]


def test_what_is_neither_key_nor_unique_stays():
    plain = table(
        columns=["name", "rank", "note"], types=["text", "integer", "jsonb"], unique=set()
    )
    assert _renewed(plain, ("Một", 3, None), {}) == ["Một", 3, None]


def test_real_transactions_are_placed_into_seven_in_their_order():
    first = table(transactions=[100, 103, 120])
    second = table(name="task", transactions=[101, 113])
    _place([first, second])
    assert (first.transactions, second.transactions) == ([0, 2, 5], [1, 4])

    many = table(transactions=list(range(500, 570)))
    _place([many])
    assert sorted(set(many.transactions)) == list(range(TRANSACTIONS))
    assert many.transactions == sorted(many.transactions)

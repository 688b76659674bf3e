"""Very many rows: ready lines taken in, keys and indexes made anew, all or nothing."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, connections

from sen.base.identifiers import new_id
from sen.kernel.database import public as database
from sen.kernel.database.tests.factories import DROP, TABLES, Book, Shelf

WHEN = "2026-11-22 10:00:00+07:00"
CLOSED = """
ALTER TABLE database_tests_book ENABLE ROW LEVEL SECURITY;
ALTER TABLE database_tests_book FORCE ROW LEVEL SECURITY;
CREATE POLICY of_nobody ON database_tests_book USING (false);
CREATE INDEX database_tests_book_title ON database_tests_book (title)
"""
KEPT = """
SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
WHERE relname LIKE 'database_tests_%%' ORDER BY relname
"""


@pytest.fixture
def tables():
    """The tables of these tests, as the owner's."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLES)
        cursor.execute(CLOSED)
        yield cursor


def lines(count: int) -> tuple[list[str], list[str]]:
    """Lines of shelves and of books on them."""
    shelves = [f"{new_id()}\tKệ {number}\n" for number in range(count)]
    books = [
        f"{new_id()}\t{shelf[:36]}\tTập 1\\n2\t\\N\t{{a,b}}\t\\\\x0a\t{WHEN}\n" for shelf in shelves
    ]
    return shelves, books


def kept(cursor) -> list[tuple[object, ...]]:
    """Indexes, keys and row security as they stand."""
    cursor.execute(KEPT)
    found = cursor.fetchall()
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid::regclass::text LIKE 'database_tests_%%' AND contype <> 'n' ORDER BY 1"
    )
    return [*found, *cursor.fetchall()]


@pytest.mark.django_db(databases=["owner"])
def test_keys_indexes_and_row_security_are_as_before(tables):
    before = kept(tables)
    shelves, books = lines(3)
    told: list[tuple[int, int]] = []
    with database.bulk_anew([Shelf, Book], tell=lambda *many: told.append(many)) as bulk:
        assert kept(tables) != before
        bulk.take(Shelf, "".join(shelves).encode())
        bulk.take(Book, "".join(books).encode())
    assert kept(tables) == before
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)] != []
    tables.execute("ALTER TABLE database_tests_book NO FORCE ROW LEVEL SECURITY")
    tables.execute("SELECT title, facts, tags, scan FROM database_tests_book")
    assert [(*row[:3], bytes(row[3])) for row in tables.fetchall()] == [
        ("Tập 1\n2", None, ["a", "b"], b"\n")
    ] * 3


@pytest.mark.django_db(databases=["owner"])
def test_rows_that_are_summarised_where_they_lie_lie_in_the_order_of_their_ids(tables):
    tables.execute("CREATE INDEX summary ON database_tests_shelf USING brin (name)")
    shelves, _books = lines(3)
    with database.bulk_anew([Shelf, Book]) as bulk:
        bulk.take(Shelf, "".join(reversed(shelves)).encode())
    tables.execute("SELECT id::text FROM database_tests_shelf ORDER BY ctid")
    assert [row[0] for row in tables.fetchall()] == [line[:36] for line in shelves]
    tables.execute("SELECT count(*) FROM pg_index WHERE indisclustered")
    assert tables.fetchone() == (0,)


@pytest.mark.django_db(databases=["owner"])
def test_what_breaks_a_key_leaves_all_as_it_was(tables):
    before = kept(tables)
    shelves, books = lines(2)

    def load() -> None:
        with database.bulk_anew([Shelf, Book]) as bulk:
            bulk.take(Shelf, "".join(shelves[:1]).encode())
            bulk.take(Book, "".join(books).encode())

    with pytest.raises(IntegrityError):
        load()
    assert kept(tables) == before
    tables.execute("SELECT count(*) FROM database_tests_shelf")
    assert tables.fetchone() == (0,)


@pytest.mark.django_db
def test_a_few_come_in_by_the_open_transaction():
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        shelves, _books = lines(3)
        with database.bulk() as bulk:
            bulk.take(Shelf, "".join(shelves[:2]).encode())
            bulk.take(Shelf, "".join(shelves[2:]).encode())
        cursor.execute("SELECT name FROM database_tests_shelf ORDER BY name")
        assert [row[0] for row in cursor.fetchall()] == ["Kệ 0", "Kệ 1", "Kệ 2"]
        cursor.execute(DROP)

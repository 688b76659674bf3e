"""Joined rows read as models."""

from __future__ import annotations

import pytest
from django.db import connection

from sen.kernel.database.public import Joined, Nested
from sen.kernel.database.tests.factories import Book, Shelf

BOOK = Joined(Book, Shelf)
TITLE = Joined((Book, ("id", "title", "shelf_id")), (Shelf, ("id",)))
FROM = (
    "FROM database_tests_book LEFT JOIN database_tests_shelf"
    " ON database_tests_shelf.id = database_tests_book.shelf_id"
    " ORDER BY database_tests_book.title"
)


@pytest.fixture
def books(tables):
    shelf = Shelf.objects.create(name="A")
    return [
        Book.objects.create(
            title="1", shelf=shelf, facts={"dân": [1, None]}, tags=["x", "y"], scan=b"\x00\xff"
        ),
        Book.objects.create(title="2"),
    ]


def test_columns_are_all_or_those_that_are_named():
    assert BOOK.columns == (
        'database_tests_book."id", database_tests_book."shelf_id", database_tests_book."title",'
        ' database_tests_book."facts", database_tests_book."tags", database_tests_book."scan",'
        ' database_tests_book."changed_at",'
        ' database_tests_shelf."id", database_tests_shelf."name"'
    )
    assert TITLE.columns == (
        'database_tests_book."id", database_tests_book."shelf_id", database_tests_book."title",'
        ' database_tests_shelf."id"'
    )
    assert (BOOK.width, TITLE.width) == (9, 4)


def test_a_row_is_the_objects_that_django_would_make(books, ran):
    with ran() as statements:
        [(book, shelf), (other, none)] = BOOK.rows(f"SELECT {BOOK.columns} {FROM}", [])

    assert (statements, book, shelf, other, none) == (
        ["SELECT"], books[0], books[0].shelf, books[1], None,
    )  # fmt: skip
    assert (book.facts, book.tags, bytes(book.scan), book.changed_at, shelf.name) == (
        {"dân": [1, None]}, ["x", "y"], b"\x00\xff", books[0].changed_at, "A",
    )  # fmt: skip
    assert (other.facts, other.tags, other.scan, other.shelf_id) == (None, None, None, None)
    assert (book.get_deferred_fields(), shelf.get_deferred_fields()) == (set(), set())
    assert (book._state.adding, book._state.db) == (False, "default")


def test_a_row_read_can_be_saved(books):
    [(book, shelf), _] = BOOK.rows(f"SELECT {BOOK.columns} {FROM}", [])
    book.facts, shelf.name = {"b": 2}, "B"
    book.save()
    shelf.save()

    found = Book.objects.select_related("shelf").get(id=books[0].id)
    assert (found.facts, found.shelf.name, Shelf.objects.count()) == ({"b": 2}, "B", 1)


def test_what_is_not_named_is_deferred(books, ran):
    [(book, shelf), _] = TITLE.rows(f"SELECT {TITLE.columns} {FROM}", [])

    assert book.get_deferred_fields() == {"facts", "tags", "scan", "changed_at"}
    assert shelf.get_deferred_fields() == {"name"}
    with ran() as statements:
        assert (book.title, book.shelf_id) == ("1", shelf.id)
    assert statements == []
    with ran() as statements:
        assert (book.facts, shelf.name) == ({"dân": [1, None]}, "A")
    assert statements == ["SELECT", "SELECT"]


def test_what_else_is_selected_comes_after_the_objects(books):
    found = BOOK.rows(
        f"SELECT {BOOK.columns}, %(a)s || database_tests_book.title, NULL {FROM}", {"a": "no "}
    )

    assert list(found) == [
        (books[0], books[0].shelf, "no 1", None),
        (books[1], None, "no 2", None),
    ]


def test_no_row_is_nothing(books):
    sql = f"SELECT {BOOK.columns} {FROM.replace('ORDER BY', 'WHERE false ORDER BY')}"

    assert list(BOOK.rows(sql, [])) == []


def test_a_row_of_ones_own_is_read(books):
    assert Joined(Shelf).models([books[0].shelf_id, "A"]) == [books[0].shelf]
    assert Joined(Shelf).models([None, None]) == [None]


PLAIN = ("id", "title", "shelf_id", "facts", "scan", "changed_at")
WITHIN = {
    "rows": "database_tests_book LEFT JOIN database_tests_shelf"
    " ON database_tests_shelf.id = database_tests_book.shelf_id"
    " WHERE database_tests_book.title <> %(but)s",
    "order": "database_tests_book.title DESC",
}
NESTED = Nested(
    (Book, PLAIN),
    (Shelf, ("id", "name")),
    also=("upper(coalesce(database_tests_shelf.name, 'none'))",),
    **WITHIN,
)


def nested(but: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NESTED.column}", {"but": but})
        return NESTED.read(cursor.fetchone()[0])


def test_rows_within_a_row_are_the_objects_that_django_would_make(books, ran):
    with ran() as statements:
        [(other, none, no_shelf), (book, shelf, name)] = nested("")

    assert (statements, book, shelf, other, none) == (
        ["SELECT"], books[0], books[0].shelf, books[1], None,
    )  # fmt: skip
    assert (book.id, book.shelf_id, book.facts, bytes(book.scan), book.changed_at) == (
        books[0].id, books[0].shelf_id, {"dân": [1, None]}, b"\x00\xff", books[0].changed_at,
    )  # fmt: skip
    assert (other.facts, other.scan, other.shelf_id) == (None, None, None)
    assert (book.get_deferred_fields(), shelf.name) == ({"tags"}, "A")
    assert (no_shelf, name) == ("NONE", "A")


def test_rows_within_a_row_may_be_fewer_or_none(books):
    assert [book for book, *_rest in nested("2")] == [books[0]]
    Book.objects.all().delete()
    assert nested("") == []


def test_what_json_cannot_carry_is_refused():
    with pytest.raises(TypeError, match="no way to read ArrayField out of JSON"):
        Nested(Book, **WITHIN).read("[[]]")

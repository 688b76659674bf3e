"""Writes that wait, and what they wait for."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from sen.base.identifiers import new_id
from sen.kernel.database import public as database
from sen.kernel.database import rules
from sen.kernel.database.public import Part
from sen.kernel.database.tests.factories import Book, Shelf

NAME = "UPDATE database_tests_shelf SET name = name || %s"


def names() -> list[str]:
    return list(Shelf.objects.order_by("name").values_list("name", flat=True))


def notes() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, text, mark FROM database_tests_note ORDER BY text")
        return cursor.fetchall()


# -- What is written


def test_every_kind_of_value_is_written_as_django_writes_it(tables):
    shelf = Shelf(name="A")
    full = Book(
        shelf=shelf,
        title="Sổ hộ tịch 100%",
        facts={"dân": ["ộ", 1, None]},
        tags=["một", "hai, ba"],
        scan=b"\x00%s\xff",
    )
    empty = Book(title="")

    database.insert(shelf, full, empty)

    [found] = Book.objects.filter(title__gt="").select_related("shelf")
    assert (found.shelf, found.title, found.facts, found.tags, bytes(found.scan)) == (
        shelf, "Sổ hộ tịch 100%", {"dân": ["ộ", 1, None]}, ["một", "hai, ba"], b"\x00%s\xff",
    )  # fmt: skip
    assert found.changed_at == full.changed_at
    [found] = Book.objects.filter(title="")
    assert (found.id, found.shelf, found.facts, found.tags, found.scan) == (
        empty.id, None, None, None, None,
    )  # fmt: skip


def test_rows_of_which_some_values_are_null_are_one_insert(tables, ran):
    with ran() as statements:
        database.insert(Book(title="1"), Book(title="2", facts=[], tags=[], scan=b""))
        found = list(Book.objects.order_by("title").values_list("facts", "tags", "scan"))

    assert statements == ["INSERT", "SELECT"]
    assert [found[0], (*found[1][:2], bytes(found[1][2]))] == [
        (None, None, None),
        ([], [], b""),
    ]


def test_an_inserted_row_is_one_that_stands_in_the_database(tables):
    shelf = Shelf(name="A")

    database.insert(shelf)

    assert (shelf._state.adding, shelf._state.db) == (False, "default")
    shelf.name = "B"
    shelf.save()
    assert names() == ["B"]


def test_an_update_writes_the_named_fields_alone(tables):
    book = Book.objects.create(title="1", facts={"a": 1}, tags=["x"])
    before = book.changed_at
    Book.objects.update(scan=b"elsewhere")
    book.title, book.facts, book.tags = "2", {"b": 2}, ["not named"]

    database.update(book, "title", "facts", "changed_at")

    found = Book.objects.get()
    assert (found.title, found.facts, found.tags, bytes(found.scan)) == (
        "2", {"b": 2}, ["x"], b"elsewhere",
    )  # fmt: skip
    assert before < found.changed_at == book.changed_at


def test_a_row_inserted_and_updated_is_one_insert(tables, ran):
    shelf = Shelf(name="A")
    with ran() as statements:
        database.insert(shelf)
        shelf.name = "B"
        database.update(shelf, "name")
        assert names() == ["B"]

    assert statements == ["INSERT", "SELECT"]


def test_a_row_updated_twice_is_one_update(tables, ran):
    book = Book.objects.create(title="1")
    with ran() as statements:
        book.title = "2"
        database.update(book, "title")
        book.title, book.facts = "3", {"a": 1}
        database.update(book, "title")
        database.update(book, "facts")
        assert list(Book.objects.values_list("title", "facts")) == [("3", {"a": 1})]

    assert statements == ["UPDATE", "SELECT"]


def test_a_row_without_a_model_is_inserted_and_updated(tables):
    first, second = new_id(), new_id()
    database.insert_row("database_tests_note", {"id": first, "text": "1"})
    database.insert_row("database_tests_note", {"id": second, "text": "2", "mark": "red"})
    assert notes() == [(first, "1", "none"), (second, "2", "red")]

    database.update_row("database_tests_note", first, {"mark": "blue"})

    assert notes() == [(first, "1", "blue"), (second, "2", "red")]


def test_a_column_set_in_a_row_that_waits_without_it_is_written(tables):
    key = new_id()
    database.insert_row("database_tests_note", {"id": key, "text": "1"})
    database.update_row("database_tests_note", key, {"text": "2", "mark": "red"})

    assert notes() == [(key, "2", "red")]


def test_a_statement_in_parts_is_run_for_its_effect(tables, ran):
    with ran() as statements:
        database.write(
            Part("SELECT %s::uuid AS id, %s AS name", [new_id(), "100%"], "new"),
            Part("INSERT INTO database_tests_shelf (id, name) SELECT id, name FROM {new}"),
        )
        assert names() == ["100%"]

    assert statements == ["WITH", "SELECT"]


def test_a_statement_sees_the_rows_as_they_stood_before_what_waits_with_it(tables):
    Shelf.objects.create(name="old")
    database.insert(Shelf(name="new"))
    database.write(Part(NAME, ["+"]))

    assert names() == ["new", "old+"]


def test_rows_that_refer_to_one_another_are_written_in_any_order(tables, ran):
    shelf = Shelf(name="A")
    with ran() as statements:
        database.insert(Book(title="1", shelf=shelf))
        database.insert(shelf)
        assert Book.objects.get().shelf_id == shelf.id

    assert statements == ["WITH", "SELECT"]


# -- When it is written


def test_within_a_transaction_nothing_is_run_at_once(tables, ran):
    shelf = Shelf(name="A")
    with ran() as statements:
        database.insert(shelf)
        database.update(shelf, "name")
        database.insert_row("database_tests_note", {"id": new_id()})
        database.update_row("database_tests_note", new_id(), {"text": "x"})
        database.write(Part(NAME, ["+"]))

    assert statements == []
    with ran() as statements:
        connection.run_gathered()
        connection.run_gathered()
    assert statements == ["WITH"]


@pytest.mark.parametrize(
    "read",
    [
        Shelf.objects.count,
        lambda: len(list(Shelf.objects.iterator(chunk_size=1))),
        lambda: Shelf.objects.update(name="B"),
        lambda: Shelf.objects.all()._raw_delete("default"),
    ],
)
def test_whatever_is_asked_next_finds_what_was_written(tables, read):
    database.insert(Shelf(name="A"))

    assert read() == 1


def test_many_statements_at_once_come_after_what_was_written(tables):
    database.insert(Shelf(name="A"))
    with connection.cursor() as cursor:
        cursor.executemany(NAME, [["1"], ["2"]])

    assert names() == ["A12"]


def test_what_was_written_comes_before_a_savepoint_and_before_its_release(tables, ran):
    with ran() as statements:
        database.insert(Shelf(name="A"))
        with transaction.atomic():
            database.insert(Shelf(name="B"))

    assert statements == ["INSERT", "SAVEPOINT", "INSERT", "RELEASE"]


def test_a_block_without_a_savepoint_leaves_its_writes_waiting(tables, ran):
    with ran() as statements:
        with transaction.atomic(savepoint=False):
            database.insert(Shelf(name="A"))
        database.insert(Shelf(name="B"))
        assert names() == ["A", "B"]

    assert statements == ["INSERT", "SELECT"]


def test_going_back_to_a_savepoint_forgets_what_came_after_it_alone(tables):
    database.insert(Shelf(name="before"))
    with transaction.atomic():
        database.insert(Shelf(name="run"))
        assert names() == ["before", "run"]
        database.insert(Shelf(name="waits"))
        transaction.set_rollback(True)
    database.insert(Shelf(name="after"))

    assert names() == ["after", "before"]


def test_going_back_to_a_savepoint_undoes_what_was_set_in_a_row_that_waited(tables):
    shelf = Shelf(name="A")
    database.insert(shelf)
    with transaction.atomic():
        shelf.name = "B"
        database.update(shelf, "name")
        transaction.set_rollback(True)

    assert names() == ["A"]


def test_a_refused_write_surfaces_at_its_savepoint_and_is_undone_with_it(tables):
    shelf = Shelf(name="A")
    database.insert(shelf)
    with pytest.raises(IntegrityError), transaction.atomic():
        database.insert(Shelf(name="B"), Shelf(id=shelf.id, name="again"))

    assert names() == ["A"]


def test_a_refused_write_surfaces_with_the_next_statement(tables):
    with transaction.atomic():
        database.write(Part("INSERT INTO database_tests_shelf SELECT NULL, (1 / %s)::text", [0]))
        with pytest.raises(DataError):
            Shelf.objects.count()
        transaction.set_rollback(True)

    assert names() == []


def test_a_full_statement_is_run_before_more_is_added(tables, ran, monkeypatch):
    monkeypatch.setattr(rules, "MOST_PARAMETERS", 4)
    with ran() as statements:
        database.insert(*(Shelf(name=str(number)) for number in range(5)))

    assert statements == ["INSERT", "INSERT"]
    assert names() == ["0", "1", "2", "3", "4"]


def test_more_rows_than_a_statement_takes_are_written(tables):
    database.insert(*(Shelf(name=f"{number:05}") for number in range(40_000)))

    assert Shelf.objects.count() == 40_000


# -- At the end of a transaction


def test_the_commit_writes(committed_tables, ran):
    with ran() as statements, transaction.atomic():
        database.insert(Shelf(name="A"))
        database.insert(Book(title="1"))

    assert statements == ["BEGIN", "WITH", "COMMIT"]
    assert (names(), Book.objects.get().title) == (["A"], "1")


def test_what_runs_after_the_commit_comes_after_what_was_written(committed_tables, ran):
    with ran() as statements, transaction.atomic():
        transaction.on_commit(lambda: Shelf.objects.update(name="B"))
        database.insert(Shelf(name="A"))

    assert (statements, names()) == (["BEGIN", "INSERT", "COMMIT", "UPDATE"], ["B"])


def test_a_rollback_forgets(committed_tables, ran):
    with ran() as statements, transaction.atomic():
        database.insert(Shelf(name="A"))
        transaction.set_rollback(True)

    assert statements == ["BEGIN", "ROLLBACK"]
    with transaction.atomic():
        assert names() == []


def test_an_act_that_breaks_forgets(committed_tables, ran):
    @transaction.atomic
    def act() -> None:
        database.insert(Shelf(name="A"))
        raise ZeroDivisionError

    with ran() as statements, pytest.raises(ZeroDivisionError):
        act()

    assert (statements, names()) == (["BEGIN", "ROLLBACK"], [])


def test_a_write_refused_at_the_commit_surfaces_and_undoes_the_whole(committed_tables):
    shelf = Shelf(name="A")
    after: list[str] = []

    @transaction.atomic
    def act() -> None:
        Shelf.objects.create(name="run before")
        transaction.on_commit(lambda: after.append("committed"))
        database.insert(shelf)
        database.insert(Shelf(id=shelf.id, name="again"))
        after.append("acted")

    with pytest.raises(IntegrityError):
        act()

    assert (names(), after, connection.in_atomic_block) == ([], ["acted"], False)
    with transaction.atomic():
        database.insert(shelf)
    assert names() == ["A"]


def test_outside_a_transaction_each_write_is_run_at_once(committed_tables, ran):
    shelf, key = Shelf(name="A"), new_id()
    with ran() as statements:
        database.insert(shelf, Shelf(name="B"))
        shelf.name = "C"
        database.update(shelf, "name")
        database.insert_row("database_tests_note", {"id": key})
        database.update_row("database_tests_note", key, {"text": "x"})
        database.write(Part(NAME, ["+"]))

    assert statements == ["INSERT", "INSERT", "UPDATE", "INSERT", "UPDATE", "UPDATE"]
    assert (names(), notes()) == (["B+", "C+"], [(key, "x", "none")])


def test_what_waits_on_one_connection_is_no_business_of_another(committed_tables):
    waiting: list[bool] = []

    def look() -> None:
        connection.ensure_connection()
        waiting.append(bool(connection.gathered))
        connection.close()

    with transaction.atomic():
        database.insert(Shelf(name="A"))
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        waiting.append(bool(connection.gathered))

    assert waiting == [False, True]


def test_a_closed_connection_forgets(tables):
    database.insert(Shelf(name="A"))
    database.remembered()["tests.kept"] = 1
    assert bool(connection.gathered)

    other = connection.copy()
    other.gathered.insert("database_tests_shelf", {"id": new_id(), "name": "B"})
    other.remembered["tests.kept"] = 2
    other.close()

    assert (bool(other.gathered), other.remembered) == (False, {})
    assert (bool(connection.gathered), database.remembered()["tests.kept"]) == (True, 1)


# -- What is remembered of a transaction


def test_what_is_remembered_ends_with_the_transaction(committed_db):
    with transaction.atomic():
        database.remembered()["tests.kept"] = dt.date(2026, 11, 21)
        with transaction.atomic():
            assert database.remembered() == {"tests.kept": dt.date(2026, 11, 21)}
    assert database.remembered() == {}

    with transaction.atomic():
        database.remembered()["tests.kept"] = 1
        transaction.set_rollback(True)
    assert database.remembered() == {}


def test_what_is_remembered_ends_with_a_commit_that_is_refused(committed_tables):
    shelf = Shelf(name="A")

    @transaction.atomic
    def act() -> None:
        database.remembered()["tests.kept"] = 1
        database.insert(shelf, Shelf(id=shelf.id, name="again"))

    with pytest.raises(IntegrityError):
        act()

    assert database.remembered() == {}

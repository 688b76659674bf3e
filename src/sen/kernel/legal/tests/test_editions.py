"""What a process remembers, and when it reads again."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from sen.kernel.jobs import public as jobs
from sen.kernel.jobs import registry as job_registry
from sen.kernel.legal import public as legal
from sen.kernel.legal import registry


@pytest.mark.django_db
def test_editions_are_read_once_a_request(django_assert_num_queries):
    legal.begin_request()

    with django_assert_num_queries(1):
        first = legal.editions()
        assert legal.editions() is first
    legal.begin_request()
    with django_assert_num_queries(1):
        legal.editions()


@pytest.mark.django_db
def test_outside_a_request_editions_are_always_fresh(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert legal.editions() == legal.editions()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["values", "grants", "units", "menu", "calendar"])
def test_bump_changes_one_edition_with_one_statement(name, django_assert_num_queries):
    legal.begin_request()
    before = legal.editions()

    with django_assert_num_queries(1):
        legal.bump(name)

    after = legal.editions()
    changed = [n for n in legal.Editions.__slots__ if getattr(before, n) != getattr(after, n)]
    assert changed == [name]


@pytest.mark.django_db
def test_an_answer_is_remembered_until_its_edition_changes():
    calls = []

    def load():
        calls.append(1)
        return len(calls)

    def ask(name="grants"):
        return legal.cached(name, ("tests", 1), load)

    assert (ask(), ask()) == (1, 1)
    legal.bump("menu")
    assert ask() == 1
    legal.bump("grants")
    assert (ask(), ask()) == (2, 2)
    assert ask("menu") == 3
    legal.forget()
    assert ask() == 4


@pytest.mark.django_db
def test_what_was_read_in_an_undone_transaction_is_not_taken_for_true():
    """The number of an undone edition is never given again."""
    with transaction.atomic():
        legal.bump("grants")
        legal.cached("grants", "tests", lambda: "undone")
        transaction.set_rollback(True)

    with transaction.atomic():
        legal.bump("grants")

    assert legal.cached("grants", "tests", lambda: "true") == "true"


@pytest.mark.django_db
def test_what_is_longest_unused_goes_first(monkeypatch):
    monkeypatch.setattr(registry, "MOST", 2)
    calls = []

    def ask(key):
        return legal.cached("units", key, lambda: calls.append(key))

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)

    assert calls == ["a", "b", "c", "b"]


@pytest.mark.django_db
def test_each_job_reads_the_editions_anew(monkeypatch):
    monkeypatch.setattr(job_registry, "_jobs", {})
    seen = []

    @jobs.job("tests.look")
    def look() -> None:
        seen.append(legal.editions().menu)

    jobs.defer("tests.look")
    jobs.run_pending()
    legal.bump("menu")
    jobs.defer("tests.look")
    jobs.run_pending()

    assert seen[0] < seen[1] == legal.editions().menu


def test_a_change_is_seen_by_the_next_request_of_every_thread(committed_db):
    legal.begin_request()
    legal.cached("grants", "tests", lambda: "old")

    def change():
        legal.bump("grants")
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()

    assert legal.cached("grants", "tests", lambda: "new") == "old"
    legal.begin_request()
    assert legal.cached("grants", "tests", lambda: "new") == "new"


@pytest.mark.django_db
def test_editions_read_along_are_kept_for_the_request(django_assert_num_queries):
    known = legal.editions()
    legal.begin_request()
    try:
        with django_assert_num_queries(0):
            legal.keep_editions(known)
            assert legal.editions() == known
    finally:
        legal.end_request()


@pytest.mark.django_db
def test_outside_a_request_nothing_read_along_is_kept(django_assert_num_queries):
    legal.keep_editions(legal.editions())

    with django_assert_num_queries(1):
        legal.editions()

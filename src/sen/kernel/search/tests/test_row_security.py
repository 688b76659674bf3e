"""The second wall: entries are found by units and persons, and words by their index behind it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from sen.base.actor import SYSTEM, Actor
from sen.base.clock import ZONE
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.tests.conftest import (  # noqa: F401 - rights of the tests' own
    RECEIVE,
    make_tree,
    official,
    registered,
)
from sen.kernel.search import public as search
from sen.kernel.search.models import SearchEntry

AT = dt.datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)
KIND = "trial.person"


def put(actor: Actor, **changes) -> None:
    values = {"kind": KIND, "record": new_id(), "code": "1", "title": "Trần Thị Mẫu", "units": ()}
    with access.acting(actor):
        search.index(**{**values, "at": AT, **changes})


def seen(actor: Actor) -> int:
    with access.acting(actor):
        found = SearchEntry.objects.count()
    assert len(search.find(actor, "mau")) == found
    return found


def test_entries_are_seen_by_their_units_and_persons(committed_db, kinds):
    units = make_tree()
    citizen = Actor(account=new_id(), person=new_id())
    put(citizen, units=[units.one.id, units.two.id])  # whoever files need not find it
    put(SYSTEM, persons=[citizen.person])
    put(SYSTEM, units=[new_id()])

    assert SearchEntry.objects.count() == 0
    assert seen(official(units.one, RECEIVE)) == seen(official(units.two, RECEIVE)) == 1
    assert seen(official(units.province)) == 0
    assert seen(citizen) == 1
    assert seen(Actor(account=new_id(), person=new_id())) == 0
    assert seen(SYSTEM) == 3


def test_nothing_is_indexed_by_whoever_has_not_entered(committed_db, kinds):
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        search.index(kind=KIND, record=new_id(), code="1", title="x", units=(), at=AT)


@pytest.mark.parametrize(
    ("name", "more"), [("", ""), ("_all", ""), ("_near", ", 'mau'"), ("_newest", ", 100")]
)
def test_the_function_asks_for_the_actor_whatever_it_is_told(committed_db, kinds, name, more):
    units = make_tree()
    put(SYSTEM, units=[units.one.id])
    told = f'[{{"kinds": ["{KIND}"], "units": ["{units.one.id}"]}}]'

    def found(actor: Actor | None) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            if actor is not None:
                access.enter(actor)
            cursor.execute(
                f"SELECT id FROM search_find{name}("
                f"'mau', NULL, %s, %s, NULL, NULL, NULL, 10{more})",
                [[KIND], told],
            )
            return len(cursor.fetchall())

    assert found(official(units.one, RECEIVE)) == 1
    assert found(official(units.two, RECEIVE)) == found(None) == 0


def test_words_are_found_by_their_index_behind_the_wall(committed_db, kinds, owner_sql):
    units = make_tree()
    officer = official(units.one, RECEIVE)
    put(SYSTEM, units=[units.one.id])
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_searchentry (id, kind, record, code, title, folded, exact, units,"
            " persons, at) SELECT gen_random_uuid(), %s, gen_random_uuid(), n::text, 'x',"
            " array_to_tsvector(ARRAY['w' || n]), '', ARRAY[%s::uuid], '{}', now()"
            " FROM generate_series(1, 20000) n",
            [KIND, units.one.id],
        )
    owner_sql("SELECT gin_clean_pending_list('search_entry_found')")
    owner_sql("ANALYZE search_searchentry")

    def scans() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_get_xact_numscans('search_searchentry'::regclass),"
                " pg_stat_get_xact_numscans('search_entry_found'::regclass)"
            )
            return cursor.fetchone()

    with access.acting(officer):
        before = scans()
        assert [hit.title for hit in search.find(officer, "mau")] == ["Trần Thị Mẫu"]
        after = scans()

    assert (after[0] - before[0], after[1] - before[1]) == (0, 2)

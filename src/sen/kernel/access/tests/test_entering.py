from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from sen.base import row_security
from sen.base.actor import ANONYMOUS, SYSTEM, Actor
from sen.base.identifiers import new_id
from sen.kernel.access import public as access
from sen.kernel.access.tests.conftest import AT, RECEIVE, citizen, make_tree, official
from sen.kernel.legal import public as legal

TABLE = "access_test_dossier"
KIND = "access_test.record"


@pytest.fixture
def wall(committed_db, owner_sql):
    """Make a table behind the wall and fill it; everything here commits for real."""
    owner_sql(
        f"CREATE TABLE {TABLE} (id uuid PRIMARY KEY, unit_id uuid, competent_id uuid, person_id uuid, due int);"
        f"CREATE INDEX {TABLE}_inbox ON {TABLE} (unit_id, due, id);"
        + access.rls_policy_sql(
            TABLE,
            unit_columns=["unit_id", "competent_id"],
            person_columns=["person_id"],
            record_column="id",
        )
    )
    yield make_tree()
    owner_sql(f"DROP TABLE {TABLE}")


def insert(unit=None, competent=None, person=None):
    record = new_id()
    with access.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, 1)", [record, unit, competent, person]
        )
    return record


def ids() -> set:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {TABLE}")
        return {row[0] for row in cursor.fetchall()}


def seen(actor: Actor) -> set:
    with access.acting(actor):
        return ids()


def test_without_an_actor_there_is_no_row(wall):
    insert(unit=wall.one.id)

    assert ids() == set()
    with transaction.atomic():
        assert ids() == set()


def test_each_actor_sees_the_own_rows(wall):
    mother, child = citizen(), new_id()
    father = Actor(account=new_id(), person=new_id(), acting_for=child)
    received, competent = insert(unit=wall.one.id), insert(unit=wall.two.id, competent=wall.one.id)
    own, childs, shared = (
        insert(person=mother.person),
        insert(person=child),
        insert(unit=wall.two.id),
    )
    access.participate_many(
        record=shared,
        kind=KIND,
        units={wall.one.id: "helped"},
        persons={mother.person: "owner"},
        at=AT,
    )

    officer = official(wall.one, RECEIVE)
    assert seen(officer) == {received, competent, shared}
    assert seen(official(wall.two, RECEIVE)) == {competent, shared}
    assert seen(official(wall.one)) == set()
    assert seen(mother) == {own, shared}
    assert seen(father) == {childs}
    assert seen(ANONYMOUS) == set()
    assert seen(SYSTEM) == {received, competent, own, childs, shared}

    access.leave(record=shared, unit=wall.one.id, at=AT)
    assert seen(officer) == {received, competent}


def test_rows_of_others_are_neither_changed_nor_deleted(wall):
    record = insert(unit=wall.two.id)

    with access.acting(official(wall.one, RECEIVE)), connection.cursor() as cursor:
        for statement in (f"UPDATE {TABLE} SET due = 2", f"DELETE FROM {TABLE}"):
            cursor.execute(statement)
            assert cursor.rowcount == 0

    assert seen(SYSTEM) == {record}


def test_owner_of_the_table_is_bound_too(wall, owner_sql):
    record = insert(unit=wall.one.id)

    owner_sql(f"DELETE FROM {TABLE}")

    assert seen(SYSTEM) == {record}


@pytest.mark.parametrize(
    ("who", "may"),
    [("citizen", True), ("officer", True), ("system", True), ("visitor", False), ("nobody", False)],
)
def test_only_who_entered_writes_new_rows(wall, who, may):
    actors = {
        "citizen": citizen(),
        "officer": official(wall.one, RECEIVE),
        "system": SYSTEM,
        "visitor": ANONYMOUS,
    }

    def write():
        with transaction.atomic(), connection.cursor() as cursor:
            if who in actors:
                access.enter(actors[who])
            cursor.execute(
                f"INSERT INTO {TABLE} VALUES (%s, %s, NULL, NULL, 1)", [new_id(), wall.two.id]
            )

    if may:
        write()
    else:
        with pytest.raises(Exception, match="row-level security"):
            write()
    assert len(seen(SYSTEM)) == may


def test_entering_is_one_statement_and_only_once_a_transaction(wall, django_assert_num_queries):
    officer, other = official(wall.one, RECEIVE), official(wall.two, RECEIVE)
    legal.begin_request()
    access.rights(officer), access.rights(other)

    with transaction.atomic():
        with django_assert_num_queries(1):
            access.enter(officer)
            access.enter(officer)
        with django_assert_num_queries(2):
            access.enter(other)
            access.enter(officer)
    with transaction.atomic(), django_assert_num_queries(1):
        access.enter(officer)
    legal.end_request()


def test_entering_again_after_a_rolled_back_part(wall):
    record = insert(unit=wall.one.id)
    officer = official(wall.one, RECEIVE)

    with transaction.atomic():
        point = transaction.savepoint()
        access.enter(officer)
        transaction.savepoint_rollback(point)
        assert ids() == set()
        access.enter(officer)
        assert ids() == {record}


def test_actor_is_gone_with_the_transaction(wall):
    insert(unit=wall.one.id)
    seen(SYSTEM)

    assert ids() == set()


def test_entering_outside_a_transaction_is_a_fault_of_the_program(wall):
    with pytest.raises(TransactionManagementError):
        access.enter(SYSTEM)


def test_wall_can_be_taken_down(wall, owner_sql):
    record = insert(unit=wall.one.id)

    owner_sql(access.rls_no_policy_sql(TABLE))

    assert ids() == {record}
    owner_sql(access.rls_policy_sql(TABLE, unit_columns=["unit_id"]))
    assert ids() == set()


def test_list_of_a_unit_uses_its_index_behind_the_wall(wall, owner_sql):
    owner_sql(access.rls_no_policy_sql(TABLE))
    owner_sql(
        f"INSERT INTO {TABLE} SELECT gen_random_uuid(), u.id, NULL, gen_random_uuid(), mod(n, 1000)"
        " FROM generate_series(1, 20000) n, LATERAL (SELECT id FROM organisations_unit ORDER BY code OFFSET mod(n, 5) LIMIT 1) u"
    )
    owner_sql(
        "INSERT INTO access_participation (id, record, kind, unit, why, since)"
        f" SELECT gen_random_uuid(), id, '{KIND}', unit_id, 'received', now() FROM {TABLE}"
    )
    owner_sql(
        access.rls_policy_sql(
            TABLE,
            unit_columns=["unit_id", "competent_id"],
            person_columns=["person_id"],
            record_column="id",
        )
        + f"ANALYZE {TABLE}; ANALYZE access_participation"
    )

    def plan(sql, *parameters) -> str:
        with access.acting(official(wall.one, RECEIVE)), connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) {sql}",
                parameters,
            )
            return "\n".join(row[0] for row in cursor.fetchall())

    units = plan(
        f"SELECT * FROM {TABLE} WHERE unit_id = ANY(%s) ORDER BY due, id LIMIT 50", [wall.one.id]
    )
    unit = plan(f"SELECT * FROM {TABLE} WHERE unit_id = %s ORDER BY due, id LIMIT 50", wall.one.id)
    for found in (units, unit):
        assert "Index Cond: (unit_id = " in found
        assert "Seq Scan" not in found
        assert "hashed" not in found
        # settings are read once, and who sees a row by its unit asks for no participation
        assert "InitPlan 3\n    ->  Result (actual rows=1.00 loops=1)" in found
        assert f"{TABLE}_inbox" in found
        assert "p (never executed)" in found
    assert "Sort" not in unit

    one = plan(f"SELECT * FROM {TABLE} WHERE id = %s", new_id())
    assert f"Index Scan using {TABLE}_pkey" in one
    assert "Seq Scan" not in one


def test_values_of_the_settings_are_array_literals():
    one, two = new_id(), new_id()

    assert row_security.enter_values(persons=[one], units=[one, two]) == (
        f"{{{one.hex}}}",
        f"{{{one.hex},{two.hex}}}",
        "",
        "off",
    )
    assert row_security.enter_values(is_system=True) == ("{}", "{}", "", "on")

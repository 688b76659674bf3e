from __future__ import annotations

from uuid import UUID

import pytest

from sen.base import row_security

ONE, TWO = UUID(int=1), UUID(int=2)


def test_values_of_an_actor_are_array_literals():
    values = row_security.enter_values(persons=[ONE], units=[ONE, TWO], account=TWO)

    assert values == (f"{{{ONE.hex}}}", f"{{{ONE.hex},{TWO.hex}}}", TWO.hex, "off")
    assert row_security.enter_values(is_system=True) == ("{}", "{}", "", "on")


@pytest.mark.parametrize(
    ("columns", "conditions"),
    [
        ({}, 0),
        ({"unit_columns": ["unit_id", "competent_id"]}, 2),
        ({"unit_columns": ["unit_id"], "person_columns": ["person_id"], "record_column": "id"}, 4),
    ],
)
def test_policy_asks_for_each_column_that_is_named(columns, conditions):
    sql = row_security.policy_sql("t", **columns)

    assert sql.startswith("ALTER TABLE t ENABLE ROW LEVEL SECURITY;\nALTER TABLE t FORCE")
    using = sql.split("USING")[1].split("WITH CHECK")[0]
    assert using.count("ANY(") == conditions
    assert ("access_participation" in using) == ("record_column" in columns)


def test_policy_compares_the_account_with_the_one_signed_in():
    using = row_security.policy_sql("t", account_columns=["account"]).split("USING")[1]

    assert "t.\"account\" = (SELECT NULLIF(current_setting('sen.account', true), '')" in using


def test_archive_is_read_by_the_system_alone_and_written_by_all():
    sql = row_security.archive_policy_sql("t")

    assert sql.splitlines()[3:] == [
        "USING ((SELECT current_setting('sen.system', true) = 'on'))",
        "WITH CHECK (true);",
    ]


def test_policy_is_taken_back_in_the_other_order():
    lines = row_security.no_policy_sql("t").splitlines()

    assert [line.split()[0] for line in lines] == ["DROP", "ALTER", "ALTER"]

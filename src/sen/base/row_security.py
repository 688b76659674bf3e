"""SQL text of the second wall: row-level security that knows the actor of a transaction.

Four settings, local to a transaction, say who acts: the persons (oneself and whom one acts for),
the units in which one has any right, the account signed in, and whether the system itself acts.
Without them a protected table shows no row. Names of tables and columns come from constants, never
from people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

PERSONS = "sen.persons"
UNITS = "sen.units"
ACCOUNT = "sen.account"
SYSTEM = "sen.system"

ENTER_SQL = (
    f"SELECT set_config('{PERSONS}', %s, true), set_config('{UNITS}', %s, true),"
    f" set_config('{ACCOUNT}', %s, true), set_config('{SYSTEM}', %s, true)"
)
"""Sets the actor for the rest of the transaction; parameters as `enter_values` gives them."""

POLICY = "sen_actor"
PARTICIPATION = "access_participation"


def enter_values(
    *,
    persons: Iterable[UUID] = (),
    units: Iterable[UUID] = (),
    account: UUID | None = None,
    is_system: bool = False,
) -> tuple[str, str, str, str]:
    """Return the four parameters of ENTER_SQL."""
    signed_in = account.hex if account else ""
    return _array(persons), _array(units), signed_in, "on" if is_system else "off"


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(one.hex for one in ids) + "}"


def _ids(setting: str) -> str:
    """Return a setting as an array of ids, read and cast once a statement (an InitPlan).

    The outer cast keeps ANY(...) from taking the subquery for a list of rows.
    """
    return f"(SELECT NULLIF(current_setting('{setting}', true), '')::uuid[])::uuid[]"


def _account() -> str:
    return f"(SELECT NULLIF(current_setting('{ACCOUNT}', true), '')::uuid)"


def _is_system() -> str:
    return f"(SELECT current_setting('{SYSTEM}', true) = 'on')"


def actor_conditions() -> dict[str, str]:
    """Return the SQL of who acts, read once a statement: the conditions and arrays of policies.

    For functions of the database that look behind the wall for their caller, and must ask the same.
    """
    return {"is_system": _is_system(), "persons": _ids(PERSONS), "units": _ids(UNITS)}


def policy_sql(
    table: str,
    *,
    unit_columns: Sequence[str] = (),
    person_columns: Sequence[str] = (),
    account_columns: Sequence[str] = (),
    unit_arrays: Sequence[str] = (),
    person_arrays: Sequence[str] = (),
    record_column: str | None = None,
) -> str:
    """Return the statements that close a table to all but those concerned with a row.

    A row is seen and changed by the system, by a person or an account named in one of the columns,
    by whoever has a right in a unit named in one of the columns (or of the arrays, which hold
    several), and, through `record_column`, by whoever takes part in that record now (see
    `access.participate`). New rows may be written by every actor who entered; a row that its
    writer cannot see cannot be read back by him.
    The owner of the table is bound too.
    """
    seen = [_is_system()]
    seen += [f"{_column(table, column)} = ANY({_ids(PERSONS)})" for column in person_columns]
    seen += [f"{_column(table, column)} = ANY({_ids(UNITS)})" for column in unit_columns]
    seen += [f"{_column(table, column)} = {_account()}" for column in account_columns]
    seen += [f"{_column(table, column)} && {_ids(PERSONS)}" for column in person_arrays]
    seen += [f"{_column(table, column)} && {_ids(UNITS)}" for column in unit_arrays]
    if record_column is not None:
        seen.append(
            # a scalar subquery with LIMIT stays one index probe a row; EXISTS might be hashed
            f"(SELECT true FROM {PARTICIPATION} p"
            f" WHERE p.record = {_column(table, record_column)} AND p.until IS NULL"
            f" AND (p.person = ANY({_ids(PERSONS)}) OR p.unit = ANY({_ids(UNITS)})) LIMIT 1)"
        )
    entered = (
        f"{_is_system()} OR cardinality({_ids(PERSONS)}) > 0 OR cardinality({_ids(UNITS)}) > 0"
    )
    return _closed(table, seen=" OR ".join(seen), written=entered)


def archive_policy_sql(table: str) -> str:
    """Return the statements that close a table to which every act may add, and none may look.

    Only the system reads, changes and deletes its rows: what an act leaves for the archive.
    """
    return _closed(table, seen=_is_system(), written="true")


def _closed(table: str, *, seen: str, written: str) -> str:
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY {POLICY} ON {table}\n"
        f"USING ({seen})\n"
        f"WITH CHECK ({written});"
    )


def no_policy_sql(table: str) -> str:
    """Return the statements that take `policy_sql` back."""
    return (
        f"DROP POLICY {POLICY} ON {table};\n"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )


def _column(table: str, column: str) -> str:
    return f'{table}."{column}"'

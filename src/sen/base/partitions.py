"""SQL text of the tables that grow: one partition a month, cut by the time in their UUIDv7 ids.

A growing table is `PARTITION BY RANGE (id)`. Its partitions are named `<table>_202611` and reach
from the first moment of a month in the law's zone to the first of the next. Names of tables come
from constants, never from people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sen.base import clock
from sen.base.identifiers import id_floor

MONTHS_AHEAD = 12
"""How many months after the present one always have their partition."""


def month_of(on: dt.date) -> dt.date:
    """Return the first day of the month of a day."""
    return on.replace(day=1)


def add_months(month: dt.date, count: int) -> dt.date:
    """Return the first day of the month `count` months after (or before) a month's first day."""
    number = month.year * 12 + month.month - 1 + count
    return dt.date(number // 12, number % 12 + 1, 1)


def months_from(on: dt.date, *, before: int = 1, ahead: int = MONTHS_AHEAD) -> list[dt.date]:
    """Return the first days of the months around a day that need a partition."""
    return [add_months(month_of(on), count) for count in range(-before, ahead + 1)]


def name_of(table: str, month: dt.date) -> str:
    """Return the name of a table's partition of one month."""
    return f"{table}_{month:%Y%m}"


def month_named(table: str, partition: str) -> dt.date | None:
    """Return the month of a partition by its name, None where the name is not ours."""
    digits = partition.removeprefix(f"{table}_")
    if len(digits) != len("202611") or not digits.isdigit():
        return None
    year, month = int(digits[:4]), int(digits[4:])
    return dt.date(year, month, 1) if 1 <= month <= 12 else None  # noqa: PLR2004 - months


def create_sql(table: str, month: dt.date) -> str:
    """Return the statement that makes a table's partition of one month, if it is missing."""
    first = id_floor(clock.moment(month))
    last = id_floor(clock.moment(add_months(month, 1)))
    return (
        f"CREATE TABLE IF NOT EXISTS {name_of(table, month)} PARTITION OF {table} "
        f"FOR VALUES FROM ('{first}') TO ('{last}')"
    )


def drop_sql(table: str, month: dt.date) -> str:
    """Return the statement that drops a table's partition of one month with its rows."""
    return f"DROP TABLE IF EXISTS {name_of(table, month)}"


def outdated(
    table: str, existing: Iterable[str], *, on: dt.date, keep_months: int
) -> list[dt.date]:
    """Return the months whose partitions have been kept for longer than `keep_months`.

    existing: the names of the table's partitions. A name that is not ours is left alone.
    """
    oldest = add_months(month_of(on), -keep_months)
    months = (month_named(table, partition) for partition in existing)
    return sorted(month for month in months if month is not None and month < oldest)


def close_sql(relation: str, role: str) -> str:
    """Return the statement that takes every right on a partition from the application's role.

    Rows are reached through the parent, whose rights alone then count.
    """
    return f"REVOKE ALL ON {relation} FROM {quoted(role)}"


def allow_only_sql(table: str, role: str, *rights: str) -> list[str]:
    """Return the statements that leave a role with exactly these rights on a table.

    rights: such as INSERT and SELECT, for a table in which nothing may be changed afterwards.
    """
    return [
        f"REVOKE ALL ON {table} FROM {quoted(role)}",
        f"GRANT {', '.join(rights)} ON {table} TO {quoted(role)}",
    ]


def quoted(identifier: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'

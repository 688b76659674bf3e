"""What the same work costs at least: the rows alone, then with the papers and the signatures.

The row floor writes the rows of one measured life, as they were found in the database, by plain
SQL into tables of the same shape with the same indexes, in seven transactions. Rows of the queue
and rows that are gone at a life's end are left out. The job floor adds the same papers by Typst,
as many signatures by pyHanko with a warm P-256 key, the same files flushed to disk, and as many
requests to an application that does nothing behind the same adapter.
"""

from __future__ import annotations

import os
import secrets
import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.processes import tree_ms
from bench.server import Server

SCHEMA = "bench_floor"
TRANSACTIONS = 7
"""A life is at least filed, received, assigned, supplemented, decided, issued and handed over."""


@dataclass
class Table:
    """The rows that a life leaves in one table. updates: how often one of them was changed."""

    name: str
    columns: list[str]
    types: list[str]
    key: list[str]
    unique: set[str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    transactions: list[int] = field(default_factory=list)
    """For each row, in which of the transactions it was written."""
    updates: int = 0


@dataclass(frozen=True)
class RowFloor:
    """What plain SQL needed. statements: per life. cpu_ms: of client and server, per life."""

    statements: int
    rows: int
    updates: int
    client_ms: float
    server_ms: float
    wall_ms: float

    @property
    def cpu_ms(self) -> float:
        """CPU time of a life's rows."""
        return self.client_ms + self.server_ms


@contextmanager
def recorded(server: Server) -> Iterator[list[Table]]:
    """Record what one life leaves in the database; the list is filled in at the end."""
    found: list[Table] = []
    with server.connect() as connection:
        horizon = _one(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        before = _updates(connection)
        yield found
        time.sleep(1.5)  # the counters of the statistics are written once a second
        after = _updates(connection)
        for name in _tables(connection):
            table = _table(connection, name, horizon)
            table.updates = after.get(name, 0) - before.get(name, 0)
            if table.rows:
                found.append(table)
    _place(found)


def rows(server: Server, tables: list[Table], *, lives: int) -> RowFloor:
    """Write the rows of so many lives and return what one of them cost."""
    with server.connect() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in tables:
            connection.execute(
                f'CREATE TABLE {SCHEMA}."{table.name}" (LIKE public."{table.name}"'
                " INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES INCLUDING CONSTRAINTS)"
            )
        connection.autocommit = False
        pid = connection.info.backend_pid
        for _warm in range(3):
            _write(connection, tables)
        began = (time.thread_time(), tree_ms(pid), time.perf_counter())
        walls, count = [], 0
        for _life in range(lives):
            start = time.perf_counter()
            count = _write(connection, tables)
            walls.append(time.perf_counter() - start)
        client = time.thread_time() - began[0]
        server_ms = tree_ms(pid) - began[1]
        connection.autocommit = True
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    return RowFloor(
        statements=count,
        rows=sum(len(table.rows) for table in tables),
        updates=sum(table.updates for table in tables),
        client_ms=client * 1000 / lives,
        server_ms=server_ms / lives,
        wall_ms=statistics.median(walls) * 1000,
    )


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the tables of facts, cut ones by their whole name; the queue's are only a means."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = 'public'::regnamespace AND NOT starts_with(relname, 'procrastinate_')"
        " ORDER BY relname"
    )
    return [row[0] for row in found]


def _updates(connection: psycopg.Connection[Any]) -> dict[str, int]:
    found = connection.execute(
        "SELECT coalesce(pg_partition_root(relid), relid)::regclass::text, sum(n_tup_upd)"
        " FROM pg_stat_user_tables WHERE schemaname = 'public' GROUP BY 1"
    )
    return {row[0]: int(row[1]) for row in found}


def _table(connection: psycopg.Connection[Any], name: str, horizon: int) -> Table:
    """Return a table with the rows that were written since a transaction."""
    shape = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod), attidentity <> '' OR atthasdef"
        " FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [f'public."{name}"'],
    ).fetchall()
    indexed = connection.execute(
        "SELECT attname, indisprimary FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
        " AND attnum = ANY(indkey) WHERE indrelid = %s::regclass AND indisunique",
        [f'public."{name}"'],
    ).fetchall()
    key = [column for column, is_primary in indexed if is_primary]
    # What the database numbers by itself it also numbers here.
    kept = [(column, kind) for column, kind, has in shape if not (has and column in key)]
    columns = [column for column, _kind in kept]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("SELECT xmin::text::bigint, {} FROM {} WHERE xmin::text::bigint >= {}").format(
        listed, sql.Identifier(name), sql.Literal(horizon)
    )
    table = Table(
        name=name,
        columns=columns,
        types=[kind for _column, kind in kept],
        key=[one for one in key if one in columns],
        unique={column for column, _is_primary in indexed},
    )
    for transaction, *values in connection.execute(query):
        table.transactions.append(transaction)
        table.rows.append(tuple(values))
    return table


def _place(tables: list[Table]) -> None:
    """Put the transactions in which the rows were really written into seven, in their order."""
    real = sorted({one for table in tables for one in table.transactions})
    place = {one: index * TRANSACTIONS // len(real) for index, one in enumerate(real)}
    for table in tables:
        table.transactions = [place[one] for one in table.transactions]


def _write(connection: psycopg.Connection[Any], tables: list[Table]) -> int:
    """Write one life's rows under new keys; return how many statements that took."""
    fresh: dict[uuid.UUID, uuid.UUID] = {}
    count = 0
    for transaction in range(TRANSACTIONS):
        for table in tables:
            mine = [
                _renewed(table, row, fresh)
                for row, place in zip(table.rows, table.transactions, strict=True)
                if place == transaction
            ]
            if mine:
                _insert(connection, table, mine)
                count += 1 + _change(connection, table, mine)
        connection.commit()
    return count


def _insert(connection: psycopg.Connection[Any], table: Table, mine: list[list[Any]]) -> None:
    line = "(" + ", ".join(["%s"] * len(table.columns)) + ")"
    names = ", ".join(f'"{column}"' for column in table.columns)
    connection.execute(
        f'INSERT INTO {SCHEMA}."{table.name}" ({names}) VALUES {", ".join([line] * len(mine))}',
        [value for row in mine for value in row],
    )


def _change(connection: psycopg.Connection[Any], table: Table, mine: list[list[Any]]) -> int:
    """Change a row as often as the life did, its share for each of the rows; return how often."""
    if not table.key:
        return 0
    wanted = round(table.updates * len(mine) / len(table.rows))
    names = [column for column in table.columns if column not in table.key]
    changes = ", ".join(f'"{column}" = %s' for column in names)
    where = " AND ".join(f'"{column}" = %s' for column in table.key)
    values = dict(zip(table.columns, mine[0], strict=True))
    for _time in range(wanted):
        connection.execute(
            f'UPDATE {SCHEMA}."{table.name}" SET {changes} WHERE {where}',
            [*(values[name] for name in names), *(values[name] for name in table.key)],
        )
    return wanted


def _renewed(table: Table, row: tuple[Any, ...], fresh: dict[uuid.UUID, uuid.UUID]) -> list[Any]:
    """Return a row under new keys, the same everywhere in one life."""
    found: list[Any] = []
    for column, kind, value in zip(table.columns, table.types, row, strict=True):
        if isinstance(value, uuid.UUID):
            found.append(fresh.setdefault(value, uuid.UUID(bytes=os.urandom(16))))
        elif column in table.unique and isinstance(value, str):
            found.append(secrets.token_hex(len(value))[: len(value)])
        elif column in table.unique and isinstance(value, bytes):
            found.append(os.urandom(len(value)))
        elif column in table.unique and isinstance(value, int) and kind == "bigint":
            found.append(secrets.randbelow(2**62))
        elif kind in {"json", "jsonb"} and value is not None:
            found.append(Jsonb(value))
        else:
            found.append(value)
    return found

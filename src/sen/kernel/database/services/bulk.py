"""Very many new rows at once, by COPY: for whoever runs the installation, no verb."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection as current
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper

from sen.kernel.database.services.writing import columns_of, run

Tell = Callable[[int, int], None]
"""Hears how many are done, of how many."""

OWNER = "owner"
_MEMORY = "256MB"
"""What building an index may take."""
_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype::text
FROM pg_constraint WHERE conparentid = 0 AND contype IN ('f', 'p', 'u', 'x')
    AND (conrelid = ANY(%s::regclass[]) OR (contype = 'f' AND confrelid = ANY(%s::regclass[])))
ORDER BY contype = 'f', contype <> 'p', conname
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1
"""
_SUMMARISED = """
SELECT DISTINCT i.indrelid::regclass::text, k.conname FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'
JOIN pg_constraint k ON k.conrelid = i.indrelid AND k.contype = 'p'
WHERE i.indrelid = ANY(%s::regclass[]) ORDER BY 1
"""
"""Tables whose rows are looked for by where they lie, and their primary keys."""
_TABLES = """
SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm', 'p')
    AND relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'USAGE') ORDER BY 1
"""
_FORCED = """
SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND oid = ANY(%s::regclass[])
"""


def load(rows: Iterable[models.Model]) -> int:
    """Insert many new rows, whose keys are known, by COPY; return how many.

    For a year of dossiers at once: no verb, hence no right, rule or trail; whoever calls it writes
    what the verbs would have written, and `sen data verify` holds it against their invariants.
    Within a transaction that was entered, tables in the order in which they first come. Where row
    security binds the table, which COPY does not know, by way of a table of this transaction.
    """
    run()
    waiting: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        waiting.setdefault(type(row), []).append(row)
    return sum(_load(model, waiting[model]) for model in waiting)


def analyze(*, vacuum: bool = False, tell: Tell | None = None) -> None:
    """Let PostgreSQL count all tables anew, as the owner: after a load its plans are guesses.

    vacuum: tidy up too, so that what was loaded is read from indexes alone. Not in a transaction.
    tell: hears how many tables are done, of how many.
    """
    what = "VACUUM (ANALYZE)" if vacuum else "ANALYZE"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_TABLES)
        _run_all(cursor, [f"{what} {table}" for (table,) in cursor.fetchall()], tell)


class Bulk:
    """Takes ready lines of COPY's text into tables, within one transaction.

    cursor, alias: of the connection by which they come in, for what belongs to its transaction.
    """

    def __init__(self, cursor: CursorWrapper, alias: str) -> None:
        """Load by this cursor's connection, where row security binds a table by way of another."""
        self.cursor, self.alias = cursor, alias
        self._bound: dict[str, bool] = {}

    def take(self, model: type[models.Model], lines: bytes) -> None:
        """Insert rows of a table: a line each, its columns as `copied` names them, in order."""
        table, columns = copied(model)
        names = ", ".join(f'"{name}"' for name, _attribute, _adapted in columns)
        target = f"bulk_{table}" if self._is_bound(table, names) else table
        with self.cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            copy.write(lines)
        if target != table:
            self.cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {target}")
            self.cursor.execute(f"TRUNCATE {target}")

    def end(self) -> None:
        """Take away what stood in for tables that row security binds."""
        for table in [table for table, bound in self._bound.items() if bound]:
            self.cursor.execute(f"DROP TABLE bulk_{table}")

    def _is_bound(self, table: str, names: str) -> bool:
        if table not in self._bound:
            self._bound[table] = is_bound(self.cursor, table)
            if self._bound[table]:
                _stand_in(self.cursor, f"bulk_{table}", table, names)
        return self._bound[table]


@contextmanager
def bulk() -> Iterator[Bulk]:
    """Load within the open transaction, tables as they are: for thousands of rows."""
    run()
    with current.cursor() as cursor:
        found = Bulk(cursor, current.alias)
        yield found
        found.end()


@contextmanager
def bulk_anew(
    tables: Collection[type[models.Model]], *, tell: Tell | None = None
) -> Iterator[Bulk]:
    """Load millions of rows in one transaction of the owner; indexes and keys are made anew after.

    Nobody else reads or writes these tables meanwhile. All or nothing: whatever fails, even a
    process that is killed, leaves rows, keys, indexes and row security as they were.
    tell: hears how many keys and indexes are there again, of how many.
    """
    names = sorted(model._meta.db_table for model in tables)  # noqa: SLF001 - Django's own name
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
        again = _take_off(cursor, names)
        yield Bulk(cursor, OWNER)
        _run_all(cursor, again, tell)


def _run_all(cursor: CursorWrapper, statements: Sequence[str], tell: Tell | None) -> None:
    for done, statement in enumerate(statements, start=1):
        cursor.execute(statement)
        if tell is not None:
            tell(done, len(statements))


def _take_off(cursor: CursorWrapper, names: list[str]) -> list[str]:
    """Drop keys, indexes and the owner's row security; return what puts them back."""
    cursor.execute(_FORCED, [names])
    forced = [row[0] for row in cursor.fetchall()]
    cursor.execute(_KEYS, [names, names])
    keys = cursor.fetchall()
    cursor.execute(_INDEXES, [names])
    indexes = cursor.fetchall()
    cursor.execute(_SUMMARISED, [names])
    summarised = cursor.fetchall()
    dropped = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in forced]
    dropped += [f"ALTER TABLE {key[0]} DROP CONSTRAINT {key[1]}" for key in reversed(keys)]
    dropped += [f"DROP INDEX {index}" for index, _made in indexes]
    for statement in dropped:
        cursor.execute(statement)
    # an index of a partitioned table is told as ON ONLY, which would leave its parts without
    return [
        *(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}"
            for table, name, made, kind in keys
            if kind != "f"
        ),
        # ids begin with their time: as rows would lie that had come one by one
        *(f'CLUSTER {table} USING "{key}"' for table, key in summarised),
        *(f"ALTER TABLE {table} SET WITHOUT CLUSTER" for table, _key in summarised),
        *(made.replace(" ON ONLY ", " ON ", 1) for _index, made in indexes),
        *(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}"
            for table, name, made, kind in keys
            if kind == "f"
        ),
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in forced),
    ]


def is_bound(cursor: CursorWrapper, table: str) -> bool:
    """Tell whether row security binds the connection's role in a table, which COPY refuses."""
    cursor.execute("SELECT row_security_active(%s::regclass)", [table])
    return bool(cursor.fetchone()[0])


def _stand_in(cursor: CursorWrapper, target: str, table: str, names: str) -> None:
    cursor.execute(
        f"CREATE TEMP TABLE {target} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"
    )


def _load(model: type[models.Model], rows: Sequence[models.Model]) -> int:
    table, columns = copied(model)
    names = ", ".join(f'"{name}"' for name, _attribute, _adapted in columns)
    with current.cursor() as cursor:
        bound = is_bound(cursor, table)
        target = f"load_{table}" if bound else table
        if bound:
            _stand_in(cursor, target, table, names)
        with cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    [
                        value if adapted is None or value is None else adapted(value)
                        for _name, attribute, adapted in columns
                        for value in [getattr(row, attribute)]
                    ]
                )
        if bound:
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {target}")
            cursor.execute(f"DROP TABLE {target}")
    return len(rows)


@cache
def copied(
    model: type[models.Model],
) -> tuple[str, list[tuple[str, str, Callable[[Any], Any] | None]]]:
    """Return table and columns of a model: name, attribute, what turns a value into text."""
    table, columns = columns_of(model)
    return table, [
        (column, field.attname, _json if isinstance(field, models.JSONField) else None)
        for column, field in columns
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

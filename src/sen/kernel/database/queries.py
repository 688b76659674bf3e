"""Reading joined rows by SQL written out, as models: for what every act or request asks.

Django puts a join together anew each time it is asked, which takes milliseconds; here the columns
are written once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.db import connection, models
from django.utils.functional import cached_property

Table = type[models.Model] | tuple[type[models.Model], tuple[str, ...]]


class Joined:
    """Several models in one row: their columns in SQL, and the objects made of a row.

    tables: the models in the order in which the SELECT names them, each alone for all its columns,
    or with the attributes to read; the others are deferred. In SQL a model is its table's name.
    """

    def __init__(self, *tables: Table) -> None:
        """Name the tables; their columns are looked up when they are first needed."""
        self._named = tables

    @cached_property
    def _tables(self) -> list[tuple[type[models.Model], list[models.Field[Any, Any]]]]:
        found = []
        for table in self._named:
            model, names = table if isinstance(table, tuple) else (table, ())
            fields = [
                field
                for field in model._meta.concrete_fields  # noqa: SLF001 - Django's way to its fields
                if not names or field.attname in names
            ]
            found.append((model, fields))
        return found

    @cached_property
    def columns(self) -> str:
        """Return the columns of all tables, for a SELECT."""
        return ", ".join(
            f'{model._meta.db_table}."{field.column}"'  # noqa: SLF001 - likewise
            for model, fields in self._tables
            for field in fields
        )

    @cached_property
    def width(self) -> int:
        """Return how many columns a row of all tables has; what else is selected comes after."""
        return sum(len(fields) for _model, fields in self._tables)

    def models(self, row: Sequence[Any]) -> list[Any]:
        """Return the object of each table, None where an outer join found none."""
        found: list[Any] = []
        start = 0
        for model, fields in self._tables:
            end = start + len(fields)
            values = row[start:end]
            start = end
            if values[0] is None:  # the primary key, which comes first
                found.append(None)
                continue
            names = [field.attname for field in fields]
            read = [_read(field, value) for field, value in zip(fields, values, strict=True)]
            found.append(model.from_db(connection.alias, names, read))
        return found

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Run a SELECT that begins with `columns`; each row is its objects and what comes after."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        return ((*self.models(row), *row[self.width :]) for row in found)


def found(sql: str, limit: int, *parameters: Any) -> list[str]:
    """Return at most `limit` texts that a SELECT of one column gives; for invariants."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found FROM ({sql}) AS all_found(found) LIMIT %s", [*parameters, limit]
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _read(field: models.Field[Any, Any], value: Any) -> Any:
    convert = getattr(field, "from_db_value", None)
    return (
        value if convert is None or value is None else cast("Any", convert)(value, None, connection)
    )


def pool_state() -> dict[str, float]:
    """Return how many connections this process holds and has lent out, and who waits for one."""
    pool = getattr(connection, "pool", None)
    stats = pool.get_stats() if pool is not None else {}
    opened = float(stats.get("pool_size", 0))
    return {
        "pool_open": opened,
        "pool_lent": opened - stats.get("pool_available", 0),
        "pool_waiting": float(stats.get("requests_waiting", 0)),
    }

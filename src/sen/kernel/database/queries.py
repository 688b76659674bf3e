"""Reading joined rows by SQL written out, as models: for what every act or request asks.

Django puts a join together anew each time it is asked, which takes milliseconds; here the columns
are written once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast
from uuid import UUID

from django.db import connection, models
from django.utils.functional import cached_property

Table = type[models.Model] | tuple[type[models.Model], tuple[str, ...]]
_Field: TypeAlias = "models.Field[Any, Any]"


class Joined:
    """Several models in one row: their columns in SQL, and the objects made of a row.

    tables: the models in the order in which the SELECT names them, each alone for all its columns,
    or with the attributes to read; the others are deferred. In SQL a model is its table's name.
    """

    def __init__(self, *tables: Table) -> None:
        """Name the tables; their columns are looked up when they are first needed."""
        self._named = tables

    @cached_property
    def _tables(self) -> list[tuple[type[models.Model], list[_Field]]]:
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
            read = [self._value(field, value) for field, value in zip(fields, values, strict=True)]
            found.append(model.from_db(connection.alias, names, read))
        return found

    @staticmethod
    def _value(field: _Field, value: Any) -> Any:
        """Return a value of a row as the model has it."""
        return _read(field, value)

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Run a SELECT that begins with `columns`; each row is its objects and what comes after."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        return ((*self.models(row), *row[self.width :]) for row in found)


_OUT_OF_JSON: Mapping[str, Callable[[str], Any]] = {
    "BinaryField": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "DateField": dt.date.fromisoformat,
    "DateTimeField": dt.datetime.fromisoformat,
    "UUIDField": UUID,
}
"""How what JSON writes as text is read, by the kind of field."""
_AS_IN_JSON = frozenset(
    {
        "BigIntegerField", "BooleanField", "CharField", "IntegerField", "JSONField",
        "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField",
        "SmallIntegerField", "TextField",
    }
)  # fmt: skip
"""The kinds of field whose values JSON has as they are."""


class Nested(Joined):
    """Rows that belong to a row of a SELECT, as one column of it (`column`), read by `read`.

    What has many parts is so read in one statement. In SQL a model is its table's name, as in
    `Joined`; beside the tables, `also` names further expressions that JSON can write.
    """

    def __init__(self, *tables: Table, rows: str, order: str, also: Sequence[str] = ()) -> None:
        """Name the tables, what stands after FROM, the order, and what is selected beside them."""
        super().__init__(*tables)
        self._rows = rows
        self._order = order
        self._also = tuple(also)

    @cached_property
    def column(self) -> str:
        """Return the column for a SELECT: all rows in their order as JSON."""
        values = ", ".join((self.columns, *self._also))
        return (
            f"(SELECT coalesce(json_agg(json_build_array({values}) ORDER BY {self._order}), '[]')"
            f" FROM {self._rows})::text"
        )

    @cached_property
    def _readers(self) -> list[Callable[[Any], Any] | None]:
        fields = [field for _model, fields in self._tables for field in fields]
        return [*map(_out_of_json, fields), *(None for _one in self._also)]

    def read(self, column: str) -> list[tuple[Any, ...]]:
        """Return the rows of the column: of each its objects, and what was selected beside them."""
        return [
            (
                *self.models(
                    [
                        value if value is None or convert is None else convert(value)
                        for convert, value in zip(self._readers, row, strict=True)
                    ]
                ),
                *row[self.width :],
            )
            for row in json.loads(column)
        ]

    @staticmethod
    def _value(field: _Field, value: Any) -> Any:  # noqa: ARG004 - as in `Joined`
        return value


def _out_of_json(field: _Field) -> Callable[[Any], Any] | None:
    """Return how the values of a field are read out of JSON, None where they are as they are."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    kind = field.get_internal_type()
    if kind not in _OUT_OF_JSON and kind not in _AS_IN_JSON:
        raise TypeError(f"{field}: no way to read {kind} out of JSON")
    return _OUT_OF_JSON.get(kind)


def found(sql: str, limit: int, *parameters: Any) -> list[str]:
    """Return at most `limit` texts that a SELECT of one column gives; for invariants."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found FROM ({sql}) AS all_found(found) LIMIT %s", [*parameters, limit]
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _read(field: _Field, value: Any) -> Any:
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

"""Writing within a transaction: one statement for what an act leaves behind, or many rows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, cast

from django.db import connection as current
from django.db import models

from sen.kernel.database.adapters.base import DatabaseWrapper
from sen.kernel.database.data import Part


def insert(*rows: models.Model) -> None:
    """Insert new rows, whose keys are known, with what else the transaction has gathered.

    For rows that nothing refuses: an error comes with a later statement or the commit. Whatever is
    asked of the database next finds them. Outside a transaction they are inserted at once.
    """
    for row in rows:
        table, fields = columns_of(type(row))
        connection = _connection()
        insert_row(
            table,
            {
                column: field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for column, field in fields
            },
        )
        row._state.adding = False  # noqa: SLF001 - what Model.save does
        row._state.db = connection.alias  # noqa: SLF001 - what Model.save does


def insert_row(table: str, values: Mapping[str, Any], *, otherwise: str = "") -> None:
    """Insert a row of a table without a model, as `insert` does. Names come from constants.

    otherwise: an ON CONFLICT clause, with a space before it.
    """
    _connection().gathered.insert(table, values, otherwise)
    _ran()


def update(row: models.Model, *names: str) -> None:
    """Write these fields of a row that the caller holds, as `insert` does."""
    meta, connection = row._meta, _connection()  # noqa: SLF001 - Django's own name for it
    fields = [meta.get_field(name) for name in names]
    update_row(
        meta.db_table,
        row.pk,
        {
            cast("str", field.column): field.get_db_prep_save(
                field.pre_save(row, add=False), connection
            )
            for field in cast("list[models.Field[Any, Any]]", fields)
        },
    )


def update_row(table: str, key: Any, values: Mapping[str, Any]) -> None:
    """Set columns of the row with this `id`, as `insert` does. Names come from constants."""
    _connection().gathered.update(table, key, values)
    _ran()


def write(*parts: Part, instead_of: Hashable = None) -> None:
    """Run a statement for its effect alone, as `insert` does.

    It sees the rows as they stood before all that was gathered with it. instead_of: what it is
    about, begun with the caller's own name; one about the same that still waits is not run then.
    """
    _connection().gathered.write(parts, instead_of)
    _ran()


def run() -> None:
    """Run what was gathered now, for a write that must see it: a policy that looks a row up."""
    _connection().run_gathered()


def remembered() -> dict[str, Any]:
    """Return what is remembered of the open transaction, by `package.name`; gone at its end."""
    return _connection().remembered


def _ran() -> None:
    connection = _connection()
    if not connection.in_atomic_block or connection.gathered.is_full:
        connection.run_gathered()


def _connection() -> DatabaseWrapper:
    return cast("DatabaseWrapper", current)


@cache
def columns_of(model: type[models.Model]) -> tuple[str, list[tuple[str, models.Field[Any, Any]]]]:
    """Return a model's table and its columns with their fields; not what the database makes."""
    meta = model._meta  # noqa: SLF001 - Django's own name for it
    return meta.db_table, [
        (cast("str", field.column), field)
        for field in meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    ]

"""Gathering writes, and the one statement that does them all: plain values and SQL text."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from sen.kernel.database.data import Part

MOST_PARAMETERS = 20_000
"""Of one statement; PostgreSQL takes 65,535."""

_Query = tuple[str, str, Sequence[Any]]


class Gathered:
    """The writes of a transaction that wait for their statement.

    Rows of one table and the same columns become one INSERT. What is set in a row that still waits
    is set there; two settings of one row become one UPDATE: in PostgreSQL one statement may not
    change a row twice.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.inserts: dict[tuple[str, tuple[str, ...], str], list[dict[str, Any]]] = {}
        self.updates: dict[tuple[str, Any], dict[str, Any]] = {}
        self.parts: dict[Hashable, Sequence[Part]] = {}
        self.parameters = 0
        self._rows: dict[tuple[str, Any], tuple[dict[str, Any], str]] = {}

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self.inserts or self.updates or self.parts)

    @property
    def is_full(self) -> bool:
        """Whether the statement should be run before more is added."""
        return self.parameters >= MOST_PARAMETERS

    def insert(self, table: str, values: Mapping[str, Any], otherwise: str = "") -> None:
        """Add a new row. Its key is `id`, where it has one. otherwise: an ON CONFLICT clause."""
        row = dict(values)
        self.inserts.setdefault((table, tuple(row), otherwise), []).append(row)
        if "id" in row:
            self._rows[table, row["id"]] = row, otherwise
        self.parameters += len(row)

    def update(self, table: str, key: Any, values: Mapping[str, Any]) -> None:
        """Add what is set in the row with this `id`."""
        if (table, key) in self._rows:
            self._set(table, key, values)
            return
        self.updates.setdefault((table, key), {}).update(values)
        self.parameters += len(values) + 1

    def _set(self, table: str, key: Any, values: Mapping[str, Any]) -> None:
        """Set columns of a row that waits; with others than it had it joins the rows of these."""
        row, otherwise = self._rows[table, key]
        if not values.keys() <= row.keys():
            alike = self.inserts[table, tuple(row), otherwise]
            alike[:] = [other for other in alike if other is not row]
            if not alike:
                del self.inserts[table, tuple(row), otherwise]
            self.parameters -= len(row)
            self.insert(table, {**row, **values}, otherwise)
            return
        row.update(values)

    def write(self, parts: Sequence[Part], instead_of: Hashable = None) -> None:
        """Add a statement of its own, in its parts; the last one is what is run for its effect.

        instead_of: what it is about; one that waits and is about the same is not run then.
        """
        about = object() if instead_of is None else instead_of
        self.parts.pop(about, None)
        self.parts[about] = parts
        self.parameters += sum(len(part.parameters) for part in parts)


def statement(gathered: Gathered) -> tuple[str, list[Any]]:
    """Return the one statement that does all that was gathered, and its parameters.

    Every write but the last is a data-modifying WITH. All of them see the rows as they stood
    before; foreign keys between them are checked when all are done.
    """
    queries = [*_inserts(gathered), *_updates(gathered)]
    for number, parts in enumerate(gathered.parts.values()):
        unique = {f"{{{part.name}}}": f"part_{number}_{part.name}" for part in parts if part.name}
        for part in parts:
            text = part.sql
            for name, its_own in unique.items():
                text = text.replace(name, its_own)
            queries.append((unique.get(f"{{{part.name}}}", ""), text, part.parameters))
    *before, (_name, last, _parameters) = queries
    named = ", ".join(
        f"{name or f'write_{number}'} AS ({text})"
        for number, (name, text, _parameters) in enumerate(before)
    )
    parameters = [one for _name, _text, some in queries for one in some]
    return (f"WITH {named} {last}" if named else last), parameters


def _inserts(gathered: Gathered) -> Iterator[_Query]:
    for (table, columns, otherwise), rows in gathered.inserts.items():
        names = ", ".join(f'"{column}"' for column in columns)
        one = f"({', '.join(['%s'] * len(columns))})"
        values = ", ".join([one] * len(rows))
        yield (
            "",
            f'INSERT INTO "{table}" ({names}) VALUES {values}{otherwise}',
            [value for row in rows for value in row.values()],
        )


def _updates(gathered: Gathered) -> Iterator[_Query]:
    for (table, key), values in gathered.updates.items():
        sets = ", ".join(f'"{column}" = %s' for column in values)
        yield "", f'UPDATE "{table}" SET {sets} WHERE "id" = %s', [*values.values(), key]

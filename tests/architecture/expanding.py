"""What a migration would take from the version before, which may still serve on the new tables.

A new version first only adds (expand); what nobody uses any more goes in a later one (contract),
whose migration says so: `CONTRACT = "NNNN: why no running version needs it"`, NNNN a decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

BEFORE = {
    "access": "0002_grant_history",
    "administration": "0002_alarms",
    "audit": "0001_initial",
    "calendar": "0001_initial",
    "events": "0001_initial",
    "files": "0001_initial",
    "forms": "0001_initial",
    "identity": "0001_initial",
    "jobs": "0001_initial",
    "keeping": "0001_initial",
    "legal": "0002_correction",
    "notifications": "0001_initial",
    "operations": "0001_initial",
    "organisations": "0003_area_shapes",
    "papers": "0001_initial",
    "public_services": "0009_handing_over_has_no_date",
    "registries": "0002_fields_and_time",
    "results": "0001_initial",
    "search": "0002_wordings",
    "signing": "0001_initial",
    "workflow": "0002_lists_by_group",
}
"""The last migration of each application from before this rule: those up to it are left alone."""

TAKING = (
    (ops.DeleteModel, "the table goes"),
    (ops.RenameModel, "the table gets another name"),
    (ops.AlterModelTable, "the table gets another name"),
    (ops.RemoveField, "the column goes"),
    (ops.RenameField, "the column gets another name"),
    (ops.AlterUniqueTogether, "rows of the version before may be refused"),
    (ops.AlterOrderWithRespectTo, "a column comes that it does not fill"),
)
TAKING_SQL = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|SCHEMA|VIEW|FUNCTION)|RENAME\s+(TO|COLUMN)|SET\s+NOT\s+NULL"
    r"|ALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE|REVOKE|TRUNCATE"
    r"|ADD\s+(CONSTRAINT|CHECK|UNIQUE)|CREATE\s+(OR\s+REPLACE\s+)?POLICY|CREATE\s+UNIQUE\s+INDEX)\b",
    re.IGNORECASE,
)


def contractions(operations: list[Operation], app: str, state: ProjectState) -> Iterator[str]:
    """Yield a sentence for each thing that operations would take; state: before them, is changed.

    What is done to a table that the same migration makes takes nothing from anybody.
    """
    made = {one.name_lower for one in operations if isinstance(one, ops.CreateModel)}
    for operation in operations:
        yield from _of(operation, app, state, made)
        operation.state_forwards(app, state)


def _of(operation: Operation, app: str, state: ProjectState, made: set[str]) -> Iterator[str]:
    model = str(getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
    if isinstance(operation, ops.SeparateDatabaseAndState):
        yield from contractions(operation.database_operations, app, state.clone())
        return
    if isinstance(operation, ops.RunSQL):
        yield from _of_sql(operation)
        return
    if model in made:
        return
    for kind, what in TAKING:
        if isinstance(operation, kind):
            yield f"{operation.describe()}: {what}"
    if isinstance(operation, ops.AddField):
        yield from _of_new(operation)
    if isinstance(operation, ops.AlterField):
        before = state.models[app, model].fields[operation.name]
        yield from (
            f"{operation.describe()}: {what}" for what in narrowings(before, operation.field)
        )
    if isinstance(operation, ops.AddConstraint):
        yield f"{operation.describe()}: rows of the version before may be refused"


def _of_new(operation: ops.AddField) -> Iterator[str]:
    """A column that the version before does not name in its INSERTs needs a value by itself."""
    field = operation.field
    has_value = field.null or field.db_default is not NOT_PROVIDED or field.generated
    if not has_value and not field.many_to_many:
        yield f"{operation.describe()}: needs null=True or db_default"
    if field.unique:
        yield f"{operation.describe()}: rows of the version before may be refused"


def narrowings(before: models.Field[Any, Any], after: models.Field[Any, Any]) -> Iterator[str]:
    """Yield what a column takes no longer."""
    if before.get_internal_type() != after.get_internal_type():
        yield "the column gets another type"
    if before.null and not after.null:
        yield "the column takes no NULL any more"
    if after.unique and not before.unique:
        yield "rows of the version before may be refused"
    if before.db_column != after.db_column:
        yield "the column gets another name"
    if after.max_length is not None and (
        before.max_length is None or after.max_length < before.max_length
    ):
        yield "the column gets shorter"
    if (
        before.db_default is not NOT_PROVIDED
        and after.db_default is NOT_PROVIDED
        and not after.null
    ):
        yield "the column has no value by itself any more"


def _of_sql(operation: ops.RunSQL) -> Iterator[str]:
    statements = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
    for statement in statements:
        text = statement if isinstance(statement, str) else statement[0]
        found = TAKING_SQL.search(text)
        if found:
            yield f"SQL: {' '.join(found.group().split())}"

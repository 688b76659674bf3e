"""What no act may do however many dossiers there are: read whole what grows with each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from sen.systems.public_services.tests import councils
from sen.systems.public_services.tests.procedures import FOLDERS, case_of
from sen.systems.public_services.tests.test_budgets_of_all import other_ends, whole_life

pytestmark = pytest.mark.django_db
_EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_PARTITIONS = "SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits"


class Said:
    """Each statement once, with values that were told with it."""

    def __init__(self) -> None:
        self.statements: dict[str, Any] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if not many and sql.lstrip().startswith(_EXPLAINED):
            self.statements.setdefault(sql, params)
        return execute(sql, params, many, context)

    def plans(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Explain each as if tables were so long that any index is better."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            for sql, params in self.statements.items():
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                [(plan,)] = cursor.fetchall()
                found = json.loads(plan) if isinstance(plan, str) else plan
                yield sql, found[0]["Plan"]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_act_reads_whole_what_grows_with_dossiers(folder: str, province: Any) -> None:
    cast, case = councils.members_of(province), case_of(folder)
    with connection.execute_wrapper(said := Said()):
        whole_life(cast, folder, case)
        other_ends(cast, folder, case)
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS)
        whole = dict(cursor.fetchall())
    read: dict[str, str] = {}
    grows: set[str] = set()
    for sql, plan in said.plans():
        for node in nodes(plan):
            table = node.get("Relation Name", "")
            if node.get("Operation") == "Insert":
                grows.add(table)
            if node["Node Type"] == "Seq Scan":
                read.setdefault(whole.get(table, table), sql)
    assert {"workflow_task", "public_services_dossier"} <= grows
    assert {table: sql[:300] for table, sql in read.items() if table in grows} == {}

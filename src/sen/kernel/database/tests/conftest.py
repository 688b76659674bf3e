"""Tables of the session's own, within the test's transaction or with real commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sen.kernel.database.tests.factories import DROP, TABLES

Ran = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def tables(db) -> None:
    """Make the tables for one test, which is a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


@pytest.fixture
def committed_tables(committed_db) -> Iterator[None]:
    """Make the tables for one test that commits."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    yield
    with connection.cursor() as cursor:
        cursor.execute(DROP)


@pytest.fixture
def ran() -> Ran:
    """Return what lists the statements that a block runs, each by its first word."""

    @contextmanager
    def listed() -> Iterator[list[str]]:
        found: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield found
        found += [query["sql"].split()[0] for query in captured.captured_queries]

    return listed

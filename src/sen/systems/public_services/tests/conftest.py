"""A seeded province for each module of tests: laid down once, each test undone to it."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction

from sen.systems.public_services.tests import factories


@pytest.fixture
def province(seeded) -> Iterator[SimpleNamespace]:
    """The people and places of the demo; what the test writes is undone."""
    with transaction.atomic():
        yield factories.province()
        transaction.set_rollback(True)

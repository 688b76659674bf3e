"""What the tests of the workflow share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sen.kernel.legal import public as legal
from sen.kernel.workflow.tests import factories


@pytest.fixture
def world(db) -> factories.World:
    factories.register()
    return factories.world()


@pytest.fixture
def request_of_its_own(world) -> Iterator[None]:
    """Read the editions once, as a request does."""
    legal.begin_request()
    yield
    legal.end_request()

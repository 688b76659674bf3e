"""Each test begins with nothing remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sen.kernel.legal import public as legal


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Forget before and after."""
    legal.forget()
    legal.end_request()
    yield
    legal.end_request()
    legal.forget()

"""Handlers that only these tests have, forgotten afterwards."""

from __future__ import annotations

import pytest

from sen.kernel.events import jobs as own_jobs
from sen.kernel.events import registry


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test register what it likes; the delivering job is there in any case."""
    assert own_jobs.deliver
    monkeypatch.setattr(registry, "_handlers", {})
    monkeypatch.setattr(registry, "_by_event", {})

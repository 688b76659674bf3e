"""Jobs that only these tests have, forgotten afterwards."""

from __future__ import annotations

import pytest

from sen.kernel.jobs import registry


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test register what it likes."""
    for name in ("_jobs", "_loops", "_tables"):
        monkeypatch.setattr(registry, name, dict(getattr(registry, name)))
    monkeypatch.setattr(registry, "_before", list(registry._before))

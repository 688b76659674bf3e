"""A storage of each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    """Let files lie in the test's own folder."""
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT

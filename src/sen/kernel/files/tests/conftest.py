"""A storage, a registry and an actor of each test's own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import registry, rules
from sen.kernel.files.tests import samples

KIND = "files_test.record"
AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)
PDF = samples.pdf()
SHA = rules.digest(PDF)


def on_disk(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def upload(actor, data=PDF, name="đơn.pdf"):
    file = files.begin(actor, name, len(data))
    files.append(actor, file.id, 0, data)
    return file


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    """Let files lie in the test's own folder."""
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture
def actor() -> Actor:
    return Actor(account=new_id(), person=new_id(), strength=Strength.LEVEL_2)


@pytest.fixture(autouse=True)
def owners(monkeypatch):
    """Let a test's record say by whom it may be read."""
    readers: set = set()
    monkeypatch.setattr(registry, "_owners", {})
    files.register_owners(
        files.FileOwner(KIND, lambda actor, _record, _file: actor.account in readers)
    )
    return readers

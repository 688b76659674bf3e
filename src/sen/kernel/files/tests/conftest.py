"""A storage, a registry and an actor of each test's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sen.base import clock
from sen.base.actor import Actor, Strength
from sen.base.identifiers import new_id
from sen.kernel.files import public as files
from sen.kernel.files import registry, rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.tests import object_store, samples
from sen.kernel.files.tests.object_store import BUCKET, KEY, PREFIX, SECRET

KIND = "files_test.record"
AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=clock.ZONE)
PDF = samples.pdf()
SHA = rules.digest(PDF)


def on_disk(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def in_store() -> list[str]:
    """Return the places of everything in the storage of today, incoming or whole."""
    return sorted(storage.current().places(older_than=float("inf")))


def upload(actor, data=PDF, name="đơn.pdf"):
    file = files.begin(actor, name, len(data))
    files.append(actor, file.id, 0, data)
    return file


@pytest.fixture(autouse=True)
def root(settings, tmp_path: Path) -> Path:
    """Let files lie in the test's own folder."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES = settings.FILES_ALSO = ""
    return settings.FILES_ROOT


@pytest.fixture(scope="session")
def store() -> Iterator[object_store.ObjectStore]:
    """Start the object store once, for whoever wants it."""
    server = object_store.ObjectStore()
    yield server
    server.end()


@pytest.fixture
def way(store) -> Iterator[object_store.Way]:
    way = object_store.Way(store.port)
    yield way
    way.end()


@pytest.fixture
def on_s3(settings, store, way, root) -> str:
    """Let files lie in the bucket below a prefix of the test's own; return its address."""
    settings.S3 = {
        "endpoint": way.address, "region": "us-east-1", "key": KEY, "secret": SECRET,
        "authority": "",
    }  # fmt: skip
    settings.FILES = f"s3://{BUCKET}/{PREFIX}/{new_id()}"
    storage._made.cache_clear()
    yield settings.FILES
    storage._made.cache_clear()


@pytest.fixture(params=["folder", "s3"])
def kept(request) -> storage.Storage:
    """Let files lie in the folder, then on S3: whatever asks for it runs over both."""
    if request.param == "s3":
        request.getfixturevalue("on_s3")
    return storage.current()


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

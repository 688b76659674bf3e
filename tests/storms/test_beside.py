"""The version before, on the tables of this one: its pages and its worker carry lives through.

Needs the version before: the last tag `v…` where the repository's history is there, or the commit
that `SEN_VERSION_BEFORE` names. It runs on this version's packages.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storms import books, crowd
from tests.storms.clients import Seen
from tests.storms.installation import ROOT, Installation

pytestmark = pytest.mark.storm

LIVES = 2


def said_by_git(*words: str) -> bytes:
    """Return what git says, nothing where it fails: a copy of the sources may have no history."""
    found = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    return found.stdout if found.returncode == 0 else b""


@pytest.fixture
def former() -> Iterator[Path]:
    """The sources of the version before."""
    told = os.environ.get("SEN_VERSION_BEFORE")
    name = told or said_by_git("describe", "--tags", "--abbrev=0", "--match", "v*").decode().strip()
    packed = said_by_git("archive", "--format=tar", name) if name else b""
    if not packed:
        pytest.skip("no version was released before this one, or its history is not here")
    folder = Path(tempfile.mkdtemp(prefix="sen-before-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield folder
    finally:
        shutil.rmtree(folder)


def test_version_before_works_on_the_tables_of_this_one(former, scan):
    now = Installation()
    before = Installation(now.home, PYTHONPATH=f"{former / 'src'}{os.pathsep}{former}")
    try:
        now.must_start()
        applied = now.rows("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        now.stop()
        before.must_start()
        crew = crowd.made_in(before)
        lives = crowd.births(before, crew, LIVES, Seen(), 1, {"plain": 1})

        assert crowd.live_all(lives, scan) == []

        books.wait_until_quiet(before)
        assert books.faults(before, lives) == []
        assert before.rows("SELECT app, name FROM django_migrations ORDER BY 1, 2") == applied
        before.stop()
        now.must_start()
        verified = now.run("django", "data", "verify")
        assert verified.returncode == 0, verified.stdout
    finally:
        for one in (before, now):
            if one.process is not None and one.process.poll() is None:
                one.stop()
        shutil.rmtree(before.folder)
        now.end()

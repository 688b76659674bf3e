"""The drill: the newest backup is restored somewhere else, verified, reported, taken away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sen.config import embedded
from sen.config.backups.shelf import Backup
from sen.config.console import Console
from sen.config.home import CannotStart
from sen.config.programs import ROOT


def run(home: Path, backup: Backup, key: Path | None, console: Console) -> None:
    """Restore a backup into a home for this time alone, with a PostgreSQL of its own.

    It does what an operator does on an empty machine: the secrets are put there, then
    `./sen restore`. `SEN_DRILLS` says on which disk, by default that of temporary files. No
    worker runs there, so nothing is sent to anybody. Raises CannotStart with what was said.
    """
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="sen-drill-", dir=os.environ.get("SEN_DRILLS")))
    elsewhere = folder / "var"
    try:
        elsewhere.mkdir(mode=0o700)
        shutil.copytree(home / "secrets", elsewhere / "secrets")
        words = ["--key", str(key.resolve())] if key else []
        result = subprocess.run(
            [sys.executable, "-m", "sen.config", "restore", str(backup.folder), *words],
            cwd=ROOT, env=_environment(elsewhere), check=False, capture_output=True, text=True,
        )  # fmt: skip
        console.say((result.stdout + result.stderr).rstrip())
        if result.returncode:
            raise CannotStart(f"Diễn tập không đạt · the drill failed: {backup.folder}")
        console.say(f"  {backup.name}: {time.monotonic() - began:.0f} s")
    finally:
        embedded.remove(elsewhere)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """Return the environment of a restore elsewhere: an embedded server whatever runs here."""
    told = {
        name: text
        for name, text in os.environ.items()
        if name not in {"DATABASE_URL", "SEN_OWNER_DATABASE_URL", "SEN_FILES", "SEN_FILES_ALSO"}
    }
    return told | {
        "SEN_HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONUTF8": "1",
    }

"""A `./sen demo` in a home of its own, and its books read behind its back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from sen.config import embedded

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until a condition holds. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


class Installation:
    """One home with its supervisor."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sen-lives-"))
        self.home = self.folder / "var"
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.starts = 0

    def environment(self) -> dict[str, str]:
        """Return the environment of a program of this home; nothing of the test run's own."""
        told = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("SEN_", "DATABASE_URL", "DJANGO_"))
        }
        told |= {"SEN_HOME": str(self.home), "PYTHONUTF8": "1", "SEN_DEMO": "1"}
        told["DJANGO_SETTINGS_MODULE"] = "sen.config.settings"
        told["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        return told

    def start(self) -> None:
        """Start the supervisor and wait until everything runs. Raises AssertionError."""
        self.starts += 1
        said = self.folder / f"said-{self.starts}"
        with said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sen.config", "demo"],
                env=self.environment(), stdout=output, stderr=subprocess.STDOUT, cwd="/",
            )  # fmt: skip
        process = self.process
        until(lambda: "Ctrl-C" in said.read_text() or process.poll() is not None, START_SECONDS)
        assert "Ctrl-C" in said.read_text(), said.read_text()
        self.address = self.state["address"].replace("localhost", "127.0.0.1")

    def restart(self) -> None:
        """Start the supervisor again after it was killed."""
        assert self.process is not None
        self.process.wait()
        self.start()

    def end(self) -> None:
        """End everything and delete the home; SEN_STORM_KEEP keeps it to be looked at."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        if os.environ.get("SEN_STORM_KEEP"):
            print(f"kept: {self.folder}")
            return
        embedded.remove(self.home)
        shutil.rmtree(self.folder)

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.home / "run" / "supervisor.json").read_text())

    def pid(self, name: str) -> int | None:
        return self.state["children"][name]["pid"]

    @property
    def postmaster(self) -> int:
        path = self.home / "postgresql-18" / "data" / "postmaster.pid"
        return int(path.read_text().split()[0])

    def answers(self, path: str) -> bool:
        """Return whether the web says 200."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of this home and return how it ended."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return what the database holds, read or written as its superuser."""
        told = psycopg.conninfo.conninfo_to_dict(embedded.urls(self.home).owner)
        told |= {"user": "postgres", "password": None}
        with psycopg.connect(**told, autocommit=True) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

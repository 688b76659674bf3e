"""A `./sen demo` in a home of its own, and its books read behind its back."""

from __future__ import annotations

import atexit
import functools
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

from sen.config import embedded, postgresql_place
from sen.config.addresses import Address

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until a condition holds. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    """Return whether a process runs, and not only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


class Installation:
    """One home with its supervisor.

    home: another installation's, None for a new one. told: environment variables beside Sen's own.
    """

    word = "demo"

    def __init__(self, home: Path | None = None, **told: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sen storm "))
        self.home = home or self.folder / "var"
        self.told = told
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
        told["SEN_DEMO_DOSSIERS"] = "0"
        told["DJANGO_SETTINGS_MODULE"] = "sen.config.settings"
        told["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        return told | self.told

    def start(self, *words: str) -> str:
        """Start the supervisor; return what it said until everything ran, or it ended."""
        self.starts += 1
        path = self.folder / f"said-{self.starts}"
        with path.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sen.config", self.word, *words],
                env=self.environment(), stdout=output, stderr=subprocess.STDOUT, cwd="/",
            )  # fmt: skip
        process = self.process
        until(lambda: "Ctrl-C" in path.read_text() or process.poll() is not None, START_SECONDS)
        said = path.read_text()
        if "Ctrl-C" in said:
            self.address = self.state["address"].replace("localhost", "127.0.0.1")
        return said

    def must_start(self) -> None:
        """Start the supervisor, of a new home as its second start.

        Raises AssertionError where it does not run then.
        """
        if not self.home.exists() and "SEN_POSTGRES_FOLDER" not in self.told:
            began_once().copy_to(self.home)
        said = self.start()
        assert "Sen is running" in said, said

    def restart(self) -> None:
        """Start the supervisor again after it was killed."""
        assert self.process is not None
        self.process.wait()
        self.must_start()

    def copy_to(self, home: Path) -> None:
        """Copy this stopped installation's home, its database included, to a new place."""
        home.mkdir()
        kept = [
            path for path in self.home.iterdir() if path.name not in {"run", self.database.name}
        ]
        _copy(*kept, to=home)
        place = postgresql_place.prepare(home)
        _copy(self.database / "data", to=place.data.parent)

    @property
    def database(self) -> Path:
        """The folder of the embedded server."""
        return self.home / postgresql_place.LINK

    def stop(self) -> int:
        """Ask the supervisor to end and return its exit code; the home stays."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def end(self) -> None:
        """End everything and delete the home; SEN_STORM_KEEP keeps it to be looked at."""
        if self.process is not None and self.process.poll() is None:
            self.stop()
        if os.environ.get("SEN_STORM_KEEP"):
            print(f"kept: {self.folder}")
            return
        embedded.remove(self.home)
        shutil.rmtree(self.folder)

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.home / "run" / "supervisor.json").read_text())

    def pid(self, name: str) -> int | None:
        """Return the process of a program, None while it is being restarted."""
        return self.state["children"][name]["pid"]

    @property
    def web(self) -> Address:
        """Where the web listens."""
        return Address("127.0.0.1", int(self.state["address"].rpartition(":")[2]))

    @property
    def postmaster(self) -> int:
        path = self.database / "data" / "postmaster.pid"
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


def _copy(*paths: Path, to: Path) -> None:
    subprocess.run(["cp", "--archive", *paths, to], check=True)


@functools.cache
def began_once() -> Installation:
    """Return an installation that was started from nothing and stopped: others begin as copies.

    A first start takes twenty seconds, and what storms are about begins after it.
    """
    made = Installation()
    atexit.register(made.end)
    said = made.start()
    assert "Sen is running" in said, said
    made.stop()
    return made

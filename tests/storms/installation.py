"""A `./sen demo` in a home of its own, and its books read behind its back."""

from __future__ import annotations

import atexit
import fcntl
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
import pytest

from sen.config import embedded, postgresql_place
from sen.config.addresses import Address
from tests.storms.crew import NAMES

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300.0
SHARED = "SEN_TESTS_FOLDER"
"""Names the folder that all processes of one run of the tests share."""


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait until a condition holds and return what it found. Raises AssertionError."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)
    return found


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
    crew: what `tests.storms.crew` said of the people whom it made there, "" where it did not yet.
    """

    word = "demo"

    def __init__(self, home: Path | None = None, **told: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sen storm "))
        self.home = home or self.folder / "var"
        self.told = told
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.crew = ""
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
        if not self.home.exists():
            self._begin_as_copy()
        said = self.start()
        assert "Sen is running" in said, said

    def restart(self) -> None:
        """Start the supervisor again after it was killed."""
        assert self.process is not None
        self.process.wait()
        self.must_start()

    def lay_down(self, folder: Path) -> None:
        """Copy this stopped installation, its database included, to where others take it from."""
        (folder / "home").mkdir()
        left = {"run", self.database.name}
        _copy(*(path for path in self.home.iterdir() if path.name not in left), to=folder / "home")
        _copy(self.database / "data", to=folder)

    def _begin_as_copy(self) -> None:
        laid_down = began_once()
        self.home.mkdir()
        _copy(*(laid_down / "home").iterdir(), to=self.home)
        with pytest.MonkeyPatch.context() as environment:
            for name, text in self.told.items():
                environment.setenv(name, text)
            place = postgresql_place.prepare(self.home)
        _copy(laid_down / "data", to=place.data.parent)
        self.crew = (laid_down / "crew.json").read_text()

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

    def put_off(self, job: int) -> None:
        """Let a failed job wait so long that nothing but a replay makes it run."""
        until(
            lambda: self.rows(
                "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"
                " WHERE id = %s AND status = 'todo' RETURNING id",
                job,
            )
        )

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return what the database holds, read or written as its superuser."""
        return rows(self.home, sql, *parameters)


def _copy(*paths: Path, to: Path) -> None:
    subprocess.run(["cp", "--archive", *paths, to], check=True)


def rows(home: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Return what the database of a home holds, read or written as its superuser."""
    told = psycopg.conninfo.conninfo_to_dict(embedded.urls(home).owner)
    told |= {"user": "postgres", "password": None}
    with psycopg.connect(**told, autocommit=True) as connection:
        cursor = connection.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


@functools.cache
def began_once() -> Path:
    """Return the folder of an installation that was started from nothing and stopped.

    A first start takes twenty seconds, and what storms and journeys are about begins after it. The
    people of the storms are there as well, since each program that makes them takes three.
    `./sen test` names a folder in which all its processes find the one that the first of them made.
    """
    shared = os.environ.get(SHARED)
    folder = Path(shared or tempfile.mkdtemp(prefix="sen storm "))
    if not shared:
        atexit.register(shutil.rmtree, folder)
    made = folder / "began"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            being_made = Path(tempfile.mkdtemp(dir=folder))
            first = Installation()
            try:
                said = first.start()
                assert "Sen is running" in said, said
                crew = first.run("tests.storms.crew", "people", str(len(NAMES)))
                assert crew.returncode == 0, crew.stderr
                first.stop()
                first.lay_down(being_made)
                (being_made / "crew.json").write_text(crew.stdout)
            finally:
                first.end()
            being_made.rename(made)
    return made

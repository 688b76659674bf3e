"""The server that is measured: started in a home of its own, and what its processes have used."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import processes
from sen.config import embedded, postgresql_place

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("web", "worker", "postgresql")
START_SECONDS = 240
STOP_SECONDS = 45


class CannotMeasure(Exception):
    """There is no server to measure; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running installation of Sen."""

    home: Path
    address: str
    supervisor: int
    pids: dict[str, int]
    """The first process of each part."""

    def cpu_ms(self, *, but: int = 0) -> dict[str, float]:
        """Return the CPU time that each part has used so far, ended children included.

        but: a process that is not counted, the measurer's own backend.
        """
        times = processes.times()
        return {part: processes.spent_ms([pid], times, but=but) for part, pid in self.pids.items()}

    def all_cpu_ms(self) -> float:
        """Return the CPU time of everything of this run: server, supervisor, simulators, driver."""
        roots = [os.getpid(), self.supervisor, *self.pids.values()]
        return processes.spent_ms(roots, processes.times())

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Connect as the database's superuser, who alone may look at everything."""
        told = psycopg.conninfo.make_conninfo(
            embedded.urls(self.home).owner, user="postgres", application_name="sen bench"
        )
        return psycopg.connect(told, autocommit=True)


@contextmanager
def running(home: Path | None, *, port: int | None) -> Iterator[Server]:
    """Yield the server of a home, started if it does not run; what was started here also ends here.

    Without a home a new one is made in a temporary folder, and deleted at the end.
    Raises CannotMeasure.
    """
    if home is not None and (found := _found(home)) is not None:
        yield found
        return
    folder = home or Path(tempfile.mkdtemp(prefix="sen-bench-"))
    process = _start(folder, port)
    try:
        yield _ready(folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        if home is None:
            embedded.remove(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _start(home: Path, port: int | None) -> subprocess.Popen[bytes]:
    words = ["demo", *(["--port", str(port)] if port else [])]
    told = {**os.environ, "SEN_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    told["SEN_DEMO_DOSSIERS"] = "0"  # what is measured is what was lived
    for name in ("DATABASE_URL", "SEN_OWNER_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        told.pop(name, None)
    return subprocess.Popen(
        [sys.executable, "-m", "sen.config", *words],
        cwd=ROOT,
        env=told,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _ready(home: Path, process: subprocess.Popen[bytes]) -> Server:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = _found(home)
        if found is not None and _serves(found.address):
            return found
        time.sleep(0.2)
    raise CannotMeasure(f"{home}: Sen did not start, see its folder logs/")


def _serves(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310 - our own
            return bool(answer.status == 200)  # noqa: PLR2004 - ready
    except OSError:
        return False


def _found(home: Path) -> Server | None:
    """Return the server of a home if it runs."""
    try:
        state = json.loads((home / "run" / "supervisor.json").read_text(encoding="utf-8"))
        os.kill(state["pid"], 0)
    except (OSError, ValueError):
        return None
    children = {name: child["pid"] for name, child in state["children"].items()}
    if not state["address"] or not {"web", "worker"} <= children.keys():
        return None
    data = postgresql_place.existing_data(home.resolve())
    if data is None:
        raise CannotMeasure("Only an installation with the embedded PostgreSQL can be measured.")
    main_pid = (data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]
    return Server(
        home=home.resolve(),
        address=state["address"],
        supervisor=int(state["pid"]),
        pids={
            "web": children["web"],
            "worker": children["worker"],
            "postgresql": int(main_pid),
        },
    )

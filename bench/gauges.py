"""What is read again and again while load is on: memory, queues, disk."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench import processes
from bench.server import PARTS, Server

_QUEUE = (
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    " OR status = 'todo' AND coalesce(scheduled_at <= now(), true)),"
    " (SELECT count(*) FROM events_pending),"
    " (SELECT count(*) FROM signing_signaturerequest WHERE state = 'pending'),"
    " (SELECT count(*) FROM audit_pending)"
)
_MEGABYTE = 2**20


@dataclass(frozen=True)
class Sample:
    """One look. at: seconds since the load began; memory_mb: by part.

    queue: what is due or runs, events, signatures and lines of the trail that wait.
    """

    at: float
    memory_mb: dict[str, float]
    queue: int


@dataclass(frozen=True)
class Disk:
    """Bytes of the database, its log left out, and of the files."""

    database: int
    files: int


@dataclass
class Gauge:
    """Samples of a server, the first at the beginning."""

    server: Server
    samples: list[Sample] = field(default_factory=list)

    def look(self, connection: psycopg.Connection[Any], began: float) -> None:
        """Take one sample."""
        self.samples.append(
            Sample(time.monotonic() - began, memory_mb(self.server), queue(connection))
        )


@contextmanager
def watching(server: Server, *, every_seconds: float) -> Iterator[Gauge]:
    """Take a sample now, then every so many seconds, and one at the end."""
    gauge, is_over, began = Gauge(server), threading.Event(), time.monotonic()

    def keep_looking(connection: psycopg.Connection[Any]) -> None:
        while not is_over.wait(every_seconds):
            gauge.look(connection, began)

    with server.connect() as connection:
        gauge.look(connection, began)
        thread = threading.Thread(target=keep_looking, args=(connection,), daemon=True)
        thread.start()
        try:
            yield gauge
        finally:
            is_over.set()
            thread.join()
        gauge.look(connection, began)


def queue(connection: psycopg.Connection[Any]) -> int:
    """Return how much waits: due jobs, events, signatures, lines of the trail without a seal."""
    row = connection.execute(_QUEUE).fetchone()
    return sum(row) if row else 0


def drained_after(server: Server, *, most_seconds: float) -> float | None:
    """Wait until nothing is left to do; return the seconds, None where something still is."""
    began = time.monotonic()
    with server.connect() as connection:
        while (seconds := time.monotonic() - began) < most_seconds:
            if not queue(connection):
                return seconds
            time.sleep(0.1)
    return None


def memory_mb(server: Server) -> dict[str, float]:
    """Return the memory of each part with its children, shared pages shared out among them."""
    found = processes.times()
    return {
        part: sum(map(_bytes, processes.family(server.pids[part], found))) / _MEGABYTE
        for part in PARTS
    }


def _bytes(pid: int) -> int:
    """Return the proportional set size of a process; its whole where that may not be read."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except PermissionError:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0  # it has ended meanwhile
    return sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line[:4] == "Pss:")


def disk(server: Server) -> Disk:
    """Return what database and files take."""
    with server.connect() as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    kept = (path for path in (server.home / "files").rglob("*") if path.is_file())
    return Disk(int(str(row[0])) if row else 0, sum(path.stat().st_size for path in kept))

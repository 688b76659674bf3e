"""What a process counts of itself, for whoever watches: requests, statements, moments' values.

Counting costs a request about two microseconds. Each process writes what it has counted into a file
of its own every few seconds; `gather` adds the files up, those of ended processes too, so that a
sum never goes down while the installation lives.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import resource
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of times, in seconds."""
WRITE_SECONDS = 5.0
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PAST = "past.json"

_requests: dict[tuple[str, str, int], list[float]] = {}
_statements = itertools.count()
_values: dict[str, Callable[[], float]] = {}
statement: Callable[[], int] = _statements.__next__
"""Count one statement; called from any thread."""


@dataclass
class Counted:
    """What processes have counted.

    requests: method, route and status, with spaces between, to the number in each class of times,
    the last being slower than every bound, and the sum of the seconds.
    """

    requests: dict[str, list[float]] = field(default_factory=dict)
    statements: int = 0
    cpu_seconds: float = 0.0

    def add(self, other: Counted) -> None:
        """Add what another has counted."""
        for key, numbers in other.requests.items():
            mine = self.requests.get(key)
            self.requests[key] = (
                [a + b for a, b in zip(mine, numbers, strict=True)] if mine else list(numbers)
            )
        self.statements += other.statements
        self.cpu_seconds += other.cpu_seconds


@dataclass(frozen=True)
class Process:
    """A process that lives: what it is, what it has counted, and values of the moment."""

    kind: str
    pid: int
    counted: Counted
    values: Mapping[str, float]


def request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. Called from one thread of a process: that of its event loop."""
    key = (method, route, status)
    found = _requests.get(key)
    if found is None:
        found = _requests[key] = [0.0] * (len(BOUNDS) + 2)
    found[bisect_left(BOUNDS, seconds)] += 1
    found[-1] += seconds


def register_value(name: str, read: Callable[[], float]) -> None:
    """Register a value of the moment that each process tells, such as what its pool lends out."""
    _values[name] = read


def counted() -> Counted:
    """Return what this process has counted."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Counted(
        requests={
            f"{method if method in METHODS else 'OTHER'} {status} {route}": list(numbers)
            for (method, route, status), numbers in list(_requests.items())
        },
        statements=int(_statements.__reduce__()[1][0]),
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


def begin(folder: Path, kind: str) -> threading.Thread:
    """Write what this process counts into a folder again and again, in a daemon thread."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep_writing() -> None:
        while True:
            write(folder, kind)
            time.sleep(WRITE_SECONDS)

    thread = threading.Thread(target=keep_writing, name="metrics", daemon=True)
    thread.start()
    return thread


def write(folder: Path, kind: str) -> None:
    """Write what this process has counted, so that a reader sees it whole. A full disk is borne."""
    values = {"memory_bytes": float(_resident_bytes())}
    for name, read in _values.items():
        values[name] = read()
    _store(
        folder / f"{kind}-{os.getpid()}.json",
        {"kind": kind, "born": _born(os.getpid()), "values": values, **vars(counted())},
    )


def gather(folder: Path) -> tuple[Counted, list[Process]]:
    """Return what all processes have counted since the installation began, and those that live.

    What ended processes left is put together under a lock.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        past = _counted(_load(folder / PAST))
        living, ended = [], []
        for path in folder.glob("*-*.json"):
            told = _load(path)
            pid = int(path.stem.rpartition("-")[2])
            if told.get("born") == _born(pid):
                kind, values = str(told.get("kind", "")), told.get("values", {})
                living.append(Process(kind, pid, _counted(told), values))  # type: ignore[arg-type]  # as written
            else:
                past.add(_counted(told))
                ended.append(path)
        if ended:
            _store(folder / PAST, vars(past))
            for path in ended:
                path.unlink(missing_ok=True)
    total = past
    for process in living:
        total.add(process.counted)
    return total, sorted(living, key=lambda one: (one.kind, one.pid))


def _counted(told: Mapping[str, object]) -> Counted:
    return Counted(
        requests=told.get("requests", {}),  # type: ignore[arg-type]  # as `write` wrote it
        statements=told.get("statements", 0),  # type: ignore[arg-type]  # likewise
        cpu_seconds=told.get("cpu_seconds", 0.0),  # type: ignore[arg-type]  # likewise
    )


def _load(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _store(path: Path, told: Mapping[str, object]) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(json.dumps(told), encoding="utf-8")
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)


def _born(pid: int) -> str:
    """Return since when a process lives, as the kernel counts; empty where it does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()

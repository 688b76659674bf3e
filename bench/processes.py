"""CPU time of processes and of the whole machine, from /proc and the kernel's clocks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_BUSY = slice(0, 8)
"""Of a line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal."""
_IDLE = slice(3, 5)


@dataclass(frozen=True)
class Process:
    """One process: whose child it is, what it has used itself, and its children that ended."""

    parent: int
    own_ms: float
    ended_ms: float


def times() -> dict[int, Process]:
    """Return every process of the machine with the CPU time it has used."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(path.parent.name)] = read(
                int(path.parent.name), path.read_text(encoding="utf-8")
            )
        except OSError:
            continue
    return found


def read(pid: int, stat: str) -> Process:
    """Return what a line of /proc/PID/stat says; own time to the nanosecond where it still runs."""
    fields = stat.rpartition(")")[2].split()
    own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    try:
        own_ms = time.clock_gettime(_clock_of(pid)) * 1000
    except OSError:
        own_ms = own * 1000 / _TICKS
    return Process(parent=int(fields[1]), own_ms=own_ms, ended_ms=ended * 1000 / _TICKS)


def _clock_of(pid: int) -> int:
    """Return the clock of a process's CPU time, as clock_getcpuclockid(3) does on Linux."""
    return (~pid << 3) | 2


def spent_ms(roots: Iterable[int], found: Mapping[int, Process], *, but: int = 0) -> float:
    """Return the CPU time of processes and all their descendants, each once, ended ones included.

    but: a process that is left out.
    """
    return sum(found[pid].own_ms + found[pid].ended_ms for pid in _families(roots, found, but))


def family(root: int, found: Mapping[int, Process]) -> list[int]:
    """Return a process and all its descendants."""
    return _families([root], found, 0)


def _families(roots: Iterable[int], found: Mapping[int, Process], but: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for pid, process in found.items():
        children.setdefault(process.parent, []).append(pid)
    members, waiting, seen = [], list(roots), {but}
    while waiting:
        pid = waiting.pop()
        if pid in seen:
            continue
        seen.add(pid)
        if pid in found:
            members.append(pid)
        waiting += children.get(pid, [])
    return members


def tree_ms(pid: int) -> float:
    """Return the CPU time of a process and all its descendants, ended ones included."""
    return spent_ms([pid], times())


def machine_ms(stat: str | None = None) -> float:
    """Return the CPU time that the whole machine has used since it started, stolen time too."""
    text = Path("/proc/stat").read_text(encoding="utf-8") if stat is None else stat
    counted = [int(one) for one in text.split("\n", 1)[0].split()[1:]][_BUSY]
    return (sum(counted) - sum(counted[_IDLE])) * 1000 / _TICKS

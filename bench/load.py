"""Many lives at once: how long they take, what they use, what is lost, what others used."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field

from bench import alone, processes
from bench.client import Refused, Timing
from bench.lives import Crew
from bench.server import PARTS, Server

MOST_SECONDS = 240
"""After this long no further life begins, so that the whole bench ends within ten minutes."""
BUSY_PCT = 10.0


@dataclass(frozen=True)
class Machine:
    """The machine while the lives ran.

    load_before, load_after: of the last minute, before the run and after the lives. others_pct:
    what neither server nor driver used of all its cores.
    """

    cores: int
    load_before: float
    load_after: float
    others_pct: float

    @property
    def is_busy(self) -> bool:
        """Whether others took so much that the times are not the server's own."""
        return self.others_pct > BUSY_PCT


@dataclass
class Load:
    """What many lives at once took. cpu_ms: by part, of all lives."""

    machine: Machine
    lives: int = 0
    seconds: float = 0
    cpu_ms: dict[str, float] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def measured(server: Server, crews: list[Crew], lives: int, *, load_before: float) -> Load:
    """Let all crews live at once until so many lives are over, then look for what was lost."""
    for crew in crews:
        crew.filed.clear()
        for client in crew.clients:
            client.timings.clear()
    began, start = time.monotonic(), server.cpu_ms()
    ours, machine = server.all_cpu_ms(), processes.machine_ms()
    done, errors = _live(crews, lives)
    seconds = time.monotonic() - began
    with server.connect() as connection:
        alone.until_quiet(connection)
    ended = server.cpu_ms()
    others = (processes.machine_ms() - machine) - (server.all_cpu_ms() - ours)
    cores = os.cpu_count() or 1
    return Load(
        machine=Machine(
            cores=cores,
            load_before=load_before,
            load_after=os.getloadavg()[0],
            others_pct=max(0.0, others / (time.monotonic() - began) / cores / 10),
        ),
        lives=done,
        seconds=seconds,
        cpu_ms={part: ended[part] - start[part] for part in PARTS},
        timings=[one for crew in crews for client in crew.clients for one in client.timings],
        errors=errors,
        lost=[code for crew in crews for code in crew.filed if not crew.is_done(code)],
    )


def _live(crews: list[Crew], lives: int) -> tuple[int, list[str]]:
    """Live so many lives, each crew one after another; return how many ended well, and errors."""
    left, until = iter(range(lives)), time.monotonic() + MOST_SECONDS
    lock = threading.Lock()
    done: list[str] = []
    errors: list[str] = []

    def work(crew: Crew) -> None:
        while time.monotonic() < until:
            with lock:
                if next(left, None) is None:
                    return
            try:
                crew.live()
            except Refused as error:
                errors.append(str(error))
            else:
                done.append(crew.place)

    threads = [threading.Thread(target=work, args=(crew,), daemon=True) for crew in crews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), errors

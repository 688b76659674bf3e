"""One life at a time: what each act costs, with everything that follows from it.

Before each request the server is let come to rest: no event, job or signature is left. All that it
executes and uses until the next request then belongs to that act, the worker's part too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import psycopg

from bench import statements
from bench.client import Client, Refused
from bench.lives import Crew
from bench.measures import Cost, Count, Counts
from bench.server import PARTS, Server
from bench.statements import Statement

SQL_LIVES = 3
CPU_LIVES = 8
IDLE_SECONDS = 3
QUIET_SECONDS = 60
_BREATH_SECONDS = 0.02
"""What ends a job is written a moment before its worker rests; and PostgreSQL's log knows whole
milliseconds."""
END = "end"
"""The mark after the last request."""

_REST = (
    "SELECT NOT EXISTS (SELECT FROM events_pending) AND NOT EXISTS (SELECT FROM"
    " procrastinate_jobs WHERE status = 'doing'"
    " OR status = 'todo' AND coalesce(scheduled_at <= now(), true))"
    " AND NOT EXISTS (SELECT FROM signing_signaturerequest WHERE state = 'pending')"
)


class Lived(Protocol):
    """Whoever lives lives: a crew, or the people of one procedure."""

    @property
    def clients(self) -> list[Client]:
        """Everybody's connection."""


@dataclass(frozen=True)
class Mark:
    """The moment before a request, the server at rest. cpu_ms: used so far, by part."""

    act: str
    at: float
    cpu_ms: dict[str, float]


@dataclass
class Watch:
    """The marks of lives that are lived alone."""

    server: Server
    connection: psycopg.Connection[Any]
    marks: list[Mark] = field(default_factory=list)

    def mark(self, act: str) -> None:
        """Let the server come to rest and note the moment. Raises Refused."""
        until_quiet(self.connection)
        time.sleep(_BREATH_SECONDS)
        until_quiet(self.connection)
        used = self.server.cpu_ms(but=self.connection.info.backend_pid)
        self.marks.append(Mark(act, time.time(), used))
        time.sleep(_BREATH_SECONDS)


@contextmanager
def watching(server: Server, crew: Lived) -> Iterator[Watch]:
    """Mark every request of those who live, and the end."""
    with server.connect() as connection:
        watch = Watch(server, connection)
        for client in crew.clients:
            client.before = watch.mark
        try:
            yield watch
            watch.mark(END)
        finally:
            for client in crew.clients:
                client.before = None
                client.timings.clear()


def until_quiet(connection: psycopg.Connection[Any]) -> None:
    """Wait until no event, job or signature is left. Raises Refused."""
    until = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < until:
        row = connection.execute(_REST).fetchone()
        if row is not None and row[0]:
            return
        time.sleep(0.02)
    raise Refused(f"work was left after {QUIET_SECONDS} s")


def idle_ms(server: Server) -> dict[str, float]:
    """Return the CPU time of one second in which nothing is asked, by part."""
    time.sleep(1)
    before, began = server.cpu_ms(), time.monotonic()
    time.sleep(IDLE_SECONDS)
    after, seconds = server.cpu_ms(), time.monotonic() - began
    return {part: (after[part] - before[part]) / seconds for part in PARTS}


def measured(server: Server, crew: Crew, idle: dict[str, float]) -> Counts:
    """Live some lives alone, first counting statements, then CPU time without the log of them."""
    with statements.watched(server) as log:
        resting = time.time()
        time.sleep(IDLE_SECONDS)
        with watching(server, crew) as counted:
            for _life in range(SQL_LIVES):
                crew.live()
    with watching(server, crew) as timed:
        for _life in range(CPU_LIVES):
            crew.live()
    web, worker = (
        counts_of(counted.marks, log.statements, part=part, lives=SQL_LIVES)
        for part in ("web", "worker")
    )
    spent = cpu_of(timed.marks, idle, lives=CPU_LIVES)
    return Counts(
        acts={act: Cost(web[act], worker[act], spent.get(act, 0.0)) for act in web},
        by_the_clock=statements.by_the_clock(
            [one for one in log.statements if resting <= one.at < counted.marks[0].at]
        ),
    )


def counts_of(
    marks: Sequence[Mark], executed: Sequence[Statement], *, part: str, lives: int
) -> dict[str, Count]:
    """Return how many statements of a part each act has a life, between its mark and the next."""
    found: dict[str, Count] = {}
    for mark, following in pairwise(marks):
        mine = [one for one in executed if one.part == part and mark.at <= one.at < following.at]
        one = statements.counted(mine)
        share = Count(one.plain / lives, one.all / lives)
        found[mark.act] = found.get(mark.act, Count(0, 0)) + share
    return found


def cpu_of(marks: Sequence[Mark], idle: dict[str, float], *, lives: int) -> dict[str, float]:
    """Return the CPU milliseconds of each act a life; what rest costs meanwhile is taken off."""
    found: dict[str, float] = {}
    for mark, following in pairwise(marks):
        used = sum(following.cpu_ms[part] - mark.cpu_ms[part] for part in PARTS)
        rest = sum(idle.values()) * (following.at - mark.at)
        found[mark.act] = found.get(mark.act, 0.0) + max(0.0, used - rest) / lives
    return found

"""Pages asked for again and again: time, statements and CPU time of each, over HTTP."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

from bench import alone, statements
from bench.cast import Person
from bench.client import Client
from bench.server import PARTS, Server

WARM = 8
"""After so often a statement is prepared by the server in every connection of the pool."""
COUNTED = 3
_PAUSE_SECONDS = 0.3
NOBODY = Person(account="", name="", number="", token="", session="")


@dataclass(frozen=True)
class Visit:
    """A page and who asks for it."""

    name: str
    path: str
    person: Person = NOBODY


@dataclass(frozen=True)
class Cost:
    """What a page costs a request. kilobytes: of HTML, before compression."""

    name: str
    times_ms: Sequence[float]
    cpu_ms: Mapping[str, float]
    sql: float = 0.0
    kilobytes: float = 0.0

    def percentile(self, percent: int) -> float:
        """Return below which so many of a hundred requests were answered."""
        return statistics.quantiles(self.times_ms, n=100)[percent - 1]

    @property
    def whole_ms(self) -> float:
        """CPU time of all parts."""
        return sum(self.cpu_ms.values())


def measured(server: Server, visits: Sequence[Visit], *, rounds: int) -> list[Cost]:
    """Ask for every page so often, one at a time, and then count the statements of each."""
    with _clients(server, visits) as clients:
        for visit, client in zip(visits, clients, strict=True):
            for _time in range(WARM):
                client.page(visit.name, visit.path)
        idle = alone.idle_ms(server)
        costs = [
            _timed(server, visit, client, idle, rounds)
            for visit, client in zip(visits, clients, strict=True)
        ]
        counts = _counted(server, visits, clients)
    return [replace(cost, sql=sql) for cost, sql in zip(costs, counts, strict=True)]


@contextmanager
def _clients(server: Server, visits: Sequence[Visit]) -> Iterator[list[Client]]:
    clients = [Client(server.address, visit.person, by_session=True) for visit in visits]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def _timed(
    server: Server, visit: Visit, client: Client, idle: Mapping[str, float], rounds: int
) -> Cost:
    client.timings.clear()
    before, began = server.cpu_ms(), time.monotonic()
    for _time in range(rounds):
        page = client.page(visit.name, visit.path)
    seconds, after = time.monotonic() - began, server.cpu_ms()
    return Cost(
        name=visit.name,
        times_ms=[(one.ended - one.began) * 1000 for one in client.timings],
        cpu_ms={
            part: max(0.0, after[part] - before[part] - idle[part] * seconds) / rounds
            for part in PARTS
        },
        kilobytes=len(page.encode()) / 1024,
    )


def _counted(server: Server, visits: Sequence[Visit], clients: Sequence[Client]) -> list[float]:
    marks = []
    with statements.watched(server) as log:
        for visit, client in zip(visits, clients, strict=True):
            time.sleep(_PAUSE_SECONDS)
            marks.append(time.time())
            for _time in range(COUNTED):
                client.page(visit.name, visit.path)
        time.sleep(_PAUSE_SECONDS)
    marks.append(time.time())
    asked = [one for one in log.statements if one.part == "web"]
    return [
        statements.counted([one for one in asked if begins <= one.at < ends]).plain / COUNTED
        for begins, ends in pairwise(marks)
    ]


def table(costs: Sequence[Cost]) -> str:
    """Return what was measured as a table."""
    lines = [
        "| page | SQL | p50 ms | p95 ms | p99 ms | CPU ms | of it web | of it PostgreSQL | kB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.name} | {one.sql:.0f} | {one.percentile(50):.1f} | {one.percentile(95):.1f} |"
        f" {one.percentile(99):.1f} | {one.whole_ms:.1f} | {one.cpu_ms.get('web', 0):.1f} |"
        f" {one.cpu_ms['postgresql']:.1f} | {one.kilobytes:.0f} |"
        for one in costs
    ]
    return "\n".join(lines)


def as_json(costs: Sequence[Cost]) -> str:
    """Return what was measured as one line of JSON."""
    told = {}
    for one in costs:
        told[one.name] = {
            **{key: value for key, value in asdict(one).items() if key not in {"name", "times_ms"}},
            **{f"p{percent}_ms": one.percentile(percent) for percent in (50, 95, 99)},
        }
    return json.dumps(told, ensure_ascii=False)

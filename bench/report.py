"""What a run found, as a table for people and as one line for programs."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass

from bench.floor import RowFloor
from bench.job import Work
from bench.lives import POLL
from bench.load import Load
from bench.measures import Cost, Counts

_HEAD = (
    f"{'act':<20}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
    f"{'SQL':>9}{'web':>7}{'worker':>8}{'+ BEGIN …':>11}{'CPU ms':>8}"
)


@dataclass(frozen=True)
class Found:
    """All figures of a run.

    cpu_ms: of one life under load, by part. idle_ms: of one second of rest, by part. requests: of
    one life, no polling.
    """

    way: str
    clients: int
    load: Load
    cpu_ms: dict[str, float]
    idle_ms: dict[str, float]
    acts: tuple[str, ...]
    counts: Counts
    row_floor: RowFloor
    work: Work
    requests: float
    request_ms: float

    @property
    def lives_per_s(self) -> float:
        """Lives that came to their end, in a second."""
        return self.load.lives / self.load.seconds

    @property
    def cpu(self) -> float:
        """CPU milliseconds of one life."""
        return sum(self.cpu_ms.values())

    @property
    def job_floor_ms(self) -> float:
        """CPU milliseconds of one life's rows, papers, signatures, files and requests."""
        return self.row_floor.cpu_ms + self.work.cpu_ms + self.requests * self.request_ms

    @property
    def life(self) -> Cost:
        """What a life's acts cost together, polling left out."""
        return self.counts.sum_of(act for act in self.counts.acts if act != POLL)

    def milliseconds(self, act: str) -> list[float]:
        """Return how long the requests of an act took, the shortest first."""
        timings = self.load.timings
        return sorted((one.ended - one.began) * 1000 for one in timings if one.act == act)


def table(found: Found) -> str:
    """Return the figures as people read them."""
    load = found.load
    errors = Counter(load.errors).most_common(5)
    return "\n".join(
        [
            *_machine(found),
            "",
            *_acts(found),
            "",
            *_times(found),
            f"{'errors':<20}{len(load.errors)}   lost {len(load.lost)}",
            *[f"   {count} × {text}" for text, count in errors],
            *[f"   lost: {code}" for code in load.lost[:5]],
        ]
    )


def _machine(found: Found) -> list[str]:
    load, machine = found.load, found.load.machine
    said = f"others used {machine.others_pct:.0f} % of it meanwhile"
    warning = [f"   BUSY: {said}, so times are upper bounds; repeat on a quiet machine"]
    loads = f"load {machine.load_before:.1f} before, {machine.load_after:.1f} after"
    rate = f"{found.lives_per_s:.2f} lives/s"
    return [
        f"{load.lives} lives over {found.way}, {found.clients} at once, {rate}",
        f"{machine.cores} cores, {loads}" + ("" if machine.is_busy else f"; {said}"),
        *(warning if machine.is_busy else []),
    ]


def _acts(found: Found) -> list[str]:
    polls = len(found.milliseconds(POLL)) / found.load.lives
    poll, life = found.counts.acts.get(POLL), found.life
    sql = f", {poll.plain:.0f} SQL when alone" if poll else ""
    unknown = found.counts.by_the_clock
    return [
        f"{'':<20}{'many at once':>27}{'one at a time, a life':>42}",
        _HEAD,
        *[_line(found, act, found.counts.acts.get(act)) for act in found.acts],
        f"{'one life':<47}{_cost(life)}",
        _line(found, POLL, None) + f"   {polls:.1f} a life{sql}; not in the line above",
        "   one at a time: what follows from an act, until nothing is left to do, belongs to it;",
        "   SQL is without BEGIN, COMMIT, SAVEPOINT, RELEASE and the pool's empty question, the",
        "   column after it with them; left out is what workers do by the clock, work or none:",
        "   looking for work in vain, beating, sealing the trail; CPU is without that of rest",
        *[f"   counted although done by the clock: {text[:80]!r}" for text in unknown],
    ]


def _times(found: Found) -> list[str]:
    floor, work = found.row_floor, found.work
    cpu = "   ".join(f"{part} {one:.0f}" for part, one in found.cpu_ms.items())
    idle = ", ".join(f"{part} {one:.1f}" for part, one in found.idle_ms.items())
    empty = found.requests * found.request_ms
    rows = f"{floor.rows} rows, {floor.updates} changes, {floor.statements} statements"
    return [
        f"{'CPU of one life':<20}{cpu}   = {found.cpu:.0f} ms, many at once",
        f"   polling in it; at rest: {idle} ms a second, not taken off here",
        (
            f"{'row floor':<20}client {floor.client_ms:.1f}   postgresql {floor.server_ms:.1f}   "
            f"= {floor.cpu_ms:.1f} ms ({rows})"
        ),
        (
            f"{'job floor':<20}rows {floor.cpu_ms:.1f}   papers {work.papers_ms:.1f}   "
            f"signatures {work.signatures_ms:.1f}   files {work.files_ms:.1f}   "
            f"{found.requests:.0f} empty requests {empty:.1f}   = {found.job_floor_ms:.1f} ms"
        ),
        (
            f"{'ratios':<20}CPU to row floor {found.cpu / floor.cpu_ms:.1f}   "
            f"CPU to job floor {found.cpu / found.job_floor_ms:.2f}"
        ),
    ]


def _line(found: Found, act: str, cost: Cost | None) -> str:
    times = found.milliseconds(act)
    shown = "".join(f"{percentile(times, share):>9.0f}" for share in (50, 95, 99))
    return f"{act:<20}{shown}{_cost(cost) if cost else ''}"


def _cost(cost: Cost) -> str:
    return (
        f"{cost.plain:>9.1f}{cost.web.plain:>7.1f}{cost.worker.plain:>8.1f}"
        f"{cost.web.all + cost.worker.all:>11.1f}{cost.cpu_ms:>8.1f}"
    )


def percentile(times: list[float], share: int) -> float:
    """Return the time that so many hundredths of the sorted times do not exceed; 0 for none."""
    if len(times) < 2:  # noqa: PLR2004 - quantiles need two
        return times[0] if times else 0.0
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def as_json(found: Found) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(
        {
            "lives_per_s": round(found.lives_per_s, 3),
            "sql_per_life": round(found.life.plain, 1),
            "cpu_ms_per_life": round(found.cpu, 1),
            "row_ratio": round(found.cpu / found.row_floor.cpu_ms, 2),
            "floor_ratio": round(found.cpu / found.job_floor_ms, 2),
            "lost": len(found.load.lost),
            "acts": {act: _act(found, act) for act in found.acts},
        }
    )


def _act(found: Found, act: str) -> dict[str, float | None]:
    times, cost = found.milliseconds(act), found.counts.acts.get(act)
    return {
        **{f"p{share}_ms": round(percentile(times, share), 1) for share in (50, 95, 99)},
        "sql": round(cost.plain, 1) if cost else None,
        "sql_web": round(cost.web.plain, 1) if cost else None,
        "sql_worker": round(cost.worker.plain, 1) if cost else None,
        "cpu_ms": round(cost.cpu_ms, 1) if cost else None,
    }

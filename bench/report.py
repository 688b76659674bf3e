"""What a run found, as a table for people and as one line for programs."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass

from bench.client import Timing
from bench.floor import RowFloor
from bench.job import Work
from bench.lives import POLL
from bench.statements import Count


@dataclass(frozen=True)
class Counts:
    """Statements of one life: by act in the web, of the polling requests, of the worker."""

    acts: dict[str, Count]
    polls: Count
    worker: Count

    @property
    def life(self) -> Count:
        """The acts and the worker together; polling stands apart."""
        every = [*self.acts.values(), self.worker]
        return Count(sum(one.plain for one in every), sum(one.all for one in every))


@dataclass(frozen=True)
class Found:
    """All figures of a run. cpu_ms: of one life, by part. requests: of one life, no polling."""

    way: str
    lives: int
    clients: int
    seconds: float
    cpu_ms: dict[str, float]
    idle_ms: dict[str, float]
    timings: list[Timing]
    load_errors: list[str]
    lost: list[str]
    acts: tuple[str, ...]
    counts: Counts
    row_floor: RowFloor
    work: Work
    requests: float
    request_ms: float

    @property
    def cpu(self) -> float:
        """CPU milliseconds of one life."""
        return sum(self.cpu_ms.values())

    @property
    def job_floor_ms(self) -> float:
        """CPU milliseconds of one life's rows, papers, signatures, files and requests."""
        return self.row_floor.cpu_ms + self.work.cpu_ms + self.requests * self.request_ms

    def milliseconds(self, act: str) -> list[float]:
        """Return how long the requests of an act took, the shortest first."""
        return sorted((one.ended - one.began) * 1000 for one in self.timings if one.act == act)


def table(found: Found) -> str:
    """Return the figures as people read them."""
    errors = Counter(found.load_errors).most_common(5)
    return "\n".join(
        [
            *_acts(found),
            "",
            *_times(found),
            f"{'errors':<20}{len(found.load_errors)}   lost {len(found.lost)}",
            *[f"   {count} × {text}" for text, count in errors],
            *[f"   lost: {code}" for code in found.lost[:5]],
        ]
    )


def _acts(found: Found) -> list[str]:
    polls = len(found.milliseconds(POLL)) / max(found.lives, 1)
    life, worker = found.counts.life, found.counts.worker
    rate = found.lives / found.seconds
    asked = f"   {polls:.1f} a life, {found.counts.polls.plain:.0f} SQL, not counted below"
    return [
        f"{found.lives} lives over {found.way}, {found.clients} at once, {rate:.2f} lives/s",
        "",
        f"{'act':<20}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'SQL':>8}{'with BEGIN …':>14}",
        *[_line(found, act, found.counts.acts.get(act)) for act in found.acts],
        _line(found, POLL, None) + asked,
        f"{'worker':<47}{worker.plain:>8.1f}{worker.all:>14.1f}",
        f"{'one life':<47}{life.plain:>8.1f}{life.all:>14.1f}",
        "   SQL: one life at a time; without BEGIN, COMMIT, SAVEPOINT, RELEASE and the pool's",
        "   empty question, and with them; left out is what workers do by the clock, work or none:",
        "   looking for work in vain, beating, sealing the trail once a second",
    ]


def _times(found: Found) -> list[str]:
    floor, work = found.row_floor, found.work
    cpu = "   ".join(f"{part} {one:.0f}" for part, one in found.cpu_ms.items())
    idle = ", ".join(f"{part} {one:.0f}" for part, one in found.idle_ms.items())
    empty = found.requests * found.request_ms
    rows = f"{floor.rows} rows, {floor.updates} changes, {floor.statements} statements"
    return [
        f"{'CPU of one life':<20}{cpu}   = {found.cpu:.0f} ms",
        f"   polling in it; idle: {idle} ms a second, not taken off",
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


def _line(found: Found, act: str, count: Count | None) -> str:
    times = found.milliseconds(act)
    shown = "".join(f"{_percentile(times, share):>9.0f}" for share in (50, 95, 99))
    counted = f"{count.plain:>8.1f}{count.all:>14.1f}" if count else ""
    return f"{act:<20}{shown}{counted}"


def _percentile(times: list[float], share: int) -> float:
    if len(times) < 2:  # noqa: PLR2004 - quantiles need two
        return times[0] if times else 0.0
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def as_json(found: Found) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(
        {
            "lives_per_s": round(found.lives / found.seconds, 3),
            "sql_per_life": round(found.counts.life.plain, 1),
            "cpu_ms_per_life": round(found.cpu, 1),
            "row_ratio": round(found.cpu / found.row_floor.cpu_ms, 2),
            "floor_ratio": round(found.cpu / found.job_floor_ms, 2),
            "lost": len(found.lost),
            "acts": {
                act: {
                    "p50_ms": round(_percentile(found.milliseconds(act), 50), 1),
                    "p95_ms": round(_percentile(found.milliseconds(act), 95), 1),
                    "p99_ms": round(_percentile(found.milliseconds(act), 99), 1),
                    "sql": round(found.counts.acts[act].plain, 1)
                    if act in found.counts.acts
                    else None,
                }
                for act in found.acts
            },
        }
    )

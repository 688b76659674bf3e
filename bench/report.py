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
    lives = max(found.lives, 1)
    polls = len(found.milliseconds(POLL)) / lives
    life = found.counts.life
    return "\n".join(
        [
            f"{found.lives} lives over {found.way}, {found.clients} at once, "
            f"{found.seconds:.1f} s: {found.lives / found.seconds:.2f} lives/s",
            "",
            f"{'act':<20}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'SQL':>8}{'with BEGIN …':>14}",
            *[_line(found, act, found.counts.acts.get(act)) for act in found.acts],
            _line(found, POLL, None) + f"   {polls:.1f} a life, "
            f"{found.counts.polls.plain:.0f} SQL, not counted below",
            f"{'worker':<47}{found.counts.worker.plain:>8.1f}{found.counts.worker.all:>14.1f}",
            f"{'one life':<47}{life.plain:>8.1f}{life.all:>14.1f}",
            "   SQL: one life at a time; without BEGIN, COMMIT, SAVEPOINT, RELEASE and the pool's",
            "   empty question, and with them; what workers ask by the clock is left out",
            "",
            f"{'CPU of one life':<20}"
            + "   ".join(f"{part} {one:.0f}" for part, one in found.cpu_ms.items())
            + f"   = {found.cpu:.0f} ms (polling in it; idle: "
            + ", ".join(f"{part} {one:.0f}" for part, one in found.idle_ms.items())
            + " ms a second)",
            f"{'row floor':<20}client {found.row_floor.client_ms:.1f}   "
            f"postgresql {found.row_floor.server_ms:.1f}   = {found.row_floor.cpu_ms:.1f} ms "
            f"({found.row_floor.rows} rows, {found.row_floor.updates} changes, "
            f"{found.row_floor.statements} statements, 7 transactions)",
            f"{'job floor':<20}rows {found.row_floor.cpu_ms:.1f}   "
            f"papers {found.work.papers_ms:.1f}   signatures {found.work.signatures_ms:.1f}   "
            f"files {found.work.files_ms:.1f}   {found.requests:.0f} empty requests "
            f"{found.requests * found.request_ms:.1f}   = {found.job_floor_ms:.1f} ms",
            f"{'ratios':<20}CPU to row floor {found.cpu / found.row_floor.cpu_ms:.1f}   "
            f"CPU to job floor {found.cpu / found.job_floor_ms:.2f}",
            f"{'errors':<20}{len(found.load_errors)}   lost {len(found.lost)}",
            *[f"   {count} × {text}" for text, count in Counter(found.load_errors).most_common(5)],
            *[f"   lost: {code}" for code in found.lost[:5]],
        ]
    )


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

"""What sustained mixed load came to, as a table for people and as one line for programs."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.client import Timing
from bench.gauges import Disk, Sample
from bench.lives import ACTS, POLL
from bench.load import Machine
from bench.report import percentile
from bench.server import PARTS

API = "an act, API"
SLICES = 6
TELLS_SECONDS = 600
"""A shorter run tells nothing about memory: caches fill for minutes."""
FLAT_PCT = 5.0
"""Memory that grew by less from the second quarter to the last is called flat."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """All figures of a run.

    began: seconds since 1970, as timings have it. lives: when each that came to its end began and
    ended. drained_s: None where work was left. filed: dossiers of this run. grown: by them.
    """

    clients: int
    seconds: float
    began: float
    machine: Machine
    lives: Sequence[tuple[float, float]]
    timings: Sequence[Timing]
    samples: Sequence[Sample]
    cpu_ms: dict[str, float]
    drained_s: float | None
    filed: int
    grown: Disk
    errors: Sequence[str]
    lost: Sequence[str]

    @property
    def lives_per_s(self) -> float:
        """Lives that came to their end, in a second."""
        return len(self.lives) / self.seconds

    @property
    def kinds(self) -> dict[str, list[float]]:
        """How long requests of each kind took in milliseconds, the shortest first; whole lives."""
        found: dict[str, list[float]] = {API: []}
        for one in self.timings:
            if one.act != POLL:
                kind = API if one.act in ACTS else one.act
                found.setdefault(kind, []).append((one.ended - one.began) * 1000)
        found["a whole life"] = [(ended - began) * 1000 for began, ended in self.lives]
        return {kind: sorted(times) for kind, times in found.items()}

    def memory(self, part: str) -> tuple[float, float, float]:
        """Return the megabytes of a part at the start, in the middle, at the end."""
        read = [sample.memory_mb[part] for sample in self.samples]
        return read[0], read[len(read) // 2], read[-1]

    def grew_pct(self, part: str) -> float:
        """Return by how much a part's memory grew from the second quarter to the last."""
        read = [sample.memory_mb[part] for sample in self.samples]
        quarter = max(1, len(read) // 4)
        before = statistics.median(read[quarter : 2 * quarter] or read)
        return 100 * (statistics.median(read[-quarter:]) / before - 1) if before else 0.0


def table(found: Found) -> str:
    """Return the figures as people read them."""
    return "\n".join(
        [
            *_machine(found), "", *_kinds(found), "", *_over_time(found), "", *_memory(found),
            *_rest(found),
        ]
    )  # fmt: skip


def _machine(found: Found) -> list[str]:
    machine, asked = found.machine, len(found.timings) / found.seconds
    loads = f"load {machine.load_before:.1f} before, {machine.load_after:.1f} after"
    cpu = ", ".join(f"{part} {ms / found.seconds / 10:.0f}" for part, ms in found.cpu_ms.items())
    return [
        (
            f"{found.seconds / 60:.1f} min of mixed load, {found.clients} at once:"
            f" {found.lives_per_s:.2f} lives/s, {asked:.1f} requests/s"
        ),
        f"{machine.cores} cores, {loads}; others used {machine.others_pct:.0f} % of it meanwhile",
        *(["   BUSY: times are upper bounds; repeat on a quiet machine"] * machine.is_busy),
        f"CPU in hundredths of a core: {cpu}; the rest is the driver's",
    ]


def _kinds(found: Found) -> list[str]:
    head = f"{'kind':<22}{'number':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'most':>9}"
    return [
        head,
        *[
            f"{kind:<22}{len(times):>9}"
            + "".join(f"{percentile(times, share):>9.0f}" for share in (50, 95, 99))
            + f"{times[-1] if times else 0:>9.0f}"
            for kind, times in found.kinds.items()
        ],
    ]


def _over_time(found: Found) -> list[str]:
    names = "".join(f"{part + ' MB':>15}" for part in PARTS)
    head = f"{'minute':<22}{'lives/s':>9}{'req/s':>9}{'p95 ms':>9}{'queue':>9}{names}"
    return [head, *[_slice(found, number) for number in range(SLICES)]]


def _slice(found: Found, number: int) -> str:
    length = found.seconds / SLICES
    begins, ends = number * length, (number + 1) * length
    within = [one for one in found.timings if begins <= one.ended - found.began < ends]
    lives = sum(begins <= ended - found.began < ends for _began, ended in found.lives)
    times = sorted((one.ended - one.began) * 1000 for one in within if one.act != POLL)
    read = [one for one in found.samples if begins <= one.at <= ends] or list(found.samples[-1:])
    memory = "".join(
        f"{statistics.median(one.memory_mb[part] for one in read):>15.0f}" for part in PARTS
    )
    when = f"{begins / 60:.1f} to {ends / 60:.1f}"
    return (
        f"{when:<22}{lives / length:>9.2f}{len(within) / length:>9.1f}"
        f"{percentile(times, 95):>9.0f}{max(one.queue for one in read):>9}{memory}"
    )


def _memory(found: Found) -> list[str]:
    lines = []
    for part in PARTS:
        first, middle, last = found.memory(part)
        grew = found.grew_pct(part)
        said = ", flat" if grew < FLAT_PCT else ", NOT FLAT"
        lines.append(
            f"{'memory, ' + part:<22}{first:.0f} → {middle:.0f} → {last:.0f} MB; second half"
            f" {grew:+.1f} %{said if found.seconds >= TELLS_SECONDS else ''}"
        )
    return lines


def _rest(found: Found) -> list[str]:
    depths, errors = [one.queue for one in found.samples], Counter(found.errors).most_common(5)
    drained = "NOT drained" if found.drained_s is None else f"drained in {found.drained_s:.1f} s"
    database, files = _a_dossier(found)
    return [
        f"{'queue':<22}at most {max(depths)}, {depths[-1]} at the end; {drained}",
        f"{'disk a dossier':<22}database {database:.1f} kB, files {files:.1f} kB",
        f"{'dossiers filed':<22}{found.filed}",
        f"{'errors':<22}{len(found.errors)}   lost {len(found.lost)}",
        *[f"   {count} × {text[:200]}" for text, count in errors],
        *[f"   lost: {code}" for code in found.lost[:5]],
    ]


def _a_dossier(found: Found) -> tuple[float, float]:
    filed = max(1, found.filed)
    return found.grown.database / filed / 1024, found.grown.files / filed / 1024


def as_json(found: Found) -> str:
    """Return the figures as one line of JSON."""
    depths = [one.queue for one in found.samples]
    database, files = _a_dossier(found)
    return json.dumps(
        {
            "seconds": round(found.seconds, 1),
            "clients": found.clients,
            "lives": len(found.lives),
            "lives_per_s": round(found.lives_per_s, 3),
            "requests_per_s": round(len(found.timings) / found.seconds, 2),
            "kinds": {
                kind: {
                    "number": len(times),
                    **{
                        f"p{share}_ms": round(percentile(times, share), 1) for share in (50, 95, 99)
                    },
                }
                for kind, times in found.kinds.items()
            },
            "memory_mb": {
                part: {
                    **dict(
                        zip(
                            ("start", "middle", "end"),
                            (round(one, 1) for one in found.memory(part)),
                            strict=True,
                        )
                    ),
                    "second_half_pct": round(found.grew_pct(part), 2),
                }
                for part in PARTS
            },
            "queue": {"most": max(depths), "end": depths[-1], "drained_s": found.drained_s},
            "disk_kb_a_dossier": {"database": round(database, 1), "files": round(files, 1)},
            "cpu_ms": {part: round(ms) for part, ms in found.cpu_ms.items()},
            "others_pct": round(found.machine.others_pct, 1),
            "errors": len(found.errors),
            "lost": len(found.lost),
        }
    )

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from bench import gauges, mixed, mixed_report, processes
from bench.client import Timing
from bench.gauges import Disk, Sample
from bench.load import Machine


def sample(at: float, web: float, queue: int = 0) -> Sample:
    return Sample(at, {"web": web, "worker": 100.0, "postgresql": 300.0}, queue)


@pytest.fixture
def found() -> mixed_report.Found:
    return mixed_report.Found(
        clients=2,
        seconds=600.0,
        began=1000.0,
        machine=Machine(cores=2, load_before=0.2, load_after=1.9, others_pct=1.0),
        lives=[(1000.0, 1002.0), (1002.0, 1006.0), (1050.0, 1051.0)],
        timings=[
            *[Timing("submit", 1000.0, 1000.0 + ms / 1000) for ms in (10, 20, 30)],
            Timing("sign", 1030.0, 1030.04),
            Timing("poll", 1030.0, 1031.0),
            Timing("inbox", 1040.0, 1040.05),
        ],
        samples=[sample(0, 200), sample(15, 210, 7), sample(30, 212, 3), sample(60, 211)],
        cpu_ms={"web": 30_000.0, "worker": 6_000.0, "postgresql": 12_000.0},
        drained_s=1.5,
        filed=4,
        grown=Disk(database=4 * 20 * 1024, files=4 * 300 * 1024),
        errors=[],
        lost=[],
    )


def test_object_for_programs_has_every_figure(found):
    told = json.loads(mixed_report.as_json(found))

    assert {name: told[name] for name in ("lives", "lives_per_s", "requests_per_s")} == {
        "lives": 3, "lives_per_s": 0.005, "requests_per_s": 0.01,
    }  # fmt: skip
    assert {kind: one["number"] for kind, one in told["kinds"].items()} == {
        mixed_report.API: 4, "inbox": 1, "a whole life": 3,
    }  # fmt: skip
    assert told["kinds"][mixed_report.API]["p50_ms"] == 25.0
    assert told["memory_mb"]["web"] == {
        "start": 200.0, "middle": 212.0, "end": 211.0, "second_half_pct": 0.48,
    }  # fmt: skip
    assert told["queue"] == {"most": 7, "end": 0, "drained_s": 1.5}
    assert told["disk_kb_a_dossier"] == {"database": 20.0, "files": 300.0}
    assert (told["errors"], told["lost"]) == (0, 0)


def test_table_says_what_is_well_and_what_is_not(found):
    well = mixed_report.table(found)
    samples = [sample(at, 200 + at * 5, 9) for at in (0, 15, 30, 60)]
    bad = mixed_report.table(
        replace(found, drained_s=None, errors=["sign: 500"] * 2, lost=["H41-1"], samples=samples)
    )

    assert "memory, web           200 → 212 → 211 MB; second half +0.5 %, flat" in well
    assert "queue                 at most 7, 0 at the end; drained in 1.5 s" in well
    assert "0.0 to 1.7                 0.03      0.1" in well
    assert "second half +81.8 %, NOT FLAT" in bad
    assert "9 at the end; NOT drained" in bad
    assert "   2 × sign: 500" in bad
    assert "   lost: H41-1" in bad
    assert "second half +0.5 %\n" in mixed_report.table(replace(found, seconds=120.0))


def test_every_kind_of_a_round_has_somebody_who_looks():
    kinds = dict(mixed.MIX)

    assert kinds["life"] == 1
    assert sum(kinds.values()) == 43


def test_options_stay_within_bounds():
    told = mixed._options(["--minutes", "0", "--clients", "900"])

    assert (told.minutes, told.clients) == (0.1, mixed.MOST_CLIENTS)


def test_memory_of_a_process_is_read():
    assert 2**20 < gauges._bytes(os.getpid()) < 2**34
    assert gauges._bytes(2**22 + 1) == 0


def test_family_is_a_process_with_its_descendants():
    def of(parent: int) -> processes.Process:
        return processes.Process(parent=parent, own_ms=1, ended_ms=0)

    found = {1: of(0), 2: of(1), 3: of(2), 4: of(0)}

    assert sorted(processes.family(1, found)) == [1, 2, 3]

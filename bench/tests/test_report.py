from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bench import report
from bench.client import Timing
from bench.floor import RowFloor
from bench.job import Work
from bench.load import BUSY_PCT, Load, Machine
from bench.measures import Cost, Count, Counts


@pytest.fixture
def found() -> report.Found:
    machine = Machine(cores=2, load_before=0.2, load_after=1.9, others_pct=1.0)
    return report.Found(
        way="API",
        clients=2,
        load=Load(
            machine=machine,
            lives=4,
            seconds=2.0,
            timings=[
                *[Timing("submit", 0.0, ms / 1000) for ms in (10, 20, 30, 40, 50)],
                Timing("poll", 0.0, 0.001),
                Timing("poll", 0.0, 0.003),
            ],
        ),
        cpu_ms={"web": 100.0, "worker": 60.0, "postgresql": 40.0},
        idle_ms={"web": 0.0, "worker": 3.0, "postgresql": 2.0},
        acts=("submit", "sign"),
        counts=Counts(
            acts={
                "submit": Cost(Count(10, 14), Count(5, 7), 30.0),
                "sign": Cost(Count(20, 24), Count(15, 17), 50.0),
                "poll": Cost(Count(9, 9), Count(0, 0), 4.0),
            },
            by_the_clock=[],
        ),
        row_floor=RowFloor(
            statements=50, rows=40, updates=10, client_ms=12, server_ms=8, wall_ms=30
        ),
        work=Work(papers_ms=15.0, signatures_ms=50.0, files_ms=5.0),
        requests=10.0,
        request_ms=1.0,
    )


def test_the_object_for_programs_has_its_keys_and_figures(found):
    told = json.loads(report.as_json(found))
    assert {key: value for key, value in told.items() if key != "acts"} == {
        "lives_per_s": 2.0,
        "sql_per_life": 50.0,
        "cpu_ms_per_life": 200.0,
        "row_ratio": 10.0,
        "floor_ratio": 2.0,
        "lost": 0,
    }
    assert told["acts"] == {
        "submit": {
            "p50_ms": 30.0, "p95_ms": 48.0, "p99_ms": 49.6,
            "sql": 15, "sql_web": 10, "sql_worker": 5, "cpu_ms": 30.0,
        },
        "sign": {
            "p50_ms": 0.0, "p95_ms": 0.0, "p99_ms": 0.0,
            "sql": 35, "sql_web": 20, "sql_worker": 15, "cpu_ms": 50.0,
        },
    }  # fmt: skip
    assert "\n" not in report.as_json(found)


def test_the_table_shows_every_act_and_the_life(found):
    lines = report.table(found).splitlines()
    assert lines[:2] == [
        "4 lives over API, 2 at once, 2.00 lives/s",
        "2 cores, load 0.2 before, 1.9 after; others used 1 % of it meanwhile",
    ]
    shown = {line.split("  ")[0]: line.split()[1:] for line in lines if line}
    assert shown["submit"] == ["30", "48", "50", "15.0", "10.0", "5.0", "21.0", "30.0"]
    assert shown["one life"] == ["life", "50.0", "30.0", "20.0", "62.0", "80.0"]
    assert shown["poll"][:5] == ["2", "3", "3", "0.5", "a"]
    assert " ".join(shown["ratios"]) == "CPU to row floor 10.0 CPU to job floor 2.00"
    assert shown["errors"] == ["0", "lost", "0"]


def test_a_busy_machine_is_said(found):
    busy = replace(found.load.machine, others_pct=BUSY_PCT + 25)
    said = report.table(replace(found, load=replace(found.load, machine=busy)))
    assert "   BUSY: others used 35 % of it meanwhile, so times are upper bounds" in said
    assert (busy.is_busy, found.load.machine.is_busy) == (True, False)


def test_what_went_wrong_is_named(found):
    load = replace(found.load, errors=["sign: 500", "sign: 500", "x: 409"], lost=["H41-1"])
    counts = replace(found.counts, by_the_clock=["SELECT new_clock()"])
    lines = report.table(replace(found, load=load, counts=counts)).splitlines()
    assert lines[-4:] == [
        "errors              3   lost 1",
        "   2 × sign: 500",
        "   1 × x: 409",
        "   lost: H41-1",
    ]
    assert "   counted although done by the clock: 'SELECT new_clock()'" in lines


def test_an_act_that_was_never_lived_alone_has_times_only(found):
    told = json.loads(report.as_json(replace(found, acts=("submit", "other"))))
    assert told["acts"]["other"] == {
        "p50_ms": 0.0, "p95_ms": 0.0, "p99_ms": 0.0,
        "sql": None, "sql_web": None, "sql_worker": None, "cpu_ms": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("times", "share", "expected"),
    [
        ([], 50, 0.0),
        ([7.0], 99, 7.0),
        ([1.0, 2.0, 3.0], 50, 2.0),
        ([0.0, 100.0], 95, 95.0),
        ([float(one) for one in range(101)], 99, 99.0),
    ],
)
def test_percentiles(times, share, expected):
    assert report.percentile(times, share) == expected

"""What pages cost, as it is printed; and what a crowd is made of."""

from __future__ import annotations

import json

import pytest

from bench import crowd, visits

COST = visits.Cost(
    name="home",
    times_ms=[float(one) for one in range(1, 101)],
    cpu_ms={"web": 2.0, "worker": 0.5, "postgresql": 1.0},
    sql=2,
    kilobytes=33.4,
)


def test_a_table_has_a_line_for_each_page():
    assert visits.table([COST]).splitlines()[2:] == [
        "| home | 2 | 50.5 | 96.0 | 100.0 | 3.5 | 2.0 | 1.0 | 33 |"
    ]


def test_the_object_tells_the_same():
    told = json.loads(visits.as_json([COST]))
    assert told["home"].pop("p95_ms") == pytest.approx(95.95)
    assert told["home"].pop("p99_ms") == pytest.approx(99.99)
    assert told == {
        "home": {"cpu_ms": dict(COST.cpu_ms), "sql": 2, "kilobytes": 33.4, "p50_ms": 50.5}
    }


def test_every_open_task_has_a_step():
    assert sum(share for share, _right, _state, _given in crowd.STEPS.values()) == pytest.approx(1)
    assert crowd.RARE not in crowd.GROUPS
    assert len(set(crowd.GROUPS)) == len(crowd.GROUPS)

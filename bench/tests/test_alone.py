from __future__ import annotations

from bench.alone import Mark, counts_of, cpu_of
from bench.measures import Cost, Count, Counts
from bench.statements import Statement


def mark(act: str, at: float, used: float = 0) -> Mark:
    return Mark(act, at, {"web": used, "worker": 0, "postgresql": used})


def executed(at: float, part: str = "web", text: str = "SELECT 2") -> Statement:
    return Statement(part=part, at=at, text=text, process=1)


def test_what_follows_an_act_until_the_next_one_belongs_to_it():
    marks = [mark("submit", 10), mark("receive", 20), mark("submit", 30), mark("end", 40)]
    said = [
        executed(9.9),  # before the first
        executed(10),
        executed(19.999),
        executed(20),
        executed(25, text="BEGIN"),
        executed(15, part="worker"),
        executed(31),
        executed(40),  # after the last
    ]
    assert counts_of(marks, said, part="web", lives=2) == {
        "submit": Count(1.5, 1.5),
        "receive": Count(0.5, 1.0),
    }
    assert counts_of(marks, said, part="worker", lives=2) == {
        "submit": Count(0.5, 0.5),
        "receive": Count(0, 0),
    }


def test_cpu_time_of_rest_is_taken_off():
    marks = [mark("submit", 10, used=100), mark("receive", 12, used=130), mark("end", 13, used=130)]
    idle = {"web": 0.0, "worker": 4.0, "postgresql": 6.0}
    assert cpu_of(marks, idle, lives=1) == {"submit": 40.0, "receive": 0.0}
    assert cpu_of(marks, idle, lives=4)["submit"] == 10.0


def test_costs_of_acts_add_up():
    counts = Counts(
        acts={
            "submit": Cost(Count(1, 2), Count(3, 4), 5.0),
            "sign": Cost(Count(10, 20), Count(30, 40), 50.0),
            "poll": Cost(Count(7, 7), Count(7, 7), 7.0),
        },
        by_the_clock=[],
    )
    assert counts.sum_of(["submit", "sign"]) == Cost(Count(11, 22), Count(33, 44), 55.0)
    assert counts.sum_of([]) == Cost(Count(0, 0), Count(0, 0), 0)
    assert counts.acts["sign"].plain == 40

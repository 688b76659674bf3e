"""What a life costs, procedure by procedure: the way each goes, the table that tells."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench import procedures
from bench.cast import Person
from bench.client import Refused
from bench.filings import Work
from bench.procedures import Cost, Spent
from bench.server import Server

ONE = Person(account="one", name="Một", number="", token="t", session="s")
TWO = Person(account="two", name="Hai", number="", token="t", session="s")
USUAL = ["receive", "assign", "propose", "check", "sign", "issue", "hand_over"]
STATES = {
    "sign": "signed",
    "issue": "issued",
    "hand over": "handed_over",
    "hand_over": "handed_over",
}


def work(acts: list[str], *, members: int = 0, findings: bool = False) -> Work:
    return Work(
        procedure="1.0",
        title="Thử",
        case="a",
        form_version=1,
        answers={},
        papers={"to_khai": "pdf"},
        findings={"degree": "severe"} if findings else {},
        acts=acts,
        desks=dict.fromkeys(acts, ONE),
        members=[ONE, TWO][:members],
    )


class Answering:
    """A connection that answers as a server does to which everything is right."""

    def __init__(self, person: Person, asked: list[str], *, ends: str = "handed_over") -> None:
        self.person, self.asked, self.ends = person, asked, ends

    def send(self, act: str, _path: str, _data: bytes) -> dict[str, str]:
        self.asked.append(act)
        return {"id": "file"}

    def post(self, act: str, _path: str, _body: object) -> dict[str, object]:
        self.asked.append(act)
        state = self.ends if act == "hand_over" else STATES.get(act, "processing")
        return {"code": "H41-1", "version": len(self.asked), "state": state}


def lived(told: Work, **ends: str) -> list[str]:
    server = Server(home=Path(), address="http://localhost:1", supervisor=0, pids={})
    life = procedures.Life(server, told)
    asked: list[str] = []
    life._clients = {one.account: Answering(one, asked, **ends) for one in (ONE, TWO)}  # type: ignore[assignment]
    life.live()
    return asked


def test_the_usual_way_is_supplemented_once_and_established_where_there_is_something_to():
    plain = [
        "upload", "submit", "receive", "assign", "request supplement", "supplement", "propose",
        "check", "sign", "issue", "hand_over",
    ]  # fmt: skip
    assert lived(work(USUAL)) == plain
    examined = lived(work(USUAL, findings=True))
    assert Counter(examined) - Counter(plain) == Counter(["establish"])


def test_every_member_of_a_council_speaks_before_it_concludes():
    acts = [*USUAL[:2], "convene", "opine", "conclude", *USUAL[2:]]
    assert lived(work(acts, members=2, findings=True))[2:9] == [
        "receive", "assign", "convene", "opine", "opine", "conclude", "request supplement",
    ]  # fmt: skip


def test_a_duty_is_stated_and_paid_before_the_proposal():
    acts = [*USUAL[:3], "record_duty", "confirm_duty", *USUAL[3:]]
    assert lived(work(acts))[6:10] == ["send duty", "record duty", "confirm duty", "propose"]


def test_a_life_that_does_not_end_is_refused():
    with pytest.raises(Refused, match="is issued"):
        lived(work(USUAL), ends="issued")


def cost(title: str, **acts: tuple[int, float, float]) -> Cost:
    told = {
        name.replace("_", " "): Spent(times=t, sql=q, cpu_ms=c) for name, (t, q, c) in acts.items()
    }
    return Cost(title=title, acts=told)


def test_acts_of_one_procedure_are_told_apart_from_those_of_every_life():
    council = cost("Hội đồng", upload=(2, 4, 6), opine=(6, 72, 90), conclude=(1, 21, 30))
    assert council.shared == Spent(times=2, sql=4, cpu_ms=6)
    assert council.own == {
        "opine": Spent(times=6, sql=72, cpu_ms=90),
        "conclude": Spent(times=1, sql=21, cpu_ms=30),
    }
    assert council.own["opine"].once == Spent(times=1, sql=12, cpu_ms=15)
    assert council.whole == Spent(times=9, sql=97, cpu_ms=126)


def test_every_act_of_the_usual_way_is_one_of_every_life():
    assert set(lived(work(USUAL))) == procedures.EVERY_LIFE
    beside = Counter(
        lived(work([*USUAL[:3], "record_duty", "confirm_duty", *USUAL[3:]], findings=True))
    )
    assert {act for act in beside if act not in procedures.EVERY_LIFE} == {
        "send duty", "record duty", "confirm duty", "establish",
    }  # fmt: skip


def test_statements_are_the_fewest_of_the_lives():
    lives = [
        {"submit": Spent(times=1, sql=9), "opine": Spent(times=6, sql=72)},
        {"submit": Spent(times=1, sql=8), "opine": Spent(times=6, sql=74)},
    ]
    assert procedures.spent(lives, {"submit": 12.5, "poll": 3}) == {
        "submit": Spent(times=1, sql=8, cpu_ms=12.5),
        "opine": Spent(times=6, sql=72),
    }


def test_the_table_begins_with_the_cheapest_and_marks_what_misses_its_aim():
    dear = cost(
        "Đắt", submit=(1, 9, 20), issue=(1, 142, 230.6), conclude=(1, 21, 19), opine=(6, 72, 126)
    )
    cheap = cost("Rẻ", submit=(1, 150.4, 250.4), establish=(1, 20, 8))
    plain = cost("Thường", submit=(1, 149, 1))
    assert procedures.table([dear, cheap, plain]).splitlines()[2:] == [
        "| Thường | 149 | 1 | 0 |  |  | 149 | 1 |",
        "| Rẻ | 150 | 250 | 1 | establish, 20 | establish, 8 | 170 | 258 |",
        "| Đắt | **151** | **251** | 7 | conclude, **21** | opine, **21** | 244 | 396 |",
    ]

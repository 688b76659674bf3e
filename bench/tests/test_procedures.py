"""What a life costs, procedure by procedure: the way each goes, the table that tells."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench import procedures
from bench.cast import Person
from bench.client import Refused
from bench.filings import Work
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


def test_the_table_begins_with_the_cheapest_and_marks_what_misses_its_aim():
    dear = procedures.Cost(title="Đắt", sql={"submit": 9, "issue": 142}, cpu_ms=251)
    cheap = procedures.Cost(title="Rẻ", sql={"submit": 150}, cpu_ms=250)
    assert procedures.table([dear, cheap]).splitlines()[2:] == [
        "| Rẻ | 150 | 250 | submit, 150 |",
        "| Đắt | **151** | **251** | issue, 142 |",
    ]

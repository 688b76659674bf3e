"""Whole lives of birth registrations over the API, each with what must stand in the books after it."""

from __future__ import annotations

import datetime as dt
import random
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.journeys import life
from tests.storms.clients import Answer, Client
from tests.storms.crew import PLACES

WAIT_SECONDS = 90.0
WAYS = {
    "plain": 50,
    "counter": 15,
    "supplement": 12,
    "rework": 10,
    "refusal": 5,
    "withdrawal": 5,
    "refused_at_reception": 3,
}
"""How a life may go, by weight."""
ENDS = {
    "withdrawal": "withdrawn",
    "refusal": "refused",
    "refused_at_reception": "refused",
}
ONCE_MORE = 0.1
"""How often somebody orders the same again after the answer, as with a second click."""


class Unexpected(Exception):
    """A life met an answer that no honest client should get."""


@dataclass
class Life:
    """One dossier from its filing to its end."""

    number: int
    way: str
    place: str
    people: Mapping[str, Client]
    accounts: Mapping[str, str]
    father: Mapping[str, str]
    chance: random.Random
    code: str = ""
    acts: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def end(self) -> str:
        return ENDS.get(self.way, "handed_over")

    def live(self, scan: bytes) -> None:
        """Go the whole way. Raises Unexpected, GaveUp."""
        began = time.monotonic()
        filer = "one_stop" if self.way == "counter" else "citizen"
        self._file(filer, scan)
        if self.way == "withdrawal":
            self._act("citizen", "withdraw", reason="Nộp nhầm")
            self.forms.add("mau_05")
        elif self.way == "refused_at_reception":
            self._act(
                "one_stop",
                "refuse",
                done="refuse_reception",
                reason="Không thuộc thẩm quyền",
                ground="Luật Hộ tịch, Điều 13",
            )
            self.forms.add("mau_03")
        else:
            self._through_the_office(scan)
        self.seconds = time.monotonic() - began

    def _through_the_office(self, scan: bytes) -> None:
        self._act("one_stop", "receive")
        self.forms.add("mau_01")
        self._act("head", "assign", to=self.accounts["specialist"])
        if self.way == "supplement":
            item = {"code": "giay_chung_sinh", "what": "Chụp lại rõ hơn", "reason": "Ảnh bị mờ"}
            self._act("specialist", "request-supplement", items=[item])
            self.forms.add("mau_02")
            self._act("citizen", "supplement", papers=[self._paper("citizen", scan)])
        self._propose()
        if self.way == "rework":
            self._act("chair", "return", done="return_for_rework", comment="Kiểm tra lại nơi sinh")
            self._propose()
        self._act("chair", "sign")
        self.from_signed()

    def to_signing(self, scan: bytes) -> None:
        """Go the way up to the leader's signature. Raises Unexpected, GaveUp."""
        self._file("citizen", scan)
        self._act("one_stop", "receive")
        self.forms.add("mau_01")
        self._act("head", "assign", to=self.accounts["specialist"])
        self._propose()

    def from_signed(self) -> None:
        """Go on from the leader's order to sign. Raises Unexpected, GaveUp."""
        self._wait_for("chair", "signed")
        self._act("clerk", "issue")
        self.acts["number"] += 1
        self._wait_for("clerk", "refused" if self.way == "refusal" else "issued")
        if self.way == "counter":
            self._act(
                "one_stop",
                "hand-over",
                method="counter",
                receiver="Người nhận",
                evidence="Căn cước",
            )
        elif self.way != "refusal":
            self._act("citizen", "take-result", done="hand_over")

    def _propose(self) -> None:
        if self.way == "refusal":
            reasons = {"reason": "Đã đăng ký nơi khác", "ground": "Luật Hộ tịch, Điều 5"}
            self._act("specialist", "propose", kind="refusal", **reasons)
        else:
            self._act("specialist", "propose")
        self._act("head", "check", is_agreed=True)

    def _file(self, filer: str, scan: bytes) -> None:
        name, number = self.father["name"], self.father["number"]
        born = dt.date(2026, 11, 1) + dt.timedelta(days=self.number % 15)
        answers = life.answers(
            requester_full_name=name,
            requester_number=number,
            father_full_name=name,
            father_number=number,
            father_birth_date="1990-01-01",
            child_full_name="Nguyễn Bé Nhỏ",
            child_birth_date=born.isoformat(),
        )
        body = {
            "procedure": "1.001193",
            "case": "thong_thuong",
            "form_version": 1,
            "answers": answers,
            "papers": [self._paper(filer, scan)],
            "receiving_unit": PLACES[self.place],
        }
        answer = self._order(filer, "/api/v1/dossiers", body, 201)
        self.code = answer.body["code"]
        self.acts["submit"] += 1

    def _paper(self, who: str, scan: bytes) -> dict[str, Any]:
        path = f"/api/v1/files/whole?name=giay-chung-sinh-{self.number}.pdf"
        answer = self.people[who].post(path, scan)
        if answer.status != 201:
            raise Unexpected(f"{path}: {answer}")
        return {"code": "giay_chung_sinh", "files": [answer.body["id"]]}

    def _act(self, who: str, act: str, *, done: str = "", **body: Any) -> None:
        version = self._read(who)["version"]
        path = f"/api/v1/dossiers/{self.code}/{act}"
        self._order(who, path, {"version": version, **body}, 200)
        self.acts[done or act.replace("-", "_")] += 1

    def _order(self, who: str, path: str, body: Any, wanted: int) -> Answer:
        key = secrets.token_hex(16)
        answer = self.people[who].post(path, body, key=key)
        if answer.status != wanted:
            raise Unexpected(f"{path} as {who}: {answer}")
        if self.chance.random() < ONCE_MORE:
            again = self.people[who].post(path, body, key=key)
            if (again.status, again.body, again.is_replayed) != (wanted, answer.body, True):
                raise Unexpected(f"{path} as {who}, once more: {again} after {answer}")
        return answer

    def _read(self, who: str) -> Any:
        answer = self.people[who].get(f"/api/v1/dossiers/{self.code}")
        if answer.status != 200:
            raise Unexpected(f"{self.code} as {who}: {answer}")
        return answer.body

    def _wait_for(self, who: str, state: str) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            dossier = self._read(who)
            if dossier["state"] == state:
                return
            failure = (dossier["decision"] or {}).get("failure")
            if failure or time.monotonic() > until:
                raise Unexpected(f"{self.code} never {state}: {dossier['state']} {failure}")
            time.sleep(0.3)

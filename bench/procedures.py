"""`./sen bench dossiers --procedures`: what a life costs, procedure by procedure.

Each goes its own way over the API, as the installation's flows and rights say: filed at the
counter, received, given to somebody, supplemented once, examined or heard by a council, its duty
stated and paid, proposed, checked, signed, issued, handed over; what another system settles is
passed on and answered. One life at a time, with everything that follows from each act.

The acts that every life has are told apart from those of one procedure: a life's budget is of the
former, and each of the latter keeps a step's (docs/decisions/0038).
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import alone, statements
from bench.client import Client, Refused
from bench.filings import CENTRE, Work
from bench.lives import POLL, scan, wait
from bench.server import Server
from sen.base.clock import ZONE

WARM_LIVES, SQL_LIVES, CPU_LIVES = 1, 2, 2
EVERY_LIFE = frozenset(
    {
        "upload", "submit", "receive", "assign", "request supplement", "supplement", "propose",
        "check", "sign", "issue", "hand_over",
    }
)  # fmt: skip
"""The acts that each procedure has, whatever is examined in it."""
MOST_SQL, MOST_MS = 150, 250
"""The aims of the acts that every life has, together."""
STEP_SQL, STEP_MS = 20, 20
"""The aims of an act of one procedure."""
COLUMNS = (
    "procedure", "shared acts: SQL", "CPU ms", "own acts", "dearest: SQL", "CPU ms",
    "whole life: SQL", "CPU ms",
)  # fmt: skip
_GRANTED = "dong_y"


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What acts cost in a life, web and worker together, and how many of them there are."""

    times: int = 0
    sql: float = 0.0
    cpu_ms: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        """Return both together."""
        return Spent(
            times=self.times + other.times,
            sql=self.sql + other.sql,
            cpu_ms=self.cpu_ms + other.cpu_ms,
        )

    @property
    def once(self) -> Spent:
        """What one of them costs."""
        return Spent(times=1, sql=self.sql / self.times, cpu_ms=self.cpu_ms / self.times)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a life of a procedure costs, by act; one that is done several times stands once."""

    title: str
    acts: dict[str, Spent]

    @property
    def shared(self) -> Spent:
        """The acts that every life has."""
        return sum((one for act, one in self.acts.items() if act in EVERY_LIFE), Spent())

    @property
    def own(self) -> dict[str, Spent]:
        """The acts of this procedure, each as often as it is done."""
        return {act: one for act, one in self.acts.items() if act not in EVERY_LIFE}

    @property
    def whole(self) -> Spent:
        """The whole life."""
        return sum(self.acts.values(), Spent())


class Life:
    """The people of one procedure, who carry dossiers of it from the counter to the hand-over."""

    def __init__(self, server: Server, work: Work) -> None:
        self.work = work
        self._server = server
        self._scans = {"pdf": scan(), "jpg": scan(kind="JPEG")}
        people = [*work.desks.values(), *work.members]
        self._clients = {
            one.account: Client(server.address, one, by_session=False) for one in people
        }
        self._code, self._version, self._state = "", 0, ""

    @property
    def clients(self) -> list[Client]:
        """Everybody's connection."""
        return list(self._clients.values())

    def close(self) -> None:
        """End all connections."""
        for client in self.clients:
            client.close()

    def live(self) -> None:
        """Carry one dossier to its end. Raises Refused."""
        self._file()
        acts = [act for act in self.work.acts if act not in {"record_duty", "confirm_duty"}]
        for act in acts:
            getattr(self, f"_{act}", self._plainly)(act)

    def _at(self, act: str) -> Client:
        return self._clients[self.work.desks[act].account]

    def _file(self) -> None:
        counter, work = self._at("receive"), self.work
        papers = []
        for code, kind in work.papers.items():
            file = counter.send("upload", f"/files/whole?name={code}.{kind}", self._scans[kind])
            papers.append({"code": code, "files": [file["id"]]})
        told = {
            "procedure": work.procedure,
            "case": work.case,
            "form_version": work.form_version,
            "answers": work.answers,
            "papers": papers,
            "receiving_unit": CENTRE,
            "delivery": "counter",
        }
        self._keep(counter.post("submit", "/dossiers", told))

    def _act(self, act: str, path: str, by: Client, **body: Any) -> None:
        told = {"version": self._version, **body}
        self._keep(by.post(act, f"/dossiers/{self._code}/{path}", told))

    def _keep(self, answer: dict[str, Any]) -> None:
        self._code, self._version = answer["code"], answer["version"]
        self._state = answer["state"]

    def _wait_for(self, state: str) -> None:
        def look() -> bool:
            self._keep(self._at("receive").get(POLL, f"/dossiers/{self._code}"))
            return self._state == state

        if self._state != state:
            wait(look, f"{self._code} is not {state}")

    def _plainly(self, act: str) -> None:
        self._act(act, act.replace("_", "-"), self._at(act))

    def _receive(self, act: str) -> None:
        if "assign" not in self.work.acts:
            self._supplemented(self._at(act))
        self._plainly(act)

    def _assign(self, act: str) -> None:
        by = self._at("propose")
        self._act(act, act, self._at(act), to=by.person.account)
        if not self.work.members:
            self._supplemented(by)

    def _supplemented(self, by: Client) -> None:
        wanted = {"kind": "other", "what": "Bổ sung bản chụp", "reason": "Mờ"}
        self._act("request supplement", "request-supplement", by, items=[wanted])
        self._act("supplement", "supplement", self._at("receive"), answer="Đã bổ sung")

    def _convene(self, act: str) -> None:
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
        self._act(act, "council", self._at(act), meets_at=soon.isoformat(), place="Trụ sở phường")

    def _opine(self, act: str) -> None:
        for member in self.work.members:
            by = self._clients[member.account]
            self._act(act, "opinion", by, findings=self.work.findings)

    def _conclude(self, act: str) -> None:
        self._act(act, "conclusion", self._at(act), findings=self.work.findings)

    def _propose(self, act: str) -> None:
        by, work = self._at(act), self.work
        if work.members:
            self._supplemented(by)
        if "record_duty" in work.acts:
            self._taxed(by)
        own = {"findings": work.findings} if work.findings and not work.members else {}
        if own:
            self._act("establish", "findings", by, **own)
        self._act(act, act, by, signer=work.desks["sign"].account, **own)

    def _taxed(self, by: Client) -> None:
        today = dt.datetime.now(ZONE).date().isoformat()
        self._act("send duty", "send-duty", by, sheet="15/PCTT")
        stated = {"notice": "TB-01", "noticed_on": today, "amount_vnd": 12_500_000}
        self._act("record duty", "record-duty", self._at("record_duty"), **stated)
        paid = {"evidence": "Giấy nộp tiền", "paid_on": today}
        self._act("confirm duty", "confirm-duty", self._at("confirm_duty"), **paid)

    def _check(self, act: str) -> None:
        self._act(act, act, self._at(act), is_agreed=True)

    def _sign(self, act: str) -> None:
        self._plainly(act)
        self._wait_for("signed")

    def _issue(self, act: str) -> None:
        self._plainly(act)
        self._wait_for("issued")

    def _follow_up(self, act: str) -> None:
        """Let the other system take it and decide, and ask there."""
        passed: dict[str, str] = {}

        def look() -> bool:
            found = self._at("receive").get(POLL, f"/dossiers/{self._code}")
            self._keep(found)
            passed.update(found["passage"] or {})
            return bool(passed.get("foreign_code"))

        wait(look, f"{self._code} was not passed on")
        _decide(self._server, passed["foreign_code"])
        self._plainly(act)
        self._wait_for("issued")

    def _hand_over(self, act: str) -> None:
        said = {"receiver": "Nguyễn Đo Tải", "evidence": "Căn cước đã đối chiếu"}
        self._act(act, "hand-over", self._at(act), method="counter", **said)
        if self._state != "handed_over":
            raise Refused(f"{self._code} is {self._state}")


def _decide(server: Server, code: str) -> None:
    """Grant at the stand-in what was passed on, as somebody there does with a button."""
    ports = json.loads((server.home / "run" / "ports.json").read_text(encoding="utf-8"))
    told = urllib.parse.urlencode({"ma": code, "trangThai": _GRANTED}).encode()
    address = f"http://127.0.0.1:{ports['simulators']}/residence/xu-ly"
    with urllib.request.urlopen(address, told, timeout=10):
        pass


def measured(server: Server, works: Sequence[Work], idle: dict[str, float]) -> list[Cost]:
    """Live each procedure alone, and count. Raises Refused."""
    return [_cost(server, work, idle) for work in works]


def _cost(server: Server, work: Work, idle: dict[str, float]) -> Cost:
    life = Life(server, work)
    try:
        for _life in range(WARM_LIVES):
            life.live()
        lived = [_counted(server, life) for _life in range(SQL_LIVES)]
        with alone.watching(server, life) as timed:
            for _life in range(CPU_LIVES):
                life.live()
    finally:
        life.close()
    cpu_ms = alone.cpu_of(timed.marks, idle, lives=CPU_LIVES)
    return Cost(title=work.title, acts=spent(lived, cpu_ms))


def _counted(server: Server, life: Life) -> dict[str, Spent]:
    """Return acts and statements of one life by act, of web and worker; of looking around none."""
    with statements.watched(server) as log, alone.watching(server, life) as counted:
        life.live()
    times = Counter(mark.act for mark in counted.marks)
    found = {act: Spent(times=times[act]) for act in times if act not in {POLL, alone.END}}
    for part in ("web", "worker"):
        counts = alone.counts_of(counted.marks, log.statements, part=part, lives=1)
        for act in found:
            found[act] += Spent(sql=counts[act].plain)
    return found


def spent(lived: Sequence[dict[str, Spent]], cpu_ms: dict[str, float]) -> dict[str, Spent]:
    """Return what the acts of a life cost, by lives in which statements were counted.

    Of each act the fewest: what a clock does beside falls into one of the lives.
    """
    return {
        act: Spent(
            times=one.times, sql=min(life[act].sql for life in lived), cpu_ms=cpu_ms.get(act, 0.0)
        )
        for act, one in lived[0].items()
    }


def table(found: Sequence[Cost]) -> str:
    """Return the costs of all procedures as one table; what misses its aim is marked.

    Acts that every life has, how many acts the procedure has beside, the dearest of these, once;
    and all together.
    """
    lines = [f"| {' | '.join(COLUMNS)} |", f"| {' | '.join('---' for _one in COLUMNS)} |"]
    for one in sorted(found, key=lambda cost: (cost.shared.sql, cost.whole.sql)):
        own = {act: cost.once for act, cost in one.own.items()}
        cells = [
            one.title,
            _marked(one.shared.sql, MOST_SQL),
            _marked(one.shared.cpu_ms, MOST_MS),
            str(sum(cost.times for cost in one.own.values())),
            _dearest({act: cost.sql for act, cost in own.items()}, STEP_SQL),
            _dearest({act: cost.cpu_ms for act, cost in own.items()}, STEP_MS),
            f"{one.whole.sql:.0f}",
            f"{one.whole.cpu_ms:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _dearest(costs: dict[str, float], most: int) -> str:
    if not costs:
        return ""
    act = max(costs, key=lambda name: costs[name])
    return f"{act}, {_marked(costs[act], most)}"


def _marked(value: float, most: int) -> str:
    whole = round(value)
    return f"{whole}" if whole <= most else f"**{whole}**"

"""`./sen bench dossiers --procedures`: what a life costs, procedure by procedure.

Each goes its own way over the API, as the installation's flows and rights say: filed at the
counter, received, given to somebody, supplemented once, examined or heard by a council, its duty
stated and paid, proposed, checked, signed, issued, handed over; what another system settles is
passed on and answered. One life at a time, with everything that follows from each act.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench import alone, statements
from bench.client import Client, Refused
from bench.filings import CENTRE, Work
from bench.lives import POLL, scan, wait
from bench.server import Server

WARM_LIVES, SQL_LIVES, CPU_LIVES = 1, 2, 2
MOST_SQL, MOST_MS = 150, 250
"""The aims of a life."""
_GRANTED = "dong_y"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a life of a procedure costs. sql: statements by act, web and worker together."""

    title: str
    sql: dict[str, float]
    cpu_ms: float

    @property
    def statements(self) -> float:
        """Statements of the whole life."""
        return sum(self.sql.values())


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
        today = dt.datetime.now(dt.UTC).date().isoformat()
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
        sql = _least([_counted(server, life) for _life in range(SQL_LIVES)])
        with alone.watching(server, life) as timed:
            for _life in range(CPU_LIVES):
                life.live()
    finally:
        life.close()
    spent = alone.cpu_of(timed.marks, idle, lives=CPU_LIVES)
    return Cost(
        title=work.title, sql=sql, cpu_ms=sum(ms for act, ms in spent.items() if act != POLL)
    )


def _counted(server: Server, life: Life) -> dict[str, float]:
    """Return the statements of one life by act, of web and worker; of looking around none."""
    with statements.watched(server) as log, alone.watching(server, life) as counted:
        life.live()
    found: dict[str, float] = {}
    for part in ("web", "worker"):
        counts = alone.counts_of(counted.marks, log.statements, part=part, lives=1)
        for act, count in counts.items():
            found[act] = found.get(act, 0.0) + count.plain
    found.pop(POLL, None)
    return found


def _least(lives: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the fewest statements of each act: what a clock does beside falls into one of them."""
    return {act: min(one[act] for one in lives) for act in lives[0]}


def table(found: Sequence[Cost]) -> str:
    """Return the costs of all procedures as one table, the dearest act of each beside them."""
    lines = [
        "| procedure | SQL a life | CPU ms a life | dearest act |",
        "| --- | --- | --- | --- |",
    ]
    for one in sorted(found, key=lambda cost: cost.statements):
        act = max(one.sql, key=lambda name: one.sql[name])
        sql = f"{one.statements:.0f}" if one.statements <= MOST_SQL else f"**{one.statements:.0f}**"
        cpu = f"{one.cpu_ms:.0f}" if one.cpu_ms <= MOST_MS else f"**{one.cpu_ms:.0f}**"
        lines.append(f"| {one.title} | {sql} | {cpu} | {act}, {one.sql[act]:.0f} |")
    return "\n".join(lines)

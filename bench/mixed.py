"""`./sen bench mixed`: everybody at once for minutes, and whether it stays as it began.

Each client goes through rounds: one whole life over the API, and around it, in an order drawn anew
each round, what officials, the citizen and others look at meanwhile (docs/growth.md). No client
waits between two requests, so the machine is full from the first minute to the last. Afterwards
the queue has to drain, and every dossier whose filing was acknowledged has to have its end.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from bench import cast, gauges, mixed_report, options, processes, scale, scaled
from bench.client import Client, Refused
from bench.lives import Crew, scan
from bench.load import Machine
from bench.server import CannotMeasure, Server, running

MOST_MINUTES, MOST_CLIENTS = 24 * 60, 64
SAMPLES = 60
DRAIN_SECONDS = 300.0
KEPT_CODES = 20
"""Of so many of its last dossiers a client opens the pages."""
MIX = (
    ("life", 1), ("inbox", 7), ("dossier", 7), ("dossiers of a unit", 1), ("board", 1),
    ("own dossier", 3), ("home", 4), ("procedure", 9), ("life events", 1), ("search", 6),
    ("suggestions", 3),
)  # fmt: skip
"""What a round is made of, and how often."""
DESKS = ("one_stop", "head", "specialist", "chair", "clerk")
PROCEDURES = ("1.001193", "1.013831")
QUESTIONS = (
    "khai sinh", "con toi moi sinh can lam giay to gi", "đăng ký kết hôn", "giay fep xay dung nha",
    "sang tên sổ đỏ", "chứng thực bản sao", "xac nhan tinh trang hon nhan", "mở cửa hàng ăn",
    "trợ cấp người khuyết tật", "khai tử cho bố", "đổi tên trong khai sinh", "hộ kinh doanh",
)  # fmt: skip


def main(words: list[str]) -> int:
    """Measure and print; return 1 if something was refused, lost, or left undone."""
    told = _options(words)
    try:
        home = scaled.ensured(told.scale) if told.scale else told.home
        with running(home, port=told.port) as server:
            if told.scale:
                _say(f"{told.scale} dossiers: coming to rest")
                scale.settle(server)
            found = measured(server, told.minutes * 60, told.clients)
    except (CannotMeasure, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(mixed_report.table(found))
    if told.json:
        print(mixed_report.as_json(found))
    return 1 if found.errors or found.lost or found.drained_s is None else 0


def _options(words: list[str]) -> argparse.Namespace:
    alike = (options.home(), options.SCALE, options.PORT, options.JSON)
    parser = options.parser("mixed", __doc__, options.clients(6, "how many at once"), *alike)
    parser.add_argument("--minutes", type=float, default=30, help="how long the load is on")
    found = parser.parse_args(words)
    found.minutes = max(0.1, min(found.minutes, MOST_MINUTES))
    found.clients = max(1, min(found.clients, MOST_CLIENTS))
    return found


@dataclass
class Somebody:
    """One client: a crew for lives, and sessions for what is looked at."""

    crew: Crew
    desks: dict[str, Client]
    leader: Client
    nobody: Client
    chance: random.Random
    lives: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def clients(self) -> list[Client]:
        """Everybody's connection."""
        return [*self.crew.clients, *self.desks.values(), self.leader, self.nobody]

    def begin(self) -> None:
        """Forget what was measured so far."""
        self.lives.clear()
        self.errors.clear()
        for client in self.clients:
            client.timings.clear()

    def go_round(self, goes_on: Callable[[], bool]) -> None:
        """Do what a round is made of, for as long as it goes on; what is refused is noted."""
        kinds = [kind for kind, number in MIX for _time in range(number)]
        self.chance.shuffle(kinds)
        for kind in kinds:
            if not goes_on():
                return
            try:
                self._do(kind)
            except Refused as error:
                self.errors.append(str(error))

    def _do(self, kind: str) -> None:
        if kind == "life":
            began = time.time()
            self.crew.live()
            self.lives.append((began, time.time()))
            return
        client, path = self._look(kind)
        client.page(kind, path)

    def _look(self, kind: str) -> tuple[Client, str]:
        """Return who looks at what."""
        draw = self.chance.choice
        code = quote(draw(self.crew.filed[-KEPT_CODES:]))
        question = quote(draw(QUESTIONS))
        paths: dict[str, tuple[Client, str]] = {
            "inbox": (self.desks[draw(DESKS)], "/viec/"),
            "dossier": (self.desks[draw(DESKS)], f"/ho-so/{code}/"),
            "dossiers of a unit": (self.desks["one_stop"], "/mot-cua/ho-so/"),
            "board": (self.leader, "/dieu-hanh/"),
            "own dossier": (self.crew.citizen, f"/ho-so/{code}/"),
            "home": (self.nobody, "/"),
            "procedure": (self.nobody, f"/thu-tuc/{draw(PROCEDURES)}/"),
            "life events": (self.nobody, "/su-kien/"),
            "search": (self.nobody, f"/thu-tuc/?q={question}"),
            "suggestions": (self.nobody, f"/thu-tuc/goi-y/?q={question}"),
        }
        return paths[kind]


def measured(server: Server, seconds: float, clients: int) -> mixed_report.Found:
    """Let so many clients go their rounds for so long, then wait for the rest and count."""
    load_before = os.getloadavg()[0]
    people = cast.read(server.home, clients)
    paper = scan()
    crowd = [_somebody(server, people, number, paper) for number in range(clients)]
    try:
        _say("warming up")
        _all(crowd, _warm)
        gauges.drained_after(server, most_seconds=DRAIN_SECONDS)
        for one in crowd:
            one.begin()
        filed = sum(len(one.crew.filed) for one in crowd)
        _say(f"{seconds / 60:.0f} min, {clients} at once")
        return _measured(server, crowd, seconds, load_before, filed)
    finally:
        for one in crowd:
            for client in one.clients:
                client.close()


def _warm(one: Somebody) -> None:
    one.crew.live()  # so that there is a dossier to look at
    one.go_round(lambda: True)
    if one.errors:
        raise Refused(one.errors[0])


def _measured(
    server: Server, crowd: list[Somebody], seconds: float, load_before: float, filed: int
) -> mixed_report.Found:
    disk, cpu = gauges.disk(server), server.cpu_ms()
    ours, machine = server.all_cpu_ms(), processes.machine_ms()
    began, wall = time.monotonic(), time.time()
    with gauges.watching(server, every_seconds=max(1.0, seconds / SAMPLES)) as gauge:
        until = began + seconds
        _all(crowd, lambda one: _go_on(one, until))
        took = time.monotonic() - began
    drained = gauges.drained_after(server, most_seconds=DRAIN_SECONDS)
    ended = server.cpu_ms()
    others = (processes.machine_ms() - machine) - (server.all_cpu_ms() - ours)
    cores = os.cpu_count() or 1
    grown, timings = (
        gauges.disk(server),
        [t for one in crowd for c in one.clients for t in c.timings],
    )
    lost = [c for one in crowd for c in one.crew.filed if not one.crew.is_done(c)]
    return mixed_report.Found(
        clients=len(crowd),
        seconds=took,
        began=wall,
        machine=Machine(
            cores=cores,
            load_before=load_before,
            load_after=os.getloadavg()[0],
            others_pct=max(0.0, others / (time.monotonic() - began) / cores / 10),
        ),
        lives=[life for one in crowd for life in one.lives],
        timings=timings,
        samples=gauge.samples,
        cpu_ms={part: ended[part] - cpu[part] for part in cpu},
        drained_s=drained,
        filed=sum(len(one.crew.filed) for one in crowd) - filed,
        grown=gauges.Disk(grown.database - disk.database, grown.files - disk.files),
        errors=[error for one in crowd for error in one.errors],
        lost=lost,
    )


def _go_on(one: Somebody, until: float) -> None:
    while time.monotonic() < until:
        one.go_round(lambda: time.monotonic() < until)


def _somebody(server: Server, people: cast.Cast, number: int, paper: bytes) -> Somebody:
    crew = Crew(server.address, people, number, paper)
    return Somebody(
        crew=crew,
        desks={
            role: Client(server.address, crew.officials[role], by_session=True) for role in DESKS
        },
        leader=Client(server.address, people.leader, by_session=True),
        nobody=Client(server.address, people.nobody, by_session=True),
        chance=random.Random(number),
    )


def _all(crowd: list[Somebody], work: Callable[[Somebody], object]) -> None:
    """Let everybody work at once. Raises Refused where one of them could not."""
    refused: list[Refused] = []

    def one(somebody: Somebody) -> None:
        try:
            work(somebody)
        except Refused as error:
            refused.append(error)

    threads = [threading.Thread(target=one, args=(somebody,), daemon=True) for somebody in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in itertools.islice(refused, 1):
        raise error


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)

"""`./sen bench dossiers`: whole lives of dossiers over HTTP, and what the same work costs at least.

One run measures, one after another: SQL statements (few lives, one at a time, from PostgreSQL's own
log), load (all lives, several at once: time, CPU, what was lost), and the floors.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import cast, floor, job, pages, report, statements
from bench.client import Client, Refused, Timing
from bench.lives import ACTS, POLL, Crew, scan
from bench.server import PARTS, CannotMeasure, Server, running, tree_ms

WARM_LIVES = 2
SQL_LIVES = 3
FLOOR_LIVES = 40
JOB_LIVES = 15
EMPTY_REQUESTS = 1500
MOST_LIVES, MOST_CLIENTS = 5000, 64
QUIET_SECONDS = 60


@dataclass
class Load:
    """What many lives at once took.

    idle_ms: CPU time of one second in which nothing was asked, by part; it is not taken off.
    """

    lives: int = 0
    seconds: float = 0
    cpu_ms: dict[str, float] = field(default_factory=dict)
    idle_ms: dict[str, float] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def main(words: list[str]) -> int:
    """Measure and print; return 1 if something was lost or refused."""
    options = _options(words)
    try:
        with running(options.home, port=options.port) as server:
            found = _measure(server, options)
    except (CannotMeasure, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.table(found))
    if options.json:
        print(report.as_json(found))
    return 1 if found.load_errors or found.lost else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./sen bench dossiers", description=__doc__)
    parser.add_argument("--lives", type=int, default=60, help=f"at most {MOST_LIVES}")
    parser.add_argument("--clients", type=int, default=4, help="lives at once")
    parser.add_argument("--pages", action="store_true", help="over the pages, not the API")
    parser.add_argument("--home", type=Path, help="an installation; else one of its own")
    parser.add_argument("--port", type=int, help="where its web listens")
    parser.add_argument("--json", action="store_true", help="the last line is one object")
    found = parser.parse_args(words)
    found.lives = max(1, min(found.lives, MOST_LIVES))
    found.clients = max(1, min(found.clients, MOST_CLIENTS, found.lives))
    return found


def _measure(server: Server, options: argparse.Namespace) -> report.Found:
    people = cast.read(server.home, options.clients)
    paper = scan()
    kind: type[Crew] = pages.PageCrew if options.pages else Crew
    crews = [kind(server.address, people, number, paper) for number in range(options.clients)]
    try:
        _say("warming up")
        for crew in crews[:2]:
            for _life in range(WARM_LIVES):
                crew.live()
        _until_quiet(server)
        _say("counting statements")
        counts, tables = _statements(server, crews[0])
        _say(f"{options.lives} lives, {options.clients} at once")
        load = _load(server, crews, options.lives)
    finally:
        for crew in crews:
            crew.close()
    _say("floors")
    row_floor = floor.rows(server, tables, lives=FLOOR_LIVES)
    work = job.measured(server.home, lives=JOB_LIVES)
    asked = sum(timing.act != POLL for timing in load.timings) / max(load.lives, 1)
    return report.Found(
        way="pages" if options.pages else "API",
        lives=load.lives,
        clients=options.clients,
        seconds=load.seconds,
        cpu_ms={part: load.cpu_ms[part] / max(load.lives, 1) for part in PARTS},
        idle_ms=load.idle_ms,
        timings=load.timings,
        load_errors=load.errors,
        lost=load.lost,
        acts=ACTS if not options.pages else pages.ACTS,
        counts=counts,
        row_floor=row_floor,
        work=work,
        requests=asked,
        request_ms=_empty_request_ms(),
    )


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


# -- One life at a time: statements and rows


def _statements(server: Server, crew: Crew) -> tuple[report.Counts, list[floor.Table]]:
    with floor.recorded(server) as tables:
        crew.live()
        _until_quiet(server)
    for client in crew.clients:
        client.timings.clear()
    with statements.watched(server) as log:
        began = time.time()
        for _life in range(SQL_LIVES):
            crew.live()
        _until_quiet(server)
        ended = time.time()
    by_act: dict[str, list[statements.Count]] = {}
    for timing in _timings(crew.clients):
        seen = statements.counted(log.between(timing.began, timing.ended, "web"))
        by_act.setdefault(timing.act, []).append(seen)
    worker = statements.counted(log.between(began, ended, "worker"))
    return (
        report.Counts(
            acts={act: _mean(counts, SQL_LIVES) for act, counts in by_act.items() if act != POLL},
            polls=_mean(by_act.get(POLL, []), SQL_LIVES),
            worker=statements.Count(worker.plain / SQL_LIVES, worker.all / SQL_LIVES),
        ),
        tables,
    )


def _mean(counts: list[statements.Count], lives: int) -> statements.Count:
    return statements.Count(
        sum(one.plain for one in counts) / lives, sum(one.all for one in counts) / lives
    )


def _timings(clients: list[Client]) -> list[Timing]:
    return sorted((one for c in clients for one in c.timings), key=lambda one: one.began)


def _until_quiet(server: Server) -> None:
    """Wait until no event and no job is left. Raises Refused."""
    until = time.monotonic() + QUIET_SECONDS
    with server.connect() as connection:
        while time.monotonic() < until:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM events_pending) OR EXISTS (SELECT FROM"
                " procrastinate_jobs WHERE status = 'doing'"
                " OR status = 'todo' AND coalesce(scheduled_at <= now(), true))"
            ).fetchone()
            if row is not None and not row[0]:
                return
            time.sleep(0.1)
    raise Refused(f"work was left after {QUIET_SECONDS} s")


# -- Many lives at once


def _load(server: Server, crews: list[Crew], lives: int) -> Load:
    """Let all crews live at once until so many lives are over, then look for what was lost."""
    load = Load()
    left = iter(range(lives))
    lock = threading.Lock()
    for crew in crews:
        crew.filed.clear()
        for client in crew.clients:
            client.timings.clear()

    def work(crew: Crew) -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            try:
                crew.live()
            except Refused as error:
                load.errors.append(str(error))
            else:
                load.lives += 1

    time.sleep(1)
    before = server.cpu_ms()
    time.sleep(3)
    idle = server.cpu_ms()
    load.idle_ms = {part: (idle[part] - before[part]) / 3 for part in PARTS}
    began, start = time.monotonic(), server.cpu_ms()
    threads = [threading.Thread(target=work, args=(crew,), daemon=True) for crew in crews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.monotonic() - began
    _until_quiet(server)
    ended = server.cpu_ms()
    load.cpu_ms = {part: ended[part] - start[part] for part in PARTS}
    load.timings = [one for crew in crews for one in _timings(crew.clients)]
    load.lost = [code for crew in crews for code in crew.filed if not crew.is_done(code)]
    return load


# -- Empty requests


def _empty_request_ms() -> float:
    """Return the server's CPU time of one request that does nothing."""
    with _empty_server() as (pid, client):
        for _request in range(100):
            client.get("empty", "/")
        before = tree_ms(pid)
        for _request in range(EMPTY_REQUESTS):
            client.get("empty", "/")
        return (tree_ms(pid) - before) / EMPTY_REQUESTS


@contextmanager
def _empty_server() -> Iterator[tuple[int, Client]]:
    from bench.server import ROOT

    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
            "--port", str(port), "--no-ws", "--log-level", "warning", "bench.empty:application",
        ],
        cwd=ROOT,
        env=_environment(),
    )  # fmt: skip
    nobody = cast.Person(account="", name="", number="", token="-", session="")  # noqa: S106 - no token
    client = Client(f"http://127.0.0.1:{port}", nobody, by_session=False)
    try:
        _until_it_answers(client)
        yield process.pid, client
    finally:
        client.close()
        process.terminate()
        process.wait(20)


def _until_it_answers(client: Client) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            client.get("empty", "/")
        except Refused:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _environment() -> dict[str, str]:
    import os

    from bench.server import ROOT

    return {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

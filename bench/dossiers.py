"""`./sen bench dossiers`: whole lives of dossiers over HTTP, and what the same work costs at least.

One run measures, one after another: each act alone (few lives, one at a time: SQL statements from
PostgreSQL's own log, CPU time), load (all lives, several at once: time, CPU, what was lost), and
the floors. It ends within ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import (
    alone,
    cast,
    filings,
    floor,
    job,
    load,
    pages,
    procedures,
    report,
    requests,
    scale,
    scaled,
)
from bench.client import Refused
from bench.lives import ACTS, POLL, Crew, scan
from bench.server import PARTS, CannotMeasure, Server, running

WARM_LIVES = 2
FLOOR_LIVES = 40
JOB_LIVES = 15
MOST_LIVES, MOST_CLIENTS = 5000, 64


def main(words: list[str]) -> int:
    """Measure and print; return 1 if something was lost or refused."""
    options = _options(words)
    load_before = os.getloadavg()[0]
    try:
        home = scaled.ensured(options.scale) if options.scale else options.home
        with running(home, port=options.port) as server:
            if options.scale:
                _say(f"{options.scale} dossiers: coming to rest")
                scale.settle(server)
            if options.procedures is not None:
                print(_by_procedure(server, options.procedures, load_before))
                return 0
            found = _measure(server, options, load_before)
    except (CannotMeasure, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.table(found))
    if options.json:
        print(report.as_json(found))
    return 1 if found.load.errors or found.load.lost else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./sen bench dossiers", description=__doc__)
    parser.add_argument("--lives", type=int, default=100, help=f"at most {MOST_LIVES}")
    parser.add_argument("--clients", type=int, default=4, help="lives at once")
    parser.add_argument("--pages", action="store_true", help="over the pages, not the API")
    parser.add_argument(
        "--procedures",
        nargs="*",
        metavar="CODE",
        help="one life of each procedure with a form, or of these, in place of many of one",
    )
    parser.add_argument("--home", type=Path, help="an installation; else one of its own")
    parser.add_argument(
        "--scale", type=int, help="among so many dossiers, in an installation built once and kept"
    )
    parser.add_argument("--port", type=int, help="where its web listens")
    parser.add_argument("--json", action="store_true", help="the last line is one object")
    found = parser.parse_args(words)
    found.lives = max(1, min(found.lives, MOST_LIVES))
    found.clients = max(1, min(found.clients, MOST_CLIENTS, found.lives))
    return found


def _measure(server: Server, options: argparse.Namespace, load_before: float) -> report.Found:
    people = cast.read(server.home, options.clients)
    paper = scan()
    kind: type[Crew] = pages.PageCrew if options.pages else Crew
    crews = [kind(server.address, people, number, paper) for number in range(options.clients)]
    try:
        _say("warming up")
        for crew in crews[:2]:
            for _life in range(WARM_LIVES):
                crew.live()
        _say("one life at a time")
        tables = _tables(server, crews[0])
        idle = alone.idle_ms(server)
        counts = alone.measured(server, crews[0], idle)
        _say(f"{options.lives} lives, {options.clients} at once")
        many = load.measured(server, crews, options.lives, load_before=load_before)
    finally:
        for crew in crews:
            crew.close()
    if not many.lives:
        raise Refused(f"no life came to its end: {many.errors[:3]}")
    _say("floors")
    asked = sum(timing.act != POLL for timing in many.timings) / many.lives
    return report.Found(
        way="pages" if options.pages else "API",
        clients=options.clients,
        load=many,
        cpu_ms={part: many.cpu_ms[part] / many.lives for part in PARTS},
        idle_ms=idle,
        acts=pages.ACTS if options.pages else ACTS,
        counts=counts,
        row_floor=floor.rows(server, tables, lives=FLOOR_LIVES),
        work=job.measured(server.home, lives=JOB_LIVES),
        requests=asked,
        request_ms=requests.empty_ms(),
    )


def _by_procedure(server: Server, codes: Sequence[str], load_before: float) -> str:
    _say("who works on what")
    works = [one for one in filings.read(server.home) if not codes or one.procedure in codes]
    idle = alone.idle_ms(server)
    found = []
    for work in works:
        _say(work.title)
        found += procedures.measured(server, [work], idle)
    _say("floors")
    hour = _job_floor_ms(server)
    return (
        f"load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after;"
        f" job floor of a birth in this hour {hour:.0f} ms\n\n{procedures.table(found)}"
    )


def _job_floor_ms(server: Server) -> float:
    """Return what the work of one birth needs at least, to tell how quick the machine is now."""
    crew = Crew(server.address, cast.read(server.home, 1), 0, scan())
    try:
        for _life in range(WARM_LIVES):
            crew.live()
        tables = _tables(server, crew)
    finally:
        crew.close()
    written = floor.rows(server, tables, lives=FLOOR_LIVES)
    made = job.measured(server.home, lives=JOB_LIVES)
    return written.cpu_ms + made.cpu_ms + len(ACTS) * requests.empty_ms()


def _tables(server: Server, crew: Crew) -> list[floor.Table]:
    """Live one life and return what it leaves in the database."""
    with server.connect() as connection:
        alone.until_quiet(connection)
        with floor.recorded(server) as tables:
            crew.live()
            alone.until_quiet(connection)
    return tables


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)

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

from bench import (
    alone,
    cast,
    filings,
    floor,
    job,
    load,
    options,
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
    told = _options(words)
    load_before = os.getloadavg()[0]
    try:
        home = scaled.ensured(told.scale) if told.scale else told.home
        with running(home, port=told.port) as server:
            if told.scale:
                _say(f"{told.scale} dossiers: coming to rest")
                scale.settle(server)
            if told.procedures is not None:
                print(_by_procedure(server, told.procedures, load_before))
                return 0
            found = _measure(server, told, load_before)
    except (CannotMeasure, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.table(found))
    if told.json:
        print(report.as_json(found))
    return 1 if found.load.errors or found.load.lost else 0


def _options(words: list[str]) -> argparse.Namespace:
    alike = (options.home(), options.SCALE, options.PORT, options.JSON)
    parser = options.parser("dossiers", __doc__, options.clients(4, "lives at once"), *alike)
    parser.add_argument("--lives", type=int, default=100, help=f"at most {MOST_LIVES}")
    parser.add_argument("--pages", action="store_true", help="over the pages, not the API")
    parser.add_argument(
        "--procedures",
        nargs="*",
        metavar="CODE",
        help="one life of each procedure with a form, or of these, in place of many of one",
    )
    found = parser.parse_args(words)
    found.lives = max(1, min(found.lives, MOST_LIVES))
    found.clients = max(1, min(found.clients, MOST_CLIENTS, found.lives))
    return found


def _measure(server: Server, told: argparse.Namespace, load_before: float) -> report.Found:
    people = cast.read(server.home, told.clients)
    paper = scan()
    kind: type[Crew] = pages.PageCrew if told.pages else Crew
    crews = [kind(server.address, people, number, paper) for number in range(told.clients)]
    try:
        _say("warming up")
        for crew in crews[:2]:
            for _life in range(WARM_LIVES):
                crew.live()
        _say("one life at a time")
        tables = _tables(server, crews[0])
        idle = alone.idle_ms(server)
        counts = alone.measured(server, crews[0], idle)
        _say(f"{told.lives} lives, {told.clients} at once")
        many = load.measured(server, crews, told.lives, load_before=load_before)
    finally:
        for crew in crews:
            crew.close()
    if not many.lives:
        raise Refused(f"no life came to its end: {many.errors[:3]}")
    _say("floors")
    asked = sum(timing.act != POLL for timing in many.timings) / many.lives
    return report.Found(
        way="pages" if told.pages else "API",
        clients=told.clients,
        load=many,
        cpu_ms={part: many.cpu_ms[part] / many.lives for part in PARTS},
        idle_ms=idle,
        acts=pages.ACTS if told.pages else ACTS,
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

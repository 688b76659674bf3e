"""`./sen bench inbox`: lists at a million open tasks, over HTTP, for officials near and far.

The rows are written once, by plain SQL, into a home of their own that is kept. Then each page is
asked for again and again: the inbox of an official of one unit, of thirty, of all, of one rare
group in all, with its filters and later pages; the lists, boards and searches beside it. Below them
stands the floor: the same fifty rows, asked for by their keys.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path

from bench import crowd, desks, options, visits
from bench.cast import Person
from bench.client import Client
from bench.processes import tree_ms
from bench.server import ROOT, CannotMeasure, Server, running

TASKS = 1_000_000
AIM_MS, AIM_SQL = 50.0, 8
"""Of every page of the inbox: 95 of 100 requests below, and so many statements."""
_FLOOR = """
    SELECT task.*, run.*, remark.text FROM workflow_task task
    JOIN workflow_run run ON run.id = task.run_id
    LEFT JOIN workflow_remark remark ON remark.id = run.id
    WHERE task.id = ANY(%s) ORDER BY task.is_paused, task.sort_at, task.id"""
_SIZES = """
    SELECT relname, reltuples::bigint, pg_total_relation_size(oid) / 2^20 FROM pg_class
    WHERE relname = ANY(%s) ORDER BY relname"""


def main(words: list[str]) -> int:
    """Build what is missing, measure and print; return 1 where an inbox misses its aim."""
    told = _options(words)
    home = told.home or _usual_home() / f"bench-inbox-{told.tasks}"
    try:
        with running(home, port=told.port) as server:
            _fill(server, told.tasks)
            people = desks.read(server.home)
            inbox = visits.measured(server, _inboxes(server, people), rounds=told.rounds)
            beside = visits.measured(server, _beside(server, people), rounds=told.rounds)
            inbox.append(_floor(server, told.rounds))
            _say(_size(server))
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(visits.table([*inbox, *beside]))
    if told.json:
        print(visits.as_json([*inbox, *beside]))
    return 0 if all(one.percentile(95) <= AIM_MS and one.sql <= AIM_SQL for one in inbox) else 1


def _options(words: list[str]) -> argparse.Namespace:
    home = options.home("an installation that may be filled up and kept")
    alike = (options.rounds(100), home, options.PORT, options.JSON)
    parser = options.parser("inbox", __doc__, *alike)
    parser.add_argument("--tasks", type=int, default=TASKS, help="open tasks, built once")
    return parser.parse_args(words)


def _usual_home() -> Path:
    return Path(os.environ.get("SEN_HOME") or ROOT / "var")


def _fill(server: Server, tasks: int) -> None:
    """Write the crowd where it is not there yet. Raises CannotMeasure for one of another size."""
    with server.connect() as connection:
        row = connection.execute(
            "SELECT count(*) FROM public_services_dossier"
            " WHERE link_secret LIKE 'crowd%' AND ended_at IS NULL"
        ).fetchone()
        found = int(str(row[0])) if row else 0
        if found not in {0, tasks}:
            raise CannotMeasure(f"{server.home}: {found} open tasks are there, not {tasks}")
        if not found:
            _say(f"writing {tasks} open tasks, once")
            began = time.monotonic()
            crowd.fill(connection, tasks=tasks)
            _say(f"written in {time.monotonic() - began:.0f} s")


def _inboxes(server: Server, people: dict[str, Person]) -> list[visits.Visit]:
    found = []
    for desk in desks.DESKS:
        person = people[desk]
        found += [
            visits.Visit(f"inbox, {desk}", "/viec/", person),
            visits.Visit(f"inbox, {desk}, late", "/viec/?tinh-trang=late", person),
            visits.Visit(f"inbox, {desk}, to sign", "/viec/?viec=public_services.sign", person),
            visits.Visit(f"inbox, {desk}, given to others", "/viec/?tinh-trang=team", person),
        ]
        if following := _following(server, person):
            found.append(visits.Visit(f"inbox, {desk}, second page", following, person))
    return found


def _following(server: Server, person: Person) -> str:
    """Return where the second page of an inbox is, "" where there is none."""
    client = Client(server.address, person, by_session=True)
    try:
        found = re.search(r'href="(\?[^"]*after=[^"]*)"', client.page("next", "/viec/"))
    finally:
        client.close()
    return f"/viec/{found[1].replace('&amp;', '&')}" if found else ""


def _beside(server: Server, people: dict[str, Person]) -> list[visits.Visit]:
    one, every = people[desks.DESKS[0]], people[desks.DESKS[2]]
    with server.connect() as connection:
        row = connection.execute(
            "SELECT d.code, d.link_secret FROM public_services_dossier d"
            " JOIN forms_answers a ON a.record = d.id WHERE d.ended_at IS NULL"
            " ORDER BY d.id DESC LIMIT 1"
        ).fetchone()
        late = connection.execute(
            "SELECT code FROM public_services_dossier WHERE link_secret = 'crowd77'"
        ).fetchone()
    if row is None or late is None:
        raise CannotMeasure("there is no dossier to open: start over with --home of another place")
    return [
        visits.Visit("dossier", f"/ho-so/{row[0]}/", every),
        visits.Visit("dossiers, one unit", "/mot-cua/ho-so/", one),
        visits.Visit("dossiers, all units", "/mot-cua/ho-so/", every),
        visits.Visit("dossiers, all units, by state", "/mot-cua/ho-so/?state=supplement", every),
        visits.Visit("search, one unit, a name", "/tim/?q=thai+vi+du+oanh", one),
        visits.Visit("search, all units, a name", "/tim/?q=thai+vi+du+oanh", every),
        visits.Visit("search, all units, a common word", "/tim/?q=nguyen", every),
        visits.Visit("search, all units, a code", f"/tim/?q={late[0]}", every),
        visits.Visit("follow, by its link", f"/tra-cuu/{row[1]}/"),
        visits.Visit("notifications", "/thong-bao/", every),
        visits.Visit("board, all units", "/dieu-hanh/", every),
        visits.Visit("board, late dossiers", "/dieu-hanh/ho-so/", every),
        visits.Visit("board, one unit", "/dieu-hanh/", one),
    ]


def _floor(server: Server, rounds: int) -> visits.Cost:
    """Ask for fifty rows by their keys, as whoever knew them already would."""
    with server.connect() as connection:
        keys = [
            row[0]
            for row in connection.execute("SELECT id FROM workflow_task ORDER BY sort_at LIMIT 50")
        ]
        backend = connection.info.backend_pid
        times, before = [], tree_ms(backend)
        for _time in range(rounds):
            began = time.perf_counter()
            connection.execute(_FLOOR, [keys]).fetchall()
            times.append((time.perf_counter() - began) * 1000)
        spent = (tree_ms(backend) - before) / rounds
    return visits.Cost("floor: fifty rows by their keys", times, {"postgresql": spent}, sql=1)


def _size(server: Server) -> str:
    with server.connect() as connection:
        rows = connection.execute(_SIZES, [list(crowd.TABLES)]).fetchall()
    return "; ".join(f"{name} {count} rows {size:.0f} MB" for name, count, size in rows)


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)

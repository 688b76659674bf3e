"""`./sen bench scale`: the same pages at ten thousand, a hundred thousand, a million dossiers.

Each size is built once and kept. Every page is asked as often at each size, by sessions of the
demo's officials and without sign-in, one request at a time; the table tells lines, statements, time
and CPU side by side, and by how much each grew from the smallest to the largest. A page with more
lines costs more whatever lies behind it: growth is judged of pages that are as long at each size,
as the lists of an official of the whole province are.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import alone, cast, desks, options, scaled, statements
from bench.client import Client, Refused
from bench.server import PARTS, CannotMeasure, Server, running

SCALES = (10_000, 100_000, 1_000_000)
AIM = 1.5
"""Nothing may cost more than so many times what it costs at the smallest size."""
COUNTED = 3
"""Requests of each page whose statements are counted."""
_SETTLE_SECONDS = 900
_CALM_MS = 150.0
"""An idle server uses less than this in a second."""
_CENTRE = "H41.9.11.1"
_PLACE = "truongvinh"
_LINE = re.compile(r"<(?:tr|li)\b")
_AS_LONG = 0.9
"""A page is as long as another where the shorter has at least this share of the longer's lines."""

_SAMPLE = """
SELECT d.code, d.link_secret, p.full_name FROM public_services_dossier d
JOIN organisations_unit u ON u.id = d.received_unit_id
JOIN public_services_party p ON p.dossier_id = d.id AND p.role = 'owner'
WHERE u.code = %s ORDER BY md5(d.id::text) LIMIT %s
"""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one page costs at one size.

    lines: of its lists, in the middle of what was asked; sql: statements a request; cpu_ms: of web
    and database.
    """

    name: str
    lines: float
    times_ms: list[float] = field(repr=False)
    sql: float
    cpu_ms: dict[str, float]

    @property
    def p50(self) -> float:
        """The time of a request, half are quicker."""
        return statistics.median(self.times_ms)

    @property
    def p95(self) -> float:
        """The time that one in twenty takes longer than."""
        return statistics.quantiles(self.times_ms, n=20)[-1]

    @property
    def cpu(self) -> float:
        """CPU time of web and database together."""
        return self.cpu_ms["web"] + self.cpu_ms["postgresql"]


@dataclass(frozen=True)
class Asked:
    """A page that is measured: its name, who asks, the addresses asked in turn."""

    name: str
    client: Client
    paths: Sequence[str]


def main(words: list[str]) -> int:
    """Measure every size and print; return 1 where something grows more than it may."""
    told = _options(words)
    found: dict[int, list[Page]] = {}
    try:
        for dossiers in told.scales:
            home = scaled.ensured(dossiers)
            with running(home, port=told.port) as server:
                _say(f"{dossiers} dossiers: coming to rest")
                settle(server)
                _say(f"{dossiers} dossiers: asking")
                found[dossiers] = _measure(server, told.rounds)
    except (CannotMeasure, Refused) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    if told.json:
        print(as_json(found))
    return 1 if too_dear(found) else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = options.parser("scale", __doc__, options.rounds(60), options.PORT, options.JSON)
    parser.add_argument(
        "--scales",
        type=lambda text: sorted(int(one) for one in text.split(",")),
        default=list(SCALES),
        help="numbers of dossiers, by comma",
    )
    return parser.parse_args(words)


def settle(server: Server) -> None:
    """Wait until the worker has counted months and nothing else is left. Raises CannotMeasure."""
    until = time.monotonic() + _SETTLE_SECONDS
    with server.connect() as connection:
        while time.monotonic() < until:
            alone.until_quiet(connection)
            row = connection.execute(
                "SELECT count(*) > 0 AND bool_and(counted_at IS NOT NULL)"
                " FROM operations_countedmonth"
            ).fetchone()
            if row is not None and row[0] and sum(_second(server).values()) < _CALM_MS:
                return
            time.sleep(1)
    raise CannotMeasure(f"{server.home}: did not come to rest")


def _second(server: Server) -> dict[str, float]:
    """Return what each part uses in a second in which nobody asks."""
    before, began = server.cpu_ms(), time.monotonic()
    time.sleep(1)
    seconds, after = time.monotonic() - began, server.cpu_ms()
    return {part: (after[part] - before[part]) / seconds for part in PARTS}


def _measure(server: Server, rounds: int) -> list[Page]:
    people, wide = cast.read(server.home, 1), desks.read(server.home)["all units"]
    with server.connect() as connection:
        rows = connection.execute(_SAMPLE, [_CENTRE, rounds]).fetchall()
    sample = [(str(code), str(secret), str(name)) for code, secret, name in rows]
    asked = _asked(server, people, wide, sample)
    for one in asked:
        for path in one.paths[:8]:
            one.client.page(one.name, path)
    counts = _counted(server, asked)
    idle = _second(server)
    found = [_timed(server, one, rounds, counts[one.name], idle) for one in asked]
    for one in asked:
        one.client.close()
    return found


def _asked(
    server: Server, people: cast.Cast, wide: cast.Person, sample: Sequence[tuple[str, str, str]]
) -> list[Asked]:
    officials = people.officials[_PLACE]
    clients = {role: Client(server.address, one, True) for role, one in officials.items()}
    leader = Client(server.address, people.leader, True)
    nobody, every = (Client(server.address, one, True) for one in (people.nobody, wide))
    quoted = urllib.parse.quote
    codes, secrets, names = zip(*sample, strict=True)
    return [
        Asked("inbox, whole province", every, ["/viec/"]),
        Asked("inbox, a centre", clients["one_stop"], ["/viec/"]),
        Asked("inbox, decides", clients["chair"], ["/viec/"]),
        Asked("dossiers, whole province", every, ["/mot-cua/ho-so/"]),
        Asked("dossiers of a unit", clients["one_stop"], ["/mot-cua/ho-so/"]),
        Asked("dossier", clients["one_stop"], [f"/ho-so/{quoted(one)}/" for one in codes]),
        Asked("search, a code", clients["one_stop"], [f"/tim/?q={quoted(one)}" for one in codes]),
        Asked("search, a name", clients["one_stop"], [f"/tim/?q={quoted(one)}" for one in names]),
        Asked("search, a common word", every, ["/tim/?q=nguyen"]),
        Asked("follow", nobody, [f"/tra-cuu/{one}/" for one in secrets]),
        Asked("board, counters", leader, ["/dieu-hanh/"]),
        Asked("board of a unit", clients["chair"], ["/dieu-hanh/"]),
        Asked("open dossiers by day", leader, ["/dieu-hanh/ho-so/?loai=open"]),
        Asked("late dossiers", leader, ["/dieu-hanh/ho-so/"]),
    ]


def _counted(server: Server, asked: Sequence[Asked]) -> dict[str, float]:
    """Return the statements of a request of each page, from PostgreSQL's own log."""
    spans: list[tuple[str, float, float]] = []
    with statements.watched(server) as log:
        for one in asked:
            for number in range(COUNTED):
                began = time.time()
                one.client.page(one.name, one.paths[number % len(one.paths)])
                spans.append((one.name, began, time.time()))
                time.sleep(0.02)
    found = {one.name: 0.0 for one in asked}
    for name, began, ended in spans:
        of_it = [
            each
            for each in log.statements
            if each.part == "web" and began - 0.001 <= each.at <= ended + 0.001
        ]
        found[name] += statements.counted(of_it).plain / COUNTED
    return found


def _timed(server: Server, one: Asked, rounds: int, sql: float, idle: dict[str, float]) -> Page:
    one.client.timings.clear()
    before, began = server.cpu_ms(), time.monotonic()
    shown = [one.client.page(one.name, one.paths[n % len(one.paths)]) for n in range(rounds)]
    seconds, after = time.monotonic() - began, server.cpu_ms()
    return Page(
        name=one.name,
        lines=statistics.median(len(_LINE.findall(_main(page))) for page in shown),
        times_ms=[(each.ended - each.began) * 1000 for each in one.client.timings],
        sql=sql,
        cpu_ms={
            part: max(0.0, after[part] - before[part] - idle[part] * seconds) / rounds
            for part in PARTS
        },
    )


def _main(page: str) -> str:
    """Return what stands in a page beside its frame."""
    return page.partition("<main")[2]


def as_long_at_each(found: dict[int, list[Page]]) -> set[str]:
    """Return the pages that have as many lines at each size."""
    lines: dict[str, list[float]] = {}
    for pages in found.values():
        for one in pages:
            lines.setdefault(one.name, []).append(one.lines)
    return {name for name, each in lines.items() if min(each) >= _AS_LONG * max(each)}


def growth(found: dict[int, list[Page]]) -> dict[str, float]:
    """Return by how much the CPU time of each page grew from the smallest to the largest size."""
    first, last = found[min(found)], found[max(found)]
    return {one.name: other.cpu / one.cpu for one, other in zip(first, last, strict=True)}


def too_dear(found: dict[int, list[Page]]) -> set[str]:
    """Return the pages that are as long at each size and grew more than they may."""
    grew = growth(found)
    return {name for name in as_long_at_each(found) if grew[name] > AIM}


def table(found: dict[int, list[Page]]) -> str:
    """Return what was measured as a table, sizes side by side."""
    sizes = sorted(found)
    grew = growth(found)
    as_long = as_long_at_each(found)
    head = [
        "page",
        "lines",
        "SQL",
        *(f"{size:,}: p50 / p95 ms, CPU ms" for size in sizes),
        "CPU grew",
    ]
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _one in head)} |"]
    for number, page in enumerate(found[sizes[0]]):
        cells = [found[size][number] for size in sizes]
        counts = " → ".join(f"{one:.0f}" for one in sorted({cell.sql for cell in cells}))
        costs = [
            f"{one.p50:.0f} / {one.p95:.0f}, {one.cpu:.1f}"
            f" (web {one.cpu_ms['web']:.1f}, PostgreSQL {one.cpu_ms['postgresql']:.1f})"
            for one in cells
        ]
        shown = list(dict.fromkeys(f"{cell.lines:.0f}" for cell in cells))
        verdict = f"{grew[page.name]:.2f}" + ("" if page.name in as_long else ", not as long")
        row = [page.name, " → ".join(shown), counts, *costs, verdict]
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def as_json(found: dict[int, list[Page]]) -> str:
    """Return what was measured as one line for programs."""
    return json.dumps(
        {
            "scales": {
                str(size): {
                    one.name: {
                        "lines": one.lines,
                        "sql": one.sql,
                        "p50_ms": round(one.p50, 2),
                        "p95_ms": round(one.p95, 2),
                        "cpu_ms": {part: round(ms, 2) for part, ms in one.cpu_ms.items()},
                    }
                    for one in pages
                }
                for size, pages in found.items()
            },
            "as_long": sorted(as_long_at_each(found)),
            "growth": {name: round(value, 3) for name, value in growth(found).items()},
        }
    )


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)

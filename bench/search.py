"""`./sen bench search`: what a question in a citizen's words costs, all processes together.

Every phrasing of the tests is asked over HTTP, some rounds, and half of it for suggestions: time,
CPU time of web, worker and PostgreSQL. In the same run stand an empty request through the same
server, and plain SQL that looks for every word of the question with ILIKE in the names of all
procedures, with how many of the phrasings each of the two answers rightly among the first three,
and how many questions that nothing here answers find nothing.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import time
import tracemalloc
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg

from bench import options
from bench.processes import tree_ms
from bench.server import PARTS, ROOT, CannotMeasure, Server, running
from sen.kernel.search.data import Document
from sen.kernel.search.rules import dictionary
from sen.kernel.search.rules.ranking import Index

FIRST = 3
AIM_MS = 15.0
REST_SECONDS = 3.0
_BREATH = 0.06
"""Seconds between suggestions, which are counted: nobody types quicker than that either."""
_DATA = ROOT / "src/sen/systems/public_services/tests/data"
_SEED = ROOT / "src/sen/systems/public_services/seed"
_NOTHING = ("phrasings_nothing", "nothing_near", "nothing_near_held_out")
_ILIKE = (
    "SELECT code FROM public_services_procedure WHERE {} ORDER BY length(name->>'vi'), code LIMIT 3"
)


@dataclass(frozen=True)
class Asked:
    """A phrasing and the codes that answer it."""

    question: str
    codes: frozenset[str]


@dataclass(frozen=True)
class Cost:
    """What one way of asking costs. cpu_ms: by part, a question. right: of all phrasings."""

    name: str
    times_ms: Sequence[float]
    cpu_ms: dict[str, float]
    right: int | None = None

    @property
    def whole_ms(self) -> float:
        """CPU time of all parts, a question."""
        return sum(self.cpu_ms.values())


def main(words: list[str]) -> int:
    """Measure and print; return 1 where a question costs more than the aim."""
    told = _options(words)
    try:
        with running(told.home, port=told.port) as server:
            asked = phrasings()
            found = _measure(server, asked, told.rounds)
            silent = _silent(server)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found, len(asked)))
    print(silence(silent))
    print(memory())
    return 0 if all(one.whole_ms <= AIM_MS for one in found) else 1


def _options(words: list[str]) -> argparse.Namespace:
    alike = (options.rounds(5), options.home(), options.PORT)
    return options.parser("search", __doc__, *alike).parse_args(words)


def phrasings() -> list[Asked]:
    """Return every phrasing of the tests with the codes that answer it."""
    found = []
    for path in sorted(_DATA.glob("phrasings_*.tsv")):
        for row in path.read_text(encoding="utf-8").splitlines():
            question, _tab, codes = row.partition("\t")
            if codes and not row.startswith("#"):
                found.append(Asked(question, frozenset(codes.split("\t")[0].split())))
    return found


def begun(asked: Sequence[Asked]) -> list[Asked]:
    """Return phrasings as they stand in the box while somebody types: the first half of each."""
    return [Asked(one.question[: max(3, len(one.question) // 2)], one.codes) for one in asked]


def strangers() -> dict[str, list[str]]:
    """Return the questions that nothing here answers, by the set they stand in."""
    found = {}
    for name in _NOTHING:
        rows = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        found[name] = [row for row in rows if row.strip() and not row.startswith("#")]
    return found


def _silent(server: Server) -> dict[str, tuple[int, int]]:
    """Return by set how many of its questions the API rightly leaves without an answer."""
    api = f"{server.address}/api/v1/procedure-search?limit=1&q="
    return {
        name: (sum(not _codes(api, one) for one in asked), len(asked))
        for name, asked in strangers().items()
    }


def silence(silent: dict[str, tuple[int, int]]) -> str:
    """Return as a table how many questions that nothing answers find nothing."""
    lines = ["", "| what is not kept here | finds nothing |", "| --- | --- |"]
    lines += [f"| {name} | {good} of {asked} |" for name, (good, asked) in silent.items()]
    return "\n".join([*lines, ""])


def _measure(server: Server, asked: Sequence[Asked], rounds: int) -> list[Cost]:
    api = f"{server.address}/api/v1/procedure-search?limit={FIRST}&q="
    page = f"{server.address}/thu-tuc/?q="
    suggest = f"{server.address}/thu-tuc/goi-y/?q="
    for one in asked[:20]:
        _get(api + urllib.parse.quote(one.question))
        _get(page + urllib.parse.quote(one.question))
    time.sleep(REST_SECONDS)
    idle = _idle(server)
    right = sum(bool(one.codes & set(_codes(api, one.question))) for one in asked)
    return [
        _over_http("API", server, idle, asked, rounds, lambda q: _get(api + q), right),
        _over_http("page", server, idle, asked, rounds, lambda q: _get(page + q), None),
        _over_http(
            "suggestions", server, idle, begun(asked), 1, lambda q: _get(suggest + q), None,
            pause=_BREATH,
        ),
        _over_http(
            "empty request", server, idle, asked, rounds,
            lambda _q: _get(f"{server.address}/healthz"), None,
        ),
        _by_sql(server, asked, rounds),
    ]  # fmt: skip


def _over_http(
    name: str,
    server: Server,
    idle: dict[str, float],
    asked: Sequence[Asked],
    rounds: int,
    ask: Callable[[str], bytes],
    right: int | None,
    pause: float = 0.0,
) -> Cost:
    questions = [urllib.parse.quote(one.question) for one in asked] * rounds
    before, began = server.cpu_ms(), time.monotonic()
    times = []
    for question in questions:
        times.append(_timed(ask, question))
        time.sleep(pause)
    seconds, after = time.monotonic() - began, server.cpu_ms()
    cpu = {
        part: max(0.0, after[part] - before[part] - idle[part] * seconds) / len(questions)
        for part in PARTS
    }
    return Cost(name, times, cpu, right)


def _by_sql(server: Server, asked: Sequence[Asked], rounds: int) -> Cost:
    """Ask plain SQL for every word of each question."""
    with server.connect() as connection:
        right = sum(bool(one.codes & set(_ilike(connection, one.question))) for one in asked)
        backend = connection.info.backend_pid
        before = tree_ms(backend), tree_ms(os.getpid())
        times = [_timed(lambda q: _ilike(connection, q), one.question) for one in [*asked] * rounds]
        spent = tree_ms(backend) - before[0], tree_ms(os.getpid()) - before[1]
    return Cost(
        "SQL, ILIKE",
        times,
        {"postgresql": spent[0] / len(times), "client": spent[1] / len(times)},
        right,
    )


def _ilike(connection: psycopg.Connection[tuple[object, ...]], question: str) -> list[str]:
    words = question.split()
    where = " AND ".join(["name->>'vi' ILIKE %s"] * len(words))
    rows = connection.execute(_ILIKE.format(where), [f"%{word}%" for word in words]).fetchall()
    return [str(row[0]) for row in rows]


def _idle(server: Server) -> dict[str, float]:
    """Return the CPU time that each part uses a second while nobody asks."""
    before, began = server.cpu_ms(), time.monotonic()
    time.sleep(REST_SECONDS)
    seconds, after = time.monotonic() - began, server.cpu_ms()
    return {part: (after[part] - before[part]) / seconds for part in PARTS}


def _timed(ask: Callable[[str], object], question: str) -> float:
    began = time.perf_counter()
    ask(question)
    return (time.perf_counter() - began) * 1000


def _get(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own
            return bytes(answer.read())
    except urllib.error.URLError as error:
        raise CannotMeasure(f"{address}: {error}") from error


def _codes(api: str, question: str) -> list[str]:
    told = json.loads(_get(api + urllib.parse.quote(question)))
    return [one["code"] for one in told["found"]]


def table(found: Sequence[Cost], asked: int) -> str:
    """Return what was measured as a table."""
    lines = [
        "| way | p50 ms | p95 ms | CPU ms | of it | right in the first three |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        parts = ", ".join(f"{part} {spent:.1f}" for part, spent in one.cpu_ms.items())
        right = "" if one.right is None else f"{one.right} of {asked}"
        lines.append(
            f"| {one.name} | {statistics.median(one.times_ms):.1f} |"
            f" {statistics.quantiles(one.times_ms, n=20)[-1]:.1f} | {one.whole_ms:.1f} |"
            f" {parts} | {right} |"
        )
    return "\n".join(lines)


def memory() -> str:
    """Return how long it takes a process to make the ranking, and what it keeps of it."""
    rows = gzip.decompress((_SEED / "index/procedures.tsv.gz").read_bytes()).decode().splitlines()
    cut = [row.split("\t") for row in rows if not row.startswith("#")]
    files = (ROOT / "src/sen/kernel/search/seed/common.tsv", _SEED / "search/words.tsv")
    wordings = [
        one
        for path in files
        for line in dictionary.read(path.read_text(encoding="utf-8"))
        for one in line.wordings()
    ]
    text = (_SEED / "search/said.tsv").read_text(encoding="utf-8")
    said = [one for line in dictionary.read_said(text, topic="") for one in line.wordings()]
    documents = [Document(key=row[0], title=row[1], beside=row[2]) for row in cut]
    Index(documents, wordings, said=said)
    began = time.process_time()
    Index(documents, wordings, said=said)
    spent = (time.process_time() - began) * 1000
    tracemalloc.start()
    index = Index(documents, wordings, said=said)
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (
        f"{len(index)} procedures, {len(wordings) + len(said)} phrases: made in {spent:.0f} ms CPU,"
        f" {kept / 2**20:.1f} MB a process"
    )

"""`./sen bench procedures`: a province's list taken in, and what writing its rows costs at least.

The list is made of the index's names with the faults that the portal is known for, in new codes.
It is taken in by the word that people use, `./sen import procedures FILE`, as a process of its own:
reading, checking, the lint, drafts, audit. The floor writes the very rows that came of it into
tables of the same shape with the same indexes, by COPY.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from bench import options
from bench.processes import tree_ms
from bench.server import ROOT, CannotMeasure, Server, running

SCHEMA = "bench_import_floor"
TABLES = ("public_services_procedure", "public_services_procedureversion")
MOST_ROWS = 20_000
FIRST_DAY = "2027-03-01"
_KINDS: tuple[dict[str, Any], ...] = (
    {},
    {"fee_vnd": 0, "fee_note": "Theo nghị quyết của Hội đồng nhân dân tỉnh"},
    {"fee_vnd": 45, "fee_status": "published_amount"},
    {"processing_unit": "day"},
    {"channels": [{"channel": "direct", "time_value": 1, "time_unit": None}]},
)
"""What is wrong with every so-manieth row: nothing, or a known fault of the portal."""


@dataclass(frozen=True)
class Measured:
    """What a list cost: wall and CPU time of the import, and of COPY of the same rows.

    start_ms: CPU time in which the command alone comes up, to be taken off.
    """

    rows: int
    wall_s: float
    cpu_ms: float
    start_ms: float
    floor_ms: float
    floor_cpu_ms: float


def main(words: list[str]) -> int:
    """Measure and print; return 1 where the import was refused."""
    told = _options(words)
    try:
        with running(told.home, port=told.port) as server:
            found = measured(server, told.rows)
    except (CannotMeasure, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(found))
    return 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = options.parser("procedures", __doc__, options.home(), options.PORT)
    parser.add_argument("--rows", type=int, default=3300, help=f"at most {MOST_ROWS}")
    found = parser.parse_args(words)
    found.rows = max(1, min(found.rows, MOST_ROWS))
    return found


def made_up(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of a list in the portal's shape, with codes that no list has (9.000000 on)."""
    for number in range(count):
        yield {
            "code": f"9.{number:06d}",
            "name": f"Thủ tục đo lường số {number}: cấp, đổi, cấp lại giấy thử nghiệm",
            "field": f"Lĩnh vực thử {number % 40}",
            "levels": ["commune"] if number % 2 else ["province"],
            "agency": "Cơ quan thử",
            "processing_days": 5 + number % 20,
            "processing_unit": "working_day",
            "fee_vnd": None,
            "fee_status": "not_stated",
            "documents": [
                {"name": f"Giấy thử {part}", "originals": 1, "copies": 0, "kind": "paper"}
                for part in range(5)
            ],
            "results": [{"name": "Giấy thử nghiệm", "code": None}],
            "source": {"title": "Danh sách đo lường"},
            "confidence": "low",
            **_KINDS[number % len(_KINDS)],
        }


def measured(server: Server, count: int) -> Measured:
    """Take a list in and write its rows again by COPY. Raises CalledProcessError if refused."""
    _clean(server)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.json"
        path.write_text(json.dumps(list(made_up(count)), ensure_ascii=False), encoding="utf-8")
        before = server.cpu_ms()["postgresql"]
        start = time.perf_counter()
        spent = _sen(server, "import", "procedures", str(path), "--from", FIRST_DAY)
        wall = time.perf_counter() - start
    cpu = spent + server.cpu_ms()["postgresql"] - before
    start_ms = _sen(server, "import", "--help")
    floor_ms, floor_cpu = _floor(server)
    _clean(server)
    return Measured(count, wall, cpu, start_ms, floor_ms, floor_cpu)


def _sen(server: Server, *words: str) -> float:
    """Run a word of `./sen` in the server's home; return the CPU milliseconds of its process."""
    before = os.times()
    told = {**os.environ, "SEN_HOME": str(server.home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    for name in ("DATABASE_URL", "SEN_OWNER_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        told.pop(name, None)
    subprocess.run(
        [sys.executable, "-m", "sen.config", *words],
        cwd=ROOT,
        env=told,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    now = os.times()
    user = now.children_user - before.children_user
    return (user + now.children_system - before.children_system) * 1000


def _rows_of(server: Server, name: str) -> tuple[list[str], list[Sequence[Any]]]:
    condition = (
        "code LIKE '9.%'"
        if name == TABLES[0]
        else (f"procedure_id IN (SELECT id FROM {TABLES[0]} WHERE code LIKE '9.%')")
    )
    with server.connect() as connection:
        found = connection.execute(f"SELECT * FROM {name} WHERE {condition}")
        columns = [column.name for column in found.description or ()]
        return columns, list(found.fetchall())


def _floor(server: Server) -> tuple[float, float]:
    """Return wall and CPU milliseconds of COPY of the rows into empty tables."""
    told = {name: _rows_of(server, name) for name in TABLES}
    with server.connect() as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for name in TABLES:
            connection.execute(
                f'CREATE TABLE {SCHEMA}."{name}" (LIKE public."{name}" INCLUDING ALL)'
            )
        connection.autocommit = False
        pid = connection.info.backend_pid
        start = (time.perf_counter(), time.thread_time(), tree_ms(pid))
        for name, (columns, rows) in told.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            query = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
                sql.Identifier(SCHEMA), sql.Identifier(name), names
            )
            with connection.cursor().copy(query) as copy:
                for row in rows:
                    copy.write_row([_plain(value) for value in row])
        connection.commit()
        wall = (time.perf_counter() - start[0]) * 1000
        cpu = (time.thread_time() - start[1]) * 1000 + tree_ms(pid) - start[2]
        connection.autocommit = True
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    return wall, cpu


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _clean(server: Server) -> None:
    """Take out what a measurement left; the audit trail keeps its line."""
    with server.connect() as connection:
        connection.execute(
            f"DELETE FROM {TABLES[1]} WHERE procedure_id IN"
            f" (SELECT id FROM {TABLES[0]} WHERE code LIKE '9.%')"
        )
        connection.execute(f"DELETE FROM {TABLES[0]} WHERE code LIKE '9.%'")


def table(found: Measured) -> str:
    """Return the measurement as lines for people."""
    own = found.cpu_ms - found.start_ms
    floor = f"{found.floor_ms:6.0f} ms, CPU {found.floor_cpu_ms:.0f} ms"
    return "\n".join(
        (
            f"{found.rows} procedures",
            f"  import, the whole command     {found.wall_s:6.2f} s",
            f"  CPU of command and database   {found.cpu_ms:6.0f} ms",
            f"  of it the command coming up   {found.start_ms:6.0f} ms",
            f"  floor: the rows by COPY       {floor}",
            f"  CPU, without coming up, to floor {own / max(found.floor_cpu_ms, 1):.1f}",
        )
    )

"""The SQL statements of a life, from PostgreSQL's own log of every statement it executes."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measures import Count
from bench.server import Server

_CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")
_FETCH = re.compile(r"SELECT id, task_name.* FROM procrastinate_fetch_job", re.DOTALL)
_POLLING = re.compile(
    r"SELECT EXISTS \(SELECT FROM|SELECT 1$|UPDATE procrastinate_workers|SELECT job\.id, job\.task"
    r"|UPDATE procrastinate_jobs SET scheduled_at = now"
    r"|SELECT worker_id FROM procrastinate_prune|UPDATE signing_signaturerequest SET tries"
    r"|DELETE FROM audit_pending|SELECT id, at, action|SELECT number, entries"
    r"|INSERT INTO audit_seal|SELECT procrastinate_defer_periodic|DELETE FROM workflow_timer"
)
"""What workers do by the clock: look for events, late signings and timers, beat, seal the trail."""
_SAID = re.compile(r"(?:statement|execute [^:]*): (.*)", re.DOTALL)
_WRITING_SECONDS = 1.0
"""After this long PostgreSQL's collector has written what was executed."""
SETTINGS = {
    "log_statement": "all",
    "log_destination": "jsonlog",
    "log_min_duration_statement": "-1",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Statement:
    """One executed statement. part: web or worker. at: seconds since 1970."""

    part: str
    at: float
    text: str
    process: int

    @property
    def is_control(self) -> bool:
        """Whether it only begins, ends or marks a transaction, or is a pool's empty question."""
        return not self.text or _CONTROL.match(self.text) is not None

    @property
    def is_polling(self) -> bool:
        """Whether it is a worker's looking for work, which it does whether there is any or not."""
        return self.part == "worker" and _POLLING.match(self.text) is not None


@dataclass
class Log:
    """What was executed while it was watched."""

    statements: list[Statement]


@contextmanager
def watched(server: Server) -> Iterator[Log]:
    """Let PostgreSQL log every statement; the log is filled in at the end."""
    log = Log([])
    with server.connect() as connection:
        place = connection.execute("SHOW data_directory").fetchone()
        folder = Path(str(place[0] if place else "")) / "log"
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(_WRITING_SECONDS)
        before = {path: path.stat().st_size for path in folder.glob("*.json")}
        try:
            yield log
            time.sleep(_WRITING_SECONDS)
        finally:
            for name in SETTINGS:
                connection.execute(f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")
        for path in sorted(folder.glob("*.json")):
            log.statements += _read(path, before.get(path, 0))
    log.statements.sort(key=lambda one: one.at)


def _read(path: Path, start: int) -> Iterator[Statement]:
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            found = json.loads(line)
            name = found.get("application_name", "")
            said = _SAID.match(found.get("message", ""))
            if said and name in {"sen web", "sen worker"}:
                at = dt.datetime.fromisoformat(found["timestamp"][:23])  # whole milliseconds
                yield Statement(
                    part=name.removeprefix("sen "),
                    at=at.replace(tzinfo=dt.UTC).timestamp(),
                    text=" ".join(said[1].split()),
                    process=found["pid"],
                )


def counted(statements: Sequence[Statement]) -> Count:
    """Count statements, what a worker does by the clock left out."""
    following: dict[int, Statement] = {}
    plain = every = 0
    for one in reversed(statements):
        after = following.get(one.process)
        following[one.process] = one
        if one.is_polling or _is_in_vain(one, after):
            continue
        every += 1
        plain += not one.is_control
    return Count(plain, every)


def by_the_clock(statements: Sequence[Statement]) -> list[str]:
    """Return the texts that a worker without work executed and that `counted` would count."""
    following: dict[int, Statement] = {}
    found = set()
    for one in reversed(statements):
        after = following.get(one.process)
        following[one.process] = one
        is_known = one.is_polling or one.is_control or _is_in_vain(one, after)
        if one.part == "worker" and not is_known:
            found.add(one.text)
    return sorted(found)


def _is_in_vain(one: Statement, after: Statement | None) -> bool:
    """Tell whether a statement looked for a job and found none, by what its process did next."""
    return _FETCH.match(one.text) is not None and not (after and after.text.startswith("BEGIN"))

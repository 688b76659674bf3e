"""`/metrics` in Prometheus's text form, for this machine and for whoever holds the token.

What the processes count is added up from their files; what the systems measure (queues, ages,
rooms) is asked of the database at most once in ten seconds. Any process answers for all.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from django.conf import settings
from django.db import close_old_connections

from sen.base import metrics
from sen.config.bodies import Receive, Scope, Send
from sen.config.proxies import is_loopback, origin
from sen.kernel.manifest import public as manifest

FOLDER = "run/metrics"
"""Of the home: where processes write what they count."""
KEPT_SECONDS = 10.0
NOT_FOUND, OK = 404, 200
_log = structlog.get_logger(__name__)


class Metrics:
    """A plain ASGI application of one path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.threads = ThreadPoolExecutor(1, "metrics")
        self._lock = threading.Lock()
        self._kept = ""
        self._kept_until = 0.0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        is_allowed = scope["path"] == "/metrics" and may_read(scope)
        status, body = NOT_FOUND, b"not found"
        if is_allowed:
            loop = asyncio.get_running_loop()
            status, body = OK, (await loop.run_in_executor(self.threads, self.text)).encode()
        headers = [
            (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def text(self) -> str:
        """Return everything that is measured."""
        metrics.write(self.folder, "web")
        total, processes = metrics.gather(self.folder)
        return "".join([*_of_processes(total, processes), self._of_systems()])

    def _of_systems(self) -> str:
        with self._lock:
            if time.monotonic() >= self._kept_until:
                try:
                    self._kept = "".join(_of_systems())
                finally:
                    close_old_connections()
                self._kept_until = time.monotonic() + KEPT_SECONDS
            return self._kept


def may_read(scope: Scope) -> bool:
    """Tell whether a request may read: from this machine itself, or with the token.

    Whatever a proxy passed on is not from this machine, wherever the proxy runs.
    """
    came = origin(scope, settings.TRUSTED_PROXIES)
    if is_loopback(came.client) and not came.is_forwarded:
        return True
    token = settings.METRICS_TOKEN
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return bool(token) and secrets.compare_digest(given, b"Bearer " + token.encode())


def _of_processes(total: metrics.Counted, processes: Iterable[metrics.Process]) -> Iterable[str]:
    yield _head("sen_request_seconds", "histogram", "Time from a whole request to its answer")
    for key, numbers in sorted(total.requests.items()):
        method, status, route = key.split(" ", 2)
        labels = {"method": method, "route": route, "status": status}
        count = 0.0
        for bound, number in zip((*metrics.BOUNDS, "+Inf"), numbers, strict=False):
            count += number
            yield _line("sen_request_seconds_bucket", {**labels, "le": str(bound)}, count)
        yield _line("sen_request_seconds_sum", labels, numbers[-1])
        yield _line("sen_request_seconds_count", labels, count)
    yield _head("sen_sql_statements_total", "counter", "Statements sent to PostgreSQL")
    yield _line("sen_sql_statements_total", {}, total.statements)
    yield _head("sen_cpu_seconds_total", "counter", "Processor time of web and worker processes")
    yield _line("sen_cpu_seconds_total", {}, total.cpu_seconds)
    named: dict[str, list[str]] = {}
    for process in processes:
        labels = {"process": process.kind, "pid": str(process.pid)}
        for name, value in process.values.items():
            named.setdefault(name, []).append(_line(f"sen_process_{name}", labels, value))
    for name, lines in sorted(named.items()):
        yield _head(f"sen_process_{name}", "gauge", f"{name.replace('_', ' ')} of a process")
        yield from lines


def _of_systems() -> Iterable[str]:
    for system in manifest.manifests():
        for measure in system.measures:
            try:
                readings = measure.read()
            except Exception:  # noqa: BLE001 - what cannot be measured leaves the rest alone
                _log.warning("metrics.not_measured", measure=measure.name, exc_info=True)
                continue
            yield _head(f"sen_{measure.name}", "gauge", measure.says)
            for labels, value in readings:
                yield _line(f"sen_{measure.name}", labels, value)


def _head(name: str, kind: str, says: str) -> str:
    return f"# HELP {name} {says}\n# TYPE {name} {kind}\n"


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    number = str(int(value)) if float(value).is_integer() else repr(float(value))
    return f"{name}{{{written}}} {number}\n" if written else f"{name} {number}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

"""`/healthz`: this process serves. `/readyz`: it can do its work, for the database answers.

For supervisors and load balancers; no session, no language, no word about the inside. Only whoever
may read `/metrics` is told by `/readyz?verbose` which alarms ring.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, close_old_connections, connection

from sen.config.bodies import Receive, Scope, Send
from sen.config.metrics import may_read
from sen.kernel.manifest import public as manifest

OK, UNAVAILABLE = 200, 503
ALARMS = "alarm_ringing"
"""The measure by which whoever keeps the alarms says which ring."""


class Health:
    """A plain ASGI application with two paths."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1, "health")

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        is_well = True
        if scope["path"] == "/readyz":
            loop = asyncio.get_running_loop()
            is_well = await loop.run_in_executor(self.threads, database_answers)
        body = b"ok" if is_well else b"not ready"
        if is_well and scope["query_string"] == b"verbose" and may_read(scope):
            loop = asyncio.get_running_loop()
            told = await loop.run_in_executor(self.threads, ringing)
            body = "\n".join(["ok", *told]).encode()
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        status = OK if is_well else UNAVAILABLE
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def ringing() -> list[str]:
    """Return a line for each alarm that rings."""
    try:
        return [
            f"rings: {labels['alarm']}"
            for system in manifest.manifests()
            for measure in system.measures
            if measure.name == ALARMS
            for labels, value in measure.read()
            if value
        ]
    finally:
        close_old_connections()


def database_answers() -> bool:
    """Return whether the application's role gets an answer from the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError):
        return False
    else:
        return True
    finally:
        close_old_connections()

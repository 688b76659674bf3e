"""`/healthz`: this process serves. `/readyz`: it can do its work, for the database answers.

For supervisors and load balancers; no session, no language, no word about the inside.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, close_old_connections, connection

from sen.config.bodies import Receive, Scope, Send

OK, UNAVAILABLE = 200, 503


class Health:
    """A plain ASGI application with two paths."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1, "health")

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        is_well = True
        if scope["path"] == "/readyz":
            loop = asyncio.get_running_loop()
            is_well = await loop.run_in_executor(self.threads, database_answers)
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        status = OK if is_well else UNAVAILABLE
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok" if is_well else b"not ready"})


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

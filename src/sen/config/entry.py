"""The one entry of the web: streams and the exchange as plain ASGI, all else as Django's WSGI.

Django's own ASGI handler costs some four times as much a page and a thread a stream; its WSGI
handler runs in a fixed set of threads, and a stream needs none.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Mapping

import structlog
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, close_old_connections, connections
from django.urls import get_resolver

from sen.base import metrics, tracing, warming
from sen.config import draining
from sen.config.bodies import Application, BodyGate, Receive, Scope, Send
from sen.config.health import Health, database_answers
from sen.config.metrics import FOLDER, Metrics
from sen.config.pages import Pages
from sen.kernel.jobs import public as jobs

PAGE_THREADS = int(os.environ.get("SEN_WEB_THREADS", "8"))
TAKES_OVER = os.environ.get("SEN_TAKES_OVER") == "1"
"""Whether other processes serve until this one is ready; the supervisor says so."""
DATABASE_SECONDS = WATCH_SECONDS = 60.0
STREAM_THREADS = 4
"""Together no more than SEN_POOL, or requests would wait for a connection."""
PLAIN: Mapping[str, Application] = {
    **dict.fromkeys(("/healthz", "/readyz"), Health()),
    "/metrics": Metrics(settings.HOME / FOLDER),
}
"""Path prefixes served without Django's handler: health, streams, the exchange gateway."""
_log = structlog.get_logger(__name__)


class Entry:
    """Sends each request to the plain ASGI application of its path, or to Django."""

    def __init__(self, plain: Mapping[str, Application], pages: Pages) -> None:
        self.plain = plain
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "http":
            if draining.is_begun() and scope["http_version"] != "2":
                send = draining.closing(send)
            path = scope["path"]
            for prefix, application in self.plain.items():
                if path.startswith(prefix):
                    await application(scope, receive, send)
                    return
            await self.pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server: heavy parts load behind it, pooled connections close.

        Where others serve meanwhile, all is loaded and tried before the first connection is taken.
        """
        await receive()
        tracing.begin("web")
        if TAKES_OVER:
            await asyncio.get_running_loop().run_in_executor(None, self.prepare)
        await send({"type": "lifespan.startup.complete"})
        _log.info("web.ready", pid=os.getpid())
        metrics.begin(settings.HOME / FOLDER, "web")
        threading.Thread(target=stand_in, name="stand-in", daemon=True).start()
        if not TAKES_OVER:
            warming.begin(with_pages=True)
        await receive()
        self.pages.close()
        tracing.end()
        for connection in connections.all():
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it
        await send({"type": "lifespan.shutdown.complete"})

    def prepare(self) -> None:
        """Load everything, wait for the database, and make the first page for nobody."""
        warming.load_all(with_pages=True)
        until = time.monotonic() + DATABASE_SECONDS
        while not database_answers() and time.monotonic() < until:
            time.sleep(0.5)
        host = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
        self.pages.try_out(path="/", host=host)


def stand_in() -> None:
    """Look each minute after what has to be looked after even where no worker lives."""
    while True:
        time.sleep(WATCH_SECONDS)
        try:
            jobs.watch_without_worker()
        except (DatabaseError, OSError) as error:
            _log.warning("watch.failed", reason=type(error).__name__)
        finally:
            close_old_connections()


def make() -> Application:
    """Return the whole entry."""
    django = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - every view is imported now, or the start fails
    pages = Pages(
        django,
        threads=PAGE_THREADS,
        streams=STREAM_THREADS,
        trusted=settings.TRUSTED_PROXIES,
    )
    return BodyGate(
        Entry(PLAIN, pages),
        limit=settings.BODY_LIMIT,
        upload_limit=settings.UPLOAD_PIECE_LIMIT,
    )

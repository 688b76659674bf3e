"""The one entry of the web: streams and the exchange as plain ASGI, all else as Django's WSGI.

Django's own ASGI handler costs some four times as much a page and a thread a stream; its WSGI
handler runs in a fixed set of threads, and a stream needs none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from sen.base import warming
from sen.config import leash
from sen.config.bodies import Application, BodyGate, Receive, Scope, Send
from sen.config.health import Health
from sen.config.pages import Pages

PAGE_THREADS = int(os.environ.get("SEN_WEB_THREADS", "8"))
STREAM_THREADS = 4
"""Together no more than SEN_POOL, or requests would wait for a connection."""
PLAIN: Mapping[str, Application] = dict.fromkeys(("/healthz", "/readyz"), Health())
"""Path prefixes served without Django's handler: health, streams, the exchange gateway."""


class Entry:
    """Sends each request to the plain ASGI application of its path, or to Django."""

    def __init__(self, plain: Mapping[str, Application], pages: Pages) -> None:
        self.plain = plain
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "http":
            path = scope["path"]
            for prefix, application in self.plain.items():
                if path.startswith(prefix):
                    await application(scope, receive, send)
                    return
            await self.pages(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server: heavy parts load behind it, pooled connections close."""
        await receive()
        await send({"type": "lifespan.startup.complete"})
        warming.begin()
        await receive()
        self.pages.close()
        for connection in connections.all():
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it
        await send({"type": "lifespan.shutdown.complete"})


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


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
leash.tie_if_asked()
application = make()

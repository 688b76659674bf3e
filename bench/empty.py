"""An application that does nothing, behind the same server and the same adapter as Sen's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sen.config.bodies import Receive, Scope, Send
from sen.config.pages import Pages


def _answer(
    _environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]


_pages = Pages(_answer, threads=8, streams=4)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer each request with an empty object."""
    if scope["type"] != "lifespan":
        await _pages(scope, receive, send)
        return
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    _pages.close()
    await send({"type": "lifespan.shutdown.complete"})

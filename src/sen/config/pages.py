"""Django's WSGI handler behind ASGI: a fixed set of threads that slow clients cannot hold.

A thread is taken when the whole request is there and let go when the answer is made; sending it
needs none. Only an answer that Django produces bit by bit keeps a thread, one of its own set.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections

from sen.base import metrics, tracing
from sen.config.bodies import BODY, BUSY, Receive, Scope, Send, refuse
from sen.config.proxies import FORWARDING, Network, origin

PIECE = 256 * 1024
"""Bytes of a file sent at a time."""
WAIT_SECONDS = 10.0
"""How long a request waits for a thread; then it is refused, and nothing of it was done."""
MOST_WAITING = 512
"""How many requests wait for a thread at a time; more are refused at once."""
SEND_SECONDS = 120.0
"""How long one piece of a produced answer may take to leave before its thread is freed."""
JOINED = {"HTTP_COOKIE": "; "}
"""What stands between the values of a header that came more than once; a comma elsewhere."""

ROUTE = "sen.route"
"""Where the pages say in a request's environment which of their addresses it came to."""
NO_ROUTE = "none"
FAULT = 500
Environment = dict[str, Any]
Headers = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    """What the handler returned."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    rest: Any = None
    """The response where not everything is in `body`: a file, or something still to be produced."""

    def start(self, status: str, headers: list[tuple[str, str]], *_: object) -> None:
        """Take status and headers, as a WSGI handler gives them."""
        self.status = int(status[:3])
        self.headers = [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in headers]


class Pages:
    """An ASGI application around a WSGI one."""

    def __init__(
        self,
        handler: Callable[..., Iterable[bytes]],
        *,
        threads: int,
        streams: int,
        trusted: Sequence[Network] = (),
    ) -> None:
        self.handler = handler
        self.trusted = trusted
        self.threads = ThreadPoolExecutor(threads, "page")
        self.streams = ThreadPoolExecutor(streams, "stream")
        self.places = asyncio.Semaphore(threads)
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not await self._have_place():
            metrics.request(scope["method"], NO_ROUTE, BUSY, WAIT_SECONDS)
            await refuse(scope, send, BUSY)
            return
        loop = asyncio.get_running_loop()
        context = Context()
        began = time.perf_counter()
        environ = environment(scope, self.trusted)
        try:
            answer = await loop.run_in_executor(self.threads, context.run, self._answer, environ)
        finally:
            self.places.release()
        route = environ.get(ROUTE, NO_ROUTE)
        metrics.request(scope["method"], route, answer.status, time.perf_counter() - began)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers,
            }
        )
        if answer.rest is None:
            await send({"type": "http.response.body", "body": answer.body})
        else:
            left = loop.create_task(_leaving(receive))
            try:
                if _is_file(answer.rest):
                    await self._send_file(answer.rest, send, left)
                else:
                    deliver = _deliverer(send, loop, left)
                    await loop.run_in_executor(
                        self.streams, context.run, _produce, answer.rest, deliver
                    )
            finally:
                left.cancel()

    def try_out(self, *, path: str, host: str) -> int:
        """Make a page nobody asked for, so that the first who asks need not wait; its status."""
        scope: Scope = {
            "method": "GET", "path": path, "query_string": b"", "http_version": "1.1",
            "headers": [(b"host", host.encode("latin1"))],
        }  # fmt: skip
        asked = self.threads.submit(Context().run, self._answer, environment(scope))
        return asked.result().status

    async def _have_place(self) -> bool:
        """Wait for a thread, first come first served; False where none is free in time."""
        if not self.places.locked():
            return await self.places.acquire()
        if self.waiting >= MOST_WAITING:
            return False
        self.waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await self.places.acquire()
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1

    def close(self) -> None:
        """Let the running requests end and the threads go."""
        self.threads.shutdown()
        self.streams.shutdown()

    def _answer(self, environ: Environment) -> Answer:
        """Run the handler within a span, which knows the address's pattern alone, not the path."""
        method = str(environ["REQUEST_METHOD"])
        method = method if method in metrics.METHODS else "_OTHER"
        with tracing.span(
            method, "server", caller=str(environ.get("HTTP_TRACEPARENT", ""))
        ) as span:
            answer = self._answered(environ)
            route = str(environ.get(ROUTE, NO_ROUTE))
            span.tell(
                f"{method} {route}", http__request__method=method, http__route=route,
                http__response__status_code=answer.status,
            )  # fmt: skip
            if answer.status >= FAULT:
                span.fail(str(answer.status))
        return answer

    def _answered(self, environ: Environment) -> Answer:
        """Run the handler; a complete answer is closed by the thread whose connection it used."""
        answer = Answer()
        response = self.handler(environ, answer.start)
        if getattr(response, "streaming", False):
            answer.rest = response
            close_old_connections()
        else:
            answer.body = b"".join(response)
            _close(response)
        return answer

    async def _send_file(self, response: Any, send: Send, left: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        pieces = _in_pieces(response)
        try:
            while not left.done():
                piece = await loop.run_in_executor(self.threads, next, pieces, b"")
                await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})
                if not piece:
                    break
        finally:
            await loop.run_in_executor(self.threads, _close, response)


def environment(scope: Scope, trusted: Sequence[Network] = ()) -> Environment:
    """Return a request as WSGI describes it; a body without a length is given its length.

    trusted: the proxies whose word on their client is believed.
    """
    body = scope.get(BODY)
    came = origin(scope, trusted)
    host, port = scope.get("server") or ("localhost", 80)
    root = scope.get("root_path", "")
    found: Environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _latin(root),
        "PATH_INFO": _latin(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": came.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": came.scheme,
        "wsgi.input": body.file if body else io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name or raw_name in FORWARDING:
            continue  # with _ it would pass for the header with a hyphen that a proxy has checked
        name = raw_name.decode("latin1").upper().replace("-", "_")
        if name not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = f"HTTP_{name}"
        value = raw_value.decode("latin1")
        found[name] = f"{found[name]}{JOINED.get(name, ',')}{value}" if name in found else value
    found["CONTENT_LENGTH"] = str(body.size) if body else "0"
    return found


def _latin(text: str) -> str:
    """Return text as WSGI wants it: its UTF-8 bytes, each a character."""
    return text.encode().decode("latin1")


def _is_file(response: Any) -> bool:
    return getattr(response, "file_to_stream", None) is not None


def _in_pieces(response: Iterable[bytes]) -> Iterator[bytes]:
    """Return a file's bytes in pieces worth a hop to a thread."""
    pieces: list[bytes] = []
    size = 0
    for part in response:
        pieces.append(part)
        size += len(part)
        if size >= PIECE:
            yield b"".join(pieces)
            pieces, size = [], 0
    if size:
        yield b"".join(pieces)


def _deliverer(
    send: Send, loop: asyncio.AbstractEventLoop, left: asyncio.Task[None]
) -> Callable[[bytes, bool], bool]:
    """Return what sends a piece from another thread, and False once the client has left."""

    async def send_piece(body: bytes, more: bool) -> None:  # noqa: FBT001 - as ASGI says it
        await send({"type": "http.response.body", "body": body, "more_body": more})

    def deliver(body: bytes, more: bool) -> bool:  # noqa: FBT001 - as ASGI says it
        asyncio.run_coroutine_threadsafe(send_piece(body, more), loop).result(SEND_SECONDS)
        return not left.done()

    return deliver


def _produce(response: Any, deliver: Callable[[bytes, bool], bool]) -> None:
    """Send what the response yields, in one thread from the first row to the last."""
    try:
        if all(deliver(piece, True) for piece in response):
            deliver(b"", False)
    finally:
        _close(response)


async def _leaving(receive: Receive) -> None:
    """End when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _close(response: Any) -> None:
    close = getattr(response, "close", None)
    if close:
        close()

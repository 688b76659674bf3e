"""The door: how much a request may bring, said before anything of it is read.

A body within its limit is taken in whole before a thread is given to it, so that a slow phone in
the hills, or somebody who sends a byte a second, never holds one of the few threads.
"""

from __future__ import annotations

import asyncio
import io
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import IO, Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY = "sen.body"
"""Where a request's scope holds its `Body`."""
UPLOAD_SEGMENTS = frozenset({"tep", "files"})
"""A path with one of these segments takes a file or a piece of one; pages say `tep`."""
FORM_WITH_FILES = b"multipart/form-data"
"""What a page without script sends a file as."""
MEMORY = 256 * 1024
"""Bytes of a body kept in memory; the rest goes to a nameless file."""
PIECE = 64 * 1024
BODY_SECONDS = 300.0
"""How long a body may take: 8 MiB at 30 kB a second."""
TOO_LARGE, TOO_SLOW, BUSY = 413, 408, 503
RETRY_SECONDS = 5
"""When whoever was told that all is busy may ask again."""
REFUSALS = {
    BUSY: (
        "busy",
        "Hệ thống đang quá tải; yêu cầu chưa được xử lý, xin thử lại sau vài giây",
        "Too busy, nothing was done; try again in a few seconds",
    ),
    TOO_LARGE: ("too_large", "Nội dung gửi lên quá lớn", "Content too large"),
    TOO_SLOW: ("too_slow", "Gửi quá chậm, xin thử lại", "Request timeout"),
}


class Refused(Exception):
    """A body that is not taken; status is the answer's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ClientLeft(Exception):
    """The client went away in the middle of its body."""


@dataclass(frozen=True)
class Body:
    """The whole body of a request, at its beginning."""

    file: IO[bytes]
    size: int


class BodyGate:
    """Refuses large bodies at the door and hands the others on whole."""

    def __init__(self, application: Application, *, limit: int, upload_limit: int) -> None:
        self.application = application
        self.page_limit = limit
        self.upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = self.limit(scope)
        try:
            body = await _take(scope, receive, limit)
        except Refused as refusal:
            await refuse(scope, send, refusal.status, limit)
        except ClientLeft:
            return
        else:
            scope[BODY] = body
            with body.file:
                await self.application(scope, _Replay(body, receive), send)

    def limit(self, scope: Scope) -> int:
        """Return how many bytes this request may bring: a form with files more than one without."""
        is_upload = not UPLOAD_SEGMENTS.isdisjoint(scope["path"].split("/")) or any(
            name == b"content-type" and value.startswith(FORM_WITH_FILES)
            for name, value in scope["headers"]
        )
        return self.upload_limit if is_upload else self.page_limit


class _Replay:
    """Gives a body that was taken in to an application that asks for it."""

    def __init__(self, body: Body, receive: Receive) -> None:
        self.body = body.file
        self.receive = receive
        self.is_given = False

    async def __call__(self) -> Message:
        if self.is_given:
            return await self.receive()
        data = self.body.read(PIECE)
        self.is_given = len(data) < PIECE
        return {"type": "http.request", "body": data, "more_body": not self.is_given}


def _length(scope: Scope) -> tuple[int, bool]:
    """Return the declared length of the body and whether one comes without a length."""
    declared, is_chunked = 0, False
    for name, value in scope["headers"]:
        if name == b"content-length":
            declared = int(value) if value.isdigit() else 0
        elif name == b"transfer-encoding":
            is_chunked = True
    # HTTP/2 has no transfer-encoding: a body may come without either header.
    return declared, is_chunked or (scope["http_version"] == "2" and not declared)


async def _take(scope: Scope, receive: Receive, limit: int) -> Body:
    """Return the whole body at its beginning.

    Raises Refused if it is or grows too large or takes too long, ClientLeft if it breaks off.
    """
    declared, is_chunked = _length(scope)
    if declared > limit:
        raise Refused(TOO_LARGE)
    if not declared and not is_chunked:
        return Body(io.BytesIO(), 0)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - returned open
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for data in _pieces(receive):
                if file.tell() + len(data) > limit:
                    raise Refused(TOO_LARGE)  # noqa: TRY301 - the file is closed on every way out
                file.write(data)
    except BaseException as error:
        file.close()
        if isinstance(error, TimeoutError):
            raise Refused(TOO_SLOW) from None
        raise
    size = file.tell()
    file.seek(0)
    return Body(file, size)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    """Yield the parts of a body. Raises ClientLeft if it breaks off."""
    is_more = True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientLeft
        yield message.get("body", b"")
        is_more = message.get("more_body", False)


async def refuse(scope: Scope, send: Send, status: int, limit: int = 0) -> None:
    """Answer with problem+json to programs and a small page to people, and close the line."""
    code, vietnamese, english = REFUSALS[status]
    accepts = b",".join(value for name, value in scope["headers"] if name == b"accept")
    if scope["path"].startswith("/api/") or b"text/html" not in accepts:
        kind = b"application/problem+json"
        problem = {
            "type": f"urn:sen:problem:{code}",
            "title": english,
            "status": status,
            "detail": vietnamese,
            "code": code,
        }
        if status == TOO_LARGE:
            problem["limit_bytes"] = limit
        body = json.dumps(problem, ensure_ascii=False).encode()
    else:
        kind = b"text/html; charset=utf-8"
        most = f" (tối đa · at most {limit // 2**20} MB)" if status == TOO_LARGE else ""
        body = (
            f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{vietnamese}</title>'
            f"<h1>{vietnamese}{most}</h1><p>{english}.</p>"
        ).encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    if status == BUSY:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    if scope["http_version"] == "2":
        headers = [pair for pair in headers if pair[0] != b"connection"]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

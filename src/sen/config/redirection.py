"""The plain port: sends browsers on to https, and shows a certificate authority its proof.

`python -m sen.config.redirection HOST PORT TARGET FOLDER`. Standard library only. FOLDER holds what
an ACME client puts under `/.well-known/acme-challenge/` (certbot: `--webroot -w FOLDER`).
"""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

PROOF = re.compile(r"/\.well-known/acme-challenge/([A-Za-z0-9_-]{1,200})")
LINE = re.compile(r"[A-Z]{1,10} (/[\x21-\x7e]{0,4000}) HTTP/1\.[01]")
PROOF_BYTES = 4096
HEAD_BYTES = 16 * 1024
SECONDS = 10.0


def answer(head: bytes, *, target: str, folder: Path) -> bytes:
    """Return the answer to a request's head. target: where Sen is, "https://host"."""
    line = head.split(b"\r\n", 1)[0].decode("latin1")
    asked = LINE.fullmatch(line)
    if not asked:
        return _response("400 Bad Request")
    path = asked[1]
    proof = PROOF.fullmatch(path)
    if proof:
        file = folder / ".well-known" / "acme-challenge" / proof[1]
        if file.is_file():
            return _response("200 OK", body=file.read_bytes()[:PROOF_BYTES])
        return _response("404 Not Found")
    return _response("308 Permanent Redirect", f"Location: {target}{path}\r\n")


def _response(status: str, headers: str = "", body: bytes = b"") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\n{headers}Content-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("latin1") + body


async def serve(host: str, port: int, target: str, folder: Path) -> None:
    """Answer until told to end."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(answer(head, target=target, folder=folder))
                await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # whoever speaks no HTTP, or not to the end, gets no answer
        finally:
            writer.close()

    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with await asyncio.start_server(meet, host, port, limit=HEAD_BYTES):
        await ended.wait()


if __name__ == "__main__":
    _host, _port, _target, _folder = sys.argv[1:]
    asyncio.run(serve(_host, int(_port), _target, Path(_folder)))

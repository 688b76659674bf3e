"""How a serving process leaves without a client's noticing.

First it takes no new connection: the others, who share the socket, do. Then each answer asks for
its connection to be closed, so that a client opens the next one with somebody who stays. A moment
later nothing is left but connections that nobody uses, and the end cuts none in the middle.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from contextlib import suppress
from pathlib import Path

from sen.config.bodies import Message, Send
from sen.config.web_server import LISTENING

CLOSE = (b"connection", b"close")
_begun = threading.Event()


def is_begun() -> bool:
    """Return whether this process is leaving."""
    return _begun.is_set()


def begin_on_signal() -> None:
    """Drain at SIGUSR1, in a process that serves; called once, by its main thread."""
    if LISTENING in os.environ:
        signal.signal(signal.SIGUSR1, lambda *_: begin(int(os.environ[LISTENING])))


def begin(listening: int) -> None:
    """Take no new connection from the listening socket from now on."""
    _begun.set()
    leave(listening)


def leave(listening: int) -> None:
    """Let no event loop of this process hear of connections to a socket any more.

    The server has no word for this: it takes until it closes, and with it whoever had come in but
    not yet spoken. The socket itself stays open; it is the supervisor's.
    """
    inode = os.fstat(listening).st_ino
    for place in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if str(place.readlink()) == "anon_inode:[eventpoll]":
                _forget(int(place.name), inode)


def _forget(loop: int, inode: int) -> None:
    """Take the descriptors of a file out of an event loop's list."""
    for line in Path(f"/proc/self/fdinfo/{loop}").read_text(encoding="ascii").splitlines():
        words = line.split()
        if words[:1] == ["tfd:"] and f"ino:{inode:x}" in words:
            with select.epoll.fromfd(os.dup(loop)) as events:
                events.unregister(int(words[1]))


def closing(send: Send) -> Send:
    """Return what sends an answer and asks for the connection to be closed after it."""

    async def send_closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0] != CLOSE[0]]
            message = {**message, "headers": [*kept, CLOSE]}
        await send(message)

    return send_closing

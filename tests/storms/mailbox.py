"""A mail server on loopback that takes everything, can be away, and keeps what it took."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    to: str
    id: str
    text: str


class Mailbox:
    """The server; its port stays the same while it is away."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.lines = 0
        self._server: socketserver.ThreadingTCPServer | None = None
        self.port = 0
        self.come_back()

    def come_back(self) -> None:
        box = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                box.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", self.port), Talk)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def go_away(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @contextmanager
    def away(self) -> Iterator[None]:
        self.go_away()
        try:
            yield
        finally:
            self.come_back()

    def talk(self, line: socketserver.StreamRequestHandler) -> None:
        self.lines += 1
        to = ""

        def say(words: str) -> None:
            line.wfile.write(f"{words}\r\n".encode())

        say("220 ready")
        while asked := line.rfile.readline(4096).decode().strip():
            verb = asked[:4].upper()
            if verb == "RCPT":
                to = asked.partition("<")[2].partition(">")[0]
            if verb == "DATA":
                say("354 go on")
                self._keep(to, b"".join(iter(line.rfile.readline, b".\r\n")))
            say("221 bye" if verb == "QUIT" else "250 OK")
            if verb == "QUIT":
                return

    def _keep(self, to: str, data: bytes) -> None:
        letter = email.message_from_bytes(data, policy=email.policy.default)
        body = letter.get_body()
        self.letters.append(Letter(to, letter["Message-ID"], body.get_content() if body else ""))

"""An object store that speaks S3 over a real socket, and a way to it that can be broken."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

KEY, SECRET, BUCKET = "sen", "storage-secret-of-a-test", "giay-to"
PREFIX = "sen/files"
START_SECONDS = 20.0
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


class ObjectStore:
    """The server: a process of its own that checks every signature, with one bucket."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sen-store-")
        self.root = Path(self._folder.name)
        (self.root / "data" / BUCKET).mkdir(parents=True)
        users = self.root / "users.toml"
        users.write_text(f'[[users]]\naccess_key = "{KEY}"\nsecret_key = "{SECRET}"\n')
        self.port = free_port()
        words = ["serve", "--options", str(users), "--data-dir", str(self.root / "data")]
        words += ["--host", HOST, "--port", str(self.port), "--no-access-log"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nanio", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < until, "the object store does not start"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}/", timeout=1):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()


class Way:
    """A relay to the server. how: open, away, slow, cut (after some bytes each way), wrong."""

    CUT_AFTER, CUT_BACK_AFTER = 800, 200
    SLOW_SECONDS = 30.0

    def __init__(self, port: int) -> None:
        self._to = port
        self.how = "open"
        self.asked = 0
        self._is_over = threading.Event()
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def end(self) -> None:
        self._is_over.set()
        self._listening.close()

    def _accept(self) -> None:
        while not self._is_over.is_set():
            try:
                client, _from = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Relay one connection; every fault also ends those that were open before it."""
        with client, contextlib.suppress(OSError):
            if self.how == "away":
                return
            with socket.create_connection((HOST, self._to)) as server:
                back = threading.Thread(target=self._pass_on, args=(server, client), daemon=True)
                back.start()
                self._ask(client, server)

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        sent = 0
        while data := client.recv(65536):
            self.asked += data.count(b" HTTP/1.1\r\n")
            how = self.how
            if how == "away":
                return
            if how == "slow":
                self._is_over.wait(self.SLOW_SECONDS)
                return
            if how == "wrong":
                page = b"<html>Please sign in to this network</html>"
                head = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: %d\r\n\r\n'
                client.sendall(head % len(page) + page)
                return
            sent += len(data)
            if how == "cut" and sent > self.CUT_AFTER:
                return
            server.sendall(data)

    def _pass_on(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self.how == "cut":
                    client.sendall(data[: self.CUT_BACK_AFTER])
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(data)

"""What a request costs that does nothing, behind the same server and adapter as Sen's own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.cast import Person
from bench.client import Client, Refused
from bench.processes import tree_ms
from bench.server import ROOT

WARM_REQUESTS = 100
REQUESTS = 1500
START_SECONDS = 20


def empty_ms() -> float:
    """Return the server's CPU time of one request that does nothing."""
    with _empty_server() as (pid, client):
        for _request in range(WARM_REQUESTS):
            client.get("empty", "/")
        before = tree_ms(pid)
        for _request in range(REQUESTS):
            client.get("empty", "/")
        return (tree_ms(pid) - before) / REQUESTS


@contextmanager
def _empty_server() -> Iterator[tuple[int, Client]]:
    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
            "--port", str(port), "--no-ws", "--log-level", "warning", "bench.empty:application",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    nobody = Person(account="", name="", number="", token="-", session="")  # noqa: S106 - no token
    client = Client(f"http://127.0.0.1:{port}", nobody, by_session=False)
    try:
        _until_it_answers(client)
        yield process.pid, client
    finally:
        client.close()
        process.terminate()
        process.wait(START_SECONDS)


def _until_it_answers(client: Client) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            client.get("empty", "/")
        except Refused:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

"""Where the processes of a home listen: free ports, the same ones at the next start."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sen.config.home import CannotStart, write

PREFERRED_PORT = 8000
LOOPBACK = "127.0.0.1"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound
SERVER_ERROR = 500


@dataclass(frozen=True)
class Address:
    """A host and port that something listens on."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """The host by which this machine reaches it."""
        return LOOPBACK if self.host in EVERYWHERE else self.host

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = "localhost" if self.reachable_host == LOOPBACK else self.reachable_host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def choose(home: Path, name: str, host: str, *, port: int | None, preferred: int = 0) -> Address:
    """Return a free address: the asked port, else the last one, else the preferred, else any.

    name: under which the port is remembered in this home. Raises CannotStart if the asked port is
    taken, or the host is not this machine's.
    """
    ports = _remembered(home)
    last = [ports[name]] if name in ports else []
    candidates = [port] if port else [*last, preferred, 0]
    error: OSError | None = None
    for candidate in candidates:
        try:
            chosen = _free(host, candidate)
        except OSError as failure:
            error = failure
            continue
        if ports.get(name) != chosen:
            write(_file(home), json.dumps({**ports, name: chosen}))
        return Address(host, chosen)
    raise CannotStart(
        f"Không mở được {host}:{candidates[0]} · cannot listen there: "
        f"{error.strerror if error else ''}"
    )


@contextmanager
def held(
    home: Path, name: str, host: str, *, port: int | None, preferred: int = 0
) -> Iterator[Address]:
    """Choose an address for the web as `choose` does, and keep all other installations off it.

    The web server shares its port among its processes (SO_REUSEPORT), and so it would with another
    installation's that started in the same seconds: each would answer the other's clients. A socket
    that is bound but does not listen shows that the port has an owner, and lets our server in.
    """
    with _one_at_a_time():
        address = choose(home, name, host, port=port, preferred=preferred)
        family, _, _, _, place = _place(host, address.port)
        keeping = socket.socket(family, socket.SOCK_STREAM)
        keeping.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with suppress(OSError):  # connections of another program's last minute are in its way
            keeping.bind(place)
    with keeping:
        yield address


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one installation of this user choose at a time."""
    path = Path(tempfile.gettempdir()) / f"sen-ports-{os.getuid()}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def answers(address: Address, path: str, *, timeout: float = 2.0) -> bool:
    """Return whether a web server there answers the path without an error of its own."""
    connection = http.client.HTTPConnection(address.reachable_host, address.port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def names_of_this_machine(host: str) -> list[str]:
    """Return the names and addresses under which browsers may call a server on this host."""
    names = ["localhost", LOOPBACK, "[::1]"]
    if host not in EVERYWHERE:
        return [*names, host] if host not in names else names
    own = socket.gethostname()
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(own, None)}
    except OSError:
        found = set()
    shown = [f"[{item}]" if ":" in item else item for item in sorted(found)]
    return list(dict.fromkeys([*names, own, socket.getfqdn(), *shown]))


def _free(host: str, port: int) -> int:
    """Return the port if nobody listens on it, a free one for 0."""
    family, _, _, _, place = _place(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        return int(listener.getsockname()[1])


def _place(host: str, port: int) -> tuple[Any, ...]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]


def _file(home: Path) -> Path:
    return home / "run" / "ports.json"


def _remembered(home: Path) -> dict[str, int]:
    try:
        ports = json.loads(_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return ports if isinstance(ports, dict) else {}

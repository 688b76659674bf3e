"""Where the processes of a home listen: free ports, the same ones at the next start."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sen.config.home import CannotStart, write

PREFERRED_PORT = 8000
LOOPBACK = "127.0.0.1"
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound
SERVER_ERROR = 500
WAITING = 1024
"""How many connections wait at most to be taken."""


@dataclass(frozen=True)
class Address:
    """A host and port that something listens on."""

    host: str
    port: int
    is_secure: bool = False

    @property
    def reachable_host(self) -> str:
        """The host by which this machine reaches it."""
        return LOOPBACK if self.host in EVERYWHERE else self.host

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        host = "localhost" if self.reachable_host == LOOPBACK else self.reachable_host
        scheme = "https" if self.is_secure else "http"
        return (
            f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"
        )


@dataclass(frozen=True)
class Tls:
    """A certificate with its chain, and its key, as PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Listening:
    """A socket that listens at an address. tls: what its connections are secured with."""

    address: Address
    socket: socket.socket
    tls: Tls | None = None


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
    home: Path,
    host: str,
    *,
    port: int | None,
    preferred: int = PREFERRED_PORT,
    tls: Tls | None = None,
) -> Iterator[Listening]:
    """Choose an address for the web as `choose` does, and listen there for all its processes.

    From here on nobody who comes is refused: connections wait until a process takes them. Raises
    CannotStart.
    """
    with _one_at_a_time():
        address = choose(home, "web", host, port=port, preferred=preferred)
        family, _, _, _, place = _place(host, address.port)
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(place)
            listener.listen(WAITING)
        except OSError as error:
            listener.close()
            raise CannotStart(
                f"Không mở được {host}:{address.port} · cannot listen there: {error.strerror}"
            ) from error
    listener.setblocking(False)
    with listener:
        yield Listening(replace(address, is_secure=tls is not None), listener, tls)


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
    place = (address.reachable_host, address.port)
    connection = (
        http.client.HTTPSConnection(*place, timeout=timeout, context=_unchecked())
        if address.is_secure
        else http.client.HTTPConnection(*place, timeout=timeout)
    )
    try:
        connection.request("GET", path)
        return connection.getresponse().status < SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _unchecked() -> ssl.SSLContext:
    """Return how this machine speaks to itself: under a name its certificate does not have."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


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

"""The web server's program: granian on a listening socket that the supervisor holds.

`python -m sen.config.web_server --fd N …`. The socket outlives this program: while one set of
processes is exchanged for another, connections wait in one queue and none is refused or cut.

SIGUSR1 lets its processes drain: they take no new connection and ask for those they have to be
closed. SIGTERM ends them when what runs is done.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import signal
import socket
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]  # not re-exported
from granian.server.mp import MPServer

LISTENING = "SEN_LISTENING"
"""In the environment of a serving process: the descriptor of the socket it takes from."""
BACKLOG = 1024
LINES = 8192
"""Open lines a process holds, most of them idle; granian would stop taking more at 1,024."""
RESPAWN_SECONDS = 0.5


class Server(MPServer):
    """Granian's server of several processes, which all take from one given socket."""

    def __init__(self, descriptor: int, *, workers: int, stop_seconds: int) -> None:
        super().__init__(
            "sen.config.asgi:application",
            interface=Interfaces.ASGI,
            http=HTTPModes.auto,
            workers=workers,
            websockets=False,
            backlog=BACKLOG,
            backpressure=LINES,
            respawn_failed_workers=workers > 1,
            respawn_interval=RESPAWN_SECONDS,
            workers_kill_timeout=stop_seconds,
            log_level=LogLevels.warning,
        )
        self._descriptor = descriptor

    def secure(self, certificate: Path, key: Path) -> None:
        """Speak TLS 1.2 or newer with a certificate; the processes read it when they start."""
        self.build_ssl_context(certificate, key, None, SSLProtocols.tls12, None, [], False)

    def drain(self, *_: object) -> None:
        """Pass the wish to drain on to the serving processes."""
        for worker in self.wrks:
            pid = worker.inner.pid
            if pid is not None and worker.inner.is_alive():
                os.kill(pid, signal.SIGUSR1)

    def _init_shared_socket(self) -> None:
        """Take the given socket where granian would open one for each process."""
        self._sso = socket.socket(fileno=self._descriptor)
        self._shd = SocketHolder(self._descriptor, False, BACKLOG)  # type: ignore[call-arg, assignment]  # its stub lags
        self._ssp = None


def main() -> None:
    """Serve until asked to stop."""
    parser = argparse.ArgumentParser(prog="python -m sen.config.web_server", description=__doc__)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--stop-seconds", type=int, default=15)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    told = parser.parse_args()
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each line is a descriptor
    multiprocessing.set_start_method("fork")  # the socket is inherited
    os.environ[LISTENING] = str(told.fd)
    server = Server(told.fd, workers=told.workers, stop_seconds=told.stop_seconds)
    if told.certificate and told.key:
        server.secure(told.certificate, told.key)
    signal.signal(signal.SIGUSR1, server.drain)
    server.serve()


if __name__ == "__main__":
    main()

"""`python -m simulators`: all stand-ins on one port."""

from __future__ import annotations

import argparse
import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from simulators.site import all_stand_ins, application


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request; a slow answer holds back nobody else."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes no line a request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def server(host: str, port: int) -> Server:
    """Return the server of all stand-ins, listening; port 0 takes a free one."""
    stand_ins = all_stand_ins(
        client=os.environ.get("SEN_NATIONAL_IDENTITY_CLIENT", "sen"),
        secret=os.environ.get("SEN_NATIONAL_IDENTITY_SECRET", ""),
        registries=(
            os.environ.get("SEN_REGISTRIES_ACCOUNT", "sen"),
            os.environ.get("SEN_REGISTRIES_SECRET", ""),
        ),
        residence=os.environ.get("SEN_RESIDENCE_SECRET", ""),
        callers=(os.environ.get("SEN_PUBLIC_URL", "http://localhost:8000"),),
    )
    return make_server(host, port, application(stand_ins), Server, Quiet)


def main() -> None:
    """Serve until interrupted."""
    words = argparse.ArgumentParser(prog="simulators", description=__doc__)
    words.add_argument("--host", default="127.0.0.1")
    port = int(os.environ.get("SEN_SIMULATORS_PORT", "8090"))
    words.add_argument("--port", type=int, default=port)
    told = words.parse_args()
    with server(told.host, told.port) as serving:
        print(f"simulators: http://{told.host}:{serving.server_port}/", flush=True)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()

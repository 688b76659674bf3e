"""The stand-in of the system of residence on loopback, and a dossier on its way there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import make_server

from simulators.__main__ import Quiet, Server
from simulators.residence.site import Residence
from simulators.site import application

SECRET = "bi-mat-cu-tru"


@contextmanager
def standing_in(settings: Any, *, slow_seconds: float = 12) -> Iterator[Residence]:
    """Serve the stand-in on loopback and point Sen at it."""
    stand_in = Residence(secret=SECRET, slow_seconds=slow_seconds)
    site = application({"residence": stand_in})
    with make_server("127.0.0.1", 0, site, Server, Quiet) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{serving.server_port}/residence"
        settings.SETTLED_ELSEWHERE = {"residence": (url, SECRET)}
        yield stand_in
        serving.shutdown()

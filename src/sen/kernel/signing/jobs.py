"""Work that the worker does for signing again and again."""

from __future__ import annotations

from sen.base import clock
from sen.kernel.signing.services import requests


def sweep() -> int:
    """Take up the requests whose process died; return how many."""
    return requests.sweep(at=clock.now())

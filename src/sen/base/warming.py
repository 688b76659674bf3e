"""What a serving process loads after its start, so that nobody waits for it at the first use.

Heavy libraries are imported inside the functions that need them: a command starts without them.
The web and the worker name themselves ready first, then warm up in a thread of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)
_loads: dict[str, Callable[[], object]] = {}


def register(name: str, load: Callable[[], object]) -> None:
    """Register what loads something heavy; `load` may be called at any time and more than once."""
    _loads[name] = load


def begin() -> threading.Thread:
    """Load everything that is registered, in a daemon thread, and return the thread.

    What cannot be loaded is logged and leaves the rest alone: its first user gets the error.
    """
    thread = threading.Thread(target=load_all, name="warming", daemon=True)
    thread.start()
    return thread


def load_all() -> None:
    """Load everything that is registered, now."""
    for name, load in list(_loads.items()):
        try:
            load()
        except Exception:  # noqa: BLE001 - logged whole; whoever needs the part meets the error
            _log.exception("warming.failed", part=name)

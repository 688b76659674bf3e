"""What a serving process loads after its start, so that nobody waits for it at the first use.

Heavy libraries are imported inside the functions that need them: a command starts without them.
The web and the worker name themselves ready first, then warm up in a thread of their own.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import structlog

_log = structlog.get_logger(__name__)
_loads: dict[str, Callable[[], object]] = {}
_for_pages: set[str] = set()


def register(name: str, load: Callable[[], object], *, for_pages: bool = False) -> None:
    """Register what loads something heavy; `load` may be called at any time and more than once.

    for_pages: whether only processes that answer people need it, and a worker does not.
    """
    _loads[name] = load
    (_for_pages.add if for_pages else _for_pages.discard)(name)


def begin(*, with_pages: bool = False) -> threading.Thread:
    """Load everything that is registered, in a daemon thread, and return the thread.

    with_pages: also what only pages need.

    What cannot be loaded is logged and leaves the rest alone: its first user gets the error.
    """
    thread = threading.Thread(
        target=load_all, kwargs={"with_pages": with_pages}, name="warming", daemon=True
    )
    thread.start()
    return thread


def load_all(*, with_pages: bool = False) -> None:
    """Load everything that is registered, now. with_pages: also what only pages need."""
    for name, load in list(_loads.items()):
        if name in _for_pages and not with_pages:
            continue
        try:
            load()
        except Exception:  # noqa: BLE001 - logged whole; whoever needs the part meets the error
            _log.exception("warming.failed", part=name)
    settle()


def settle() -> None:
    """Let what was loaded so far never be looked at as garbage.

    It lives as long as the process, and looking through it again and again took a sixth of a page.
    """
    gc.collect()
    gc.freeze()

"""Lets few threads wait for somebody outside, and none while they have just not answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sen.kernel.files.adapters.storage import StorageAway

AT_ONCE, PATIENCE_SECONDS = 4, 1.0
"""How many threads of a process may wait for the storage, and how long others wait for a place."""
PAUSE_SECONDS = 3.0
"""After a failure all others are refused at once for so long."""


class Gate:
    """The gate of one storage in this process: its other threads go on while it is shut."""

    def __init__(self) -> None:
        """Open the gate."""
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._shut_until = 0.0

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Hold a place. Raises StorageAway where none is free in time, or the gate is shut."""
        self._look()
        if not self._places.acquire(timeout=PATIENCE_SECONDS):
            raise StorageAway
        try:
            self._look()
            yield
        finally:
            self._places.release()

    def shut(self) -> None:
        """Let nobody wait for a moment: it has just not answered."""
        self._shut_until = time.monotonic() + PAUSE_SECONDS

    def _look(self) -> None:
        if time.monotonic() < self._shut_until:
            raise StorageAway

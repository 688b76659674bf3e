"""A bell that wakes one sleeper and is not missed by one who is just lying down."""

from __future__ import annotations

import threading


class Bell:
    """Counts its rings: whoever remembers the count from before looking misses none."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        return self._rings

    def ring(self, *, everyone: bool = False) -> None:
        """Wake one sleeper, or everyone."""
        with self._condition:
            self._rings += 1
            if everyone:
                self._condition.notify_all()
            else:
                self._condition.notify()

    def sleep(self, *, since: int, seconds: float) -> None:
        """Sleep until the bell rings, has rung since that count, or the time is over."""
        with self._condition:
            if self._rings == since:
                self._condition.wait(seconds)

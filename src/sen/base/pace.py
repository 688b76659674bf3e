"""How often somebody may ask for what costs little: counted in memory, stored nowhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from sen.base.errors import TooMany


class Pace:
    """So many times in so many seconds for each one who asks, in each process by itself.

    For what only guards the processor. What guards secrets is counted in the database instead.
    """

    def __init__(
        self, *, most: int, seconds: float, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._tick = most, seconds, tick
        self._window = -1
        self._counts: Counter[str] = Counter()

    def note(self, who: str) -> None:
        """Count one time. Raises TooMany past the most, until the seconds are over."""
        window = int(self._tick() // self._seconds)
        if window != self._window:
            self._window, self._counts = window, Counter()
        self._counts[who] += 1
        if self._counts[who] > self._most:
            raise TooMany

"""kill -9 at random moments: web, its serving process, worker, PostgreSQL, supervisor."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from tests.storms.installation import Installation

AT_ONCE = 0.3
"""How often a kill hits what is still recovering from the one before."""
RECOVERY_SECONDS = 60.0
VICTIMS = ("web", "serving", "worker", "postgresql", "supervisor")


class Chaos(threading.Thread):
    """Kills, a deck of victims after the other, until it is told to end.

    pause: mean seconds between two kills. most: how many kills there are at most, so that the
    storm ends on a slow machine too.
    """

    def __init__(
        self, demo: Installation, chance: random.Random, *, pause: float, most: int
    ) -> None:
        super().__init__(name="chaos")
        self.demo, self.chance, self.pause, self.most = demo, chance, pause, most
        self.kills: Counter[str] = Counter()
        self.story: list[str] = []
        self.failure: BaseException | None = None
        self._is_over = threading.Event()
        self._began = time.monotonic()

    def run(self) -> None:
        deck: list[str] = []
        try:
            while sum(self.kills.values()) < self.most and not self._is_over.wait(
                self.chance.expovariate(1 / self.pause)
            ):
                if self.chance.random() > AT_ONCE:
                    self._let_recover()
                if not deck:
                    deck = list(VICTIMS)
                    self.chance.shuffle(deck)
                if not self._is_over.is_set():
                    self._kill(deck.pop())
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self.failure = error

    def end(self) -> None:
        """Stop killing and wait until what is being restarted runs."""
        self._is_over.set()
        self.join()
        if self.failure is not None:
            raise self.failure

    def _let_recover(self) -> None:
        """Wait until pages are served again, and then for another random moment."""
        until = time.monotonic() + RECOVERY_SECONDS
        while not self.demo.answers("/readyz") and time.monotonic() < until:
            if self._is_over.wait(0.2):
                return
        self._is_over.wait(self.chance.expovariate(1 / self.pause))

    def _kill(self, victim: str) -> None:
        pid = self._pid(victim)
        if pid is None:
            return
        self.kills[victim] += 1
        self.story.append(f"{time.monotonic() - self._began:.1f}s {victim}")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if victim == "supervisor":
            self.demo.restart()

    def _pid(self, victim: str) -> int | None:
        """Return the process to kill, None while it does not run."""
        try:
            if victim == "supervisor":
                return self.demo.process.pid if self.demo.process else None
            if victim == "postgresql":
                return self.demo.postmaster
            pid = self.demo.pid("web" if victim == "serving" else victim)
            if pid is None or victim != "serving":
                return pid
            listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            return int(listed[0]) if listed else None
        except (OSError, ValueError, KeyError):
            return None

"""What Sen tells the system's service manager, where one started it (sd_notify)."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress


class Service:
    """The service manager's ear; without one, nothing is said."""

    def __init__(self) -> None:
        self._place = os.environ.pop("NOTIFY_SOCKET", "")
        watchdog = os.environ.pop("WATCHDOG_USEC", "")
        self._beat_seconds = int(watchdog) / 4e6 if watchdog.isdigit() else None
        self._beat_at = 0.0

    def ready(self, status: str) -> None:
        """Say that everything runs."""
        self._say(f"READY=1\nSTATUS={status}")

    def status(self, text: str) -> None:
        """Say what is going on."""
        self._say(f"STATUS={text}")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._say("STOPPING=1")

    def beat(self) -> None:
        """Say that the supervisor lives, as often as was asked for."""
        now = time.monotonic()
        if self._beat_seconds is not None and now >= self._beat_at:
            self._beat_at = now + self._beat_seconds
            self._say("WATCHDOG=1")

    def _say(self, text: str) -> None:
        if not self._place:
            return
        place = "\0" + self._place[1:] if self._place.startswith("@") else self._place
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(text.encode(), place)

"""What a person at the terminal sees while Sen starts and runs: short lines, Vietnamese first."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 44


class Console:
    """Progress and troubles on one stream."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self.stream = stream

    def say(self, text: str = "") -> None:
        """Print one line."""
        self.stream.write(text + "\n")
        self.stream.flush()

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Print a line of progress and, when the step is done, how long it took."""
        self.stream.write(f"  {text:<{WIDTH}} ")
        self.stream.flush()
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.say("không xong · failed")
            raise
        self.say(f"{time.monotonic() - began:5.1f} s")

    def trouble(self, who: str, text: str) -> None:
        """Print a line about something that went wrong."""
        self.say(f"! {who}: {text[:400]}")

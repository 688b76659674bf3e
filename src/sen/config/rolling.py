"""Exchange the serving processes for new ones while clients ask: none is refused, none is cut.

New processes start beside the old ones, load everything, and only then take from the socket they
share. The old ones take nothing new, ask their clients to come again on another line, finish what
runs and end; their worker ends its jobs or gives them back. Where the new ones do not come up, the
old ones stay.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sen.config.children import Child, Program
from sen.config.home import CannotStart
from sen.config.keeper import Keeper

DRAIN_SECONDS = 4.0
"""How long clients are asked to come again on another line before the old processes end."""
LEAVE_SECONDS = 40.0
"""More than a worker or the web takes for what runs."""
ASK_SECONDS = 600.0


def ask(home: Path) -> str:
    """Ask the supervisor of a home to exchange its processes; return how it ended, empty if well.

    Raises CannotStart where none runs.
    """
    before = _state(home)
    os.kill(int(before["pid"]), signal.SIGUSR1)  # type: ignore[call-overload]  # a number as written
    until = time.monotonic() + ASK_SECONDS
    while time.monotonic() < until:
        time.sleep(0.2)
        rolls = _state(home)["rolls"]
        if rolls != before["rolls"]:
            return str(rolls["fault"])  # type: ignore[index]  # as the supervisor wrote it
    return "không có trả lời · no answer"


def _state(home: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(
            (home / "run" / "supervisor.json").read_text(encoding="utf-8")
        )
        os.kill(int(found["pid"]), 0)  # type: ignore[call-overload]  # a number as written
    except (OSError, ValueError) as error:
        raise CannotStart("Sen không đang chạy ở đây · Sen is not running here") from error
    return found


def roll(keeper: Keeper, program: Program, *, on_wait: Callable[[], None]) -> Child:
    """Put a new child in the place of the one of the same name, and return it.

    on_wait: done again and again meanwhile. Raises CannotStart where the new one does not become
    ready; then the old one goes on.
    """
    old = keeper.child(program.name)
    told = {**program.environment, "SEN_TAKES_OVER": "1"}
    new = keeper.start(replace(program, environment=told))
    try:
        keeper.wait_for(lambda: _look(new, on_wait), program.name)
    except CannotStart:
        keeper.drop(new)
        raise
    if old is not None:
        old.is_leaving = True
        if program.descriptors:
            old.ask_to_drain()
            _serve(keeper, DRAIN_SECONDS, old, on_wait)
        old.ask_to_stop()
        _serve(keeper, LEAVE_SECONDS, old, on_wait)
        keeper.drop(old)
    keeper.save_state()
    return new


def _look(new: Child, on_wait: Callable[[], None]) -> bool:
    on_wait()
    if new.restarts:
        raise CannotStart(f"{new.program.name} dừng ngay khi bắt đầu · ended at its start")
    return new.is_ready


def _serve(keeper: Keeper, seconds: float, leaving: Child, on_wait: Callable[[], None]) -> None:
    """Serve the children for so long, or until the one that leaves has ended."""
    until = time.monotonic() + seconds
    while leaving.process is not None and time.monotonic() < until:
        keeper.turn(0.1)
        on_wait()

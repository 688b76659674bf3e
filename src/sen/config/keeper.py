"""Keeps the processes of a home: their output, their ends, their restarts, one end for all.

One thread and one loop: a child's tie is to the thread that started it.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sen.config import embedded
from sen.config.children import Child, Program, error_in
from sen.config.console import Console
from sen.config.home import CannotStart, write
from sen.config.service import Service

READY_SECONDS = 120.0
STOP_SECONDS = 22.0
"""With PostgreSQL's own stop after it, all is over within 30 seconds."""
DATABASE_CHECK_SECONDS = 1.0
SLOWEST_DATABASE_RETRY_SECONDS = 30.0
TROUBLES = 20
TROUBLES_SECONDS = 60.0
"""So many lines about one child in so long on the console; all of them are in its log."""


class Interrupted(Exception):
    """Somebody asked Sen to stop while it was starting."""


class Keeper:
    """The children of one home, from the first start to the last end."""

    def __init__(self, home: Path, console: Console, *, mode: str) -> None:
        self.home = home
        self.console = console
        self.mode = mode
        self.address = ""
        self.notes: list[str] = []
        self.children: list[Child] = []
        self.service = Service()
        self.is_ending = False
        self.wants_new = False
        """Whether somebody asked for the processes to be exchanged for new ones."""
        self.rolls: dict[str, int | str] = {}
        """How often that was done, and how it ended last."""
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        self._database_at = 0.0
        self._database_wait = DATABASE_CHECK_SECONDS

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop, SIGUSR1 to exchange."""
        read, write_end = socket.socketpair()
        for end in (read, write_end):
            end.setblocking(False)
        self._selector.register(read, selectors.EVENT_READ, read)
        old_wakeup = signal.set_wakeup_fd(write_end.fileno(), warn_on_full_buffer=False)
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        old = {number: signal.signal(number, self._on_signal) for number in numbers}
        old[signal.SIGUSR1] = signal.signal(signal.SIGUSR1, self._on_wish_to_roll)
        try:
            yield
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(old_wakeup)
            self._selector.unregister(read)
            read.close()
            write_end.close()

    def start(self, program: Program) -> Child:
        """Start a program and keep it."""
        child = Child(program, self.home / "logs", self._show(program.name))
        self.children.append(child)
        self._launch(child)
        return child

    def child(self, name: str) -> Child | None:
        """Return the child of a name that stays, None where there is none."""
        found = (one for one in self.children if one.program.name == name and not one.is_leaving)
        return next(found, None)

    def drop(self, child: Child) -> None:
        """End a child that is not to be kept any more, at once if it still runs."""
        child.is_leaving = True
        child.kill()
        child.settle(is_wanted=False)
        self._unwatch(child)
        child.log.close()
        self.children.remove(child)

    def run_once(self, program: Program, on_line: Callable[[str], None]) -> None:
        """Run a program to its end, handing on each line it prints.

        Raises CannotStart if it fails, with its last words.
        """
        child = Child(program, self.home / "logs", on_line)
        self._watch(child, child.start())
        try:
            while (code := child.settle(is_wanted=False)) is None:
                self.turn(0.1)
        finally:
            child.kill()
            child.settle(is_wanted=False)
            self._unwatch(child)
            child.log.close()
        if code:
            log = child.log.path
            words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-15:]
            raise CannotStart("\n".join([f"{program.name} ({log}):", *words]))

    def wait_for(self, is_ready: Callable[[], bool], name: str) -> None:
        """Serve the children until something is ready.

        Raises CannotStart when it takes too long.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready():
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"{name} không trả lời · does not answer; see {self.home / 'logs'}"
                )
            self.turn(0.1)

    def turn(self, seconds: float) -> None:
        """Serve the children for at most so long: their output, their ends, their restarts.

        Raises Interrupted once somebody asked Sen to stop.
        """
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, Child):
                if not key.data.read():
                    self._unwatch(key.data)
            else:
                key.data.recv(64)
        self.service.beat()
        now = time.monotonic()
        for child in self.children:
            is_wanted = not (self.is_ending or child.is_leaving)
            code = child.settle(is_wanted=is_wanted)
            if code is not None:
                self._unwatch(child)
                if is_wanted:
                    wait = child.restart_at - now
                    self.console.trouble(
                        child.program.name,
                        f"đã dừng, chạy lại sau {wait:.1f} s · ended ({code}), starting again; "
                        f"{child.log.path}",
                    )
            elif child.process is None and is_wanted and now >= child.restart_at:
                self._launch(child)
        if self._signals and not self.is_ending:
            raise Interrupted

    def keep_database(self) -> None:
        """Start the embedded server again if it has died; every second, slower while it fails."""
        now = time.monotonic()
        if now < self._database_at:
            return
        self._database_at = now + DATABASE_CHECK_SECONDS
        if embedded.is_running(self.home):
            return
        self.console.trouble("PostgreSQL", "đã dừng, chạy lại · ended, starting again")
        try:
            embedded.ensure_running(self.home)
        except CannotStart as error:
            self.console.trouble("PostgreSQL", str(error))
            self._database_wait = min(self._database_wait * 2, SLOWEST_DATABASE_RETRY_SECONDS)
            self._database_at = time.monotonic() + self._database_wait
        else:
            self._database_wait = DATABASE_CHECK_SECONDS
            self.save_state()

    def end(self) -> None:
        """End all children: asked first, killed after STOP_SECONDS or at a second Ctrl-C."""
        self.is_ending = True
        self._signals = 0
        self.service.stopping()
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not self._signals:
            self.turn(0.1)
            if all(child.process is None for child in self.children):
                break
        for child in self.children:
            child.kill()
            child.settle(is_wanted=False)
            self._unwatch(child)
            child.log.close()
        (self.home / "run" / "supervisor.json").unlink(missing_ok=True)

    def save_state(self) -> None:
        """Write who runs where, for other processes of this machine."""
        state = {
            "mode": self.mode,
            "pid": os.getpid(),
            "address": self.address,
            "rolls": self.rolls,
            "children": {
                child.program.name: {"pid": child.pid, "restarts": child.restarts}
                for child in self.children
                if not child.is_leaving
            },
        }
        write(self.home / "run" / "supervisor.json", json.dumps(state, indent=1), mode=0o600)

    def _show(self, name: str) -> Callable[[str], None]:
        """Return what shows a child's errors on the console, a few of them in a minute."""
        shown: deque[float] = deque(maxlen=TROUBLES)

        def show(line: str) -> None:
            text = error_in(line)
            now = time.monotonic()
            if text and (len(shown) < TROUBLES or now - shown[0] > TROUBLES_SECONDS):
                shown.append(now)
                self.console.trouble(name, text)

        return show

    def _launch(self, child: Child) -> None:
        self._watch(child, child.start())
        self.save_state()

    def _watch(self, child: Child, descriptor: int) -> None:
        self._selector.register(descriptor, selectors.EVENT_READ, child)

    def _unwatch(self, child: Child) -> None:
        for key in list(self._selector.get_map().values()):
            if key.data is child:
                self._selector.unregister(key.fileobj)

    def _on_signal(self, *_: object) -> None:
        self._signals += 1

    def _on_wish_to_roll(self, *_: object) -> None:
        self.wants_new = True

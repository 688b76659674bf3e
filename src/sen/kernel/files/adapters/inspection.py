"""Asks the inspecting process, at most two of them a process, and stops one that takes too long."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import selectors
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

import structlog

import sen
from sen.base.errors import Unavailable
from sen.kernel.files.data import Inspection
from sen.kernel.files.rules import Problem

SECONDS = 20.0
"""The longest that looking into one file may take; normal is a few thousandths."""
START_SECONDS = 30.0
"""The longest that a new process may take until it is ready."""
MOST = 2
PROGRAM = "sen.kernel.files.adapters.inspector"

log = structlog.get_logger(__name__)


class Inspector:
    """One inspecting process, started when first asked; used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path, name: str, *, seconds: float) -> Inspection:
        """Return what the process says about a file; too slow or dying of it is its problem.

        Raises Unavailable if no process can be started.
        """
        question = json.dumps({"path": str(path), "name": name}) + "\n"
        try:
            process = self._send(question)
        except BrokenPipeError:  # it had died since the last file, which is no file's fault
            self.stop()
            process = self._send(question)
        answer = _line(process, seconds)
        if answer:
            return Inspection(**json.loads(answer))
        log.warning("files.inspector_stopped", is_slow=answer is None)
        self.stop()
        return Inspection(problem=Problem.SLOW if answer is None else Problem.BROKEN)

    def _send(self, question: str) -> subprocess.Popen[str]:
        process = self._running()
        writer = cast(IO[str], process.stdin)
        writer.write(question)
        writer.flush()
        return process

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"PYTHONPATH": str(Path(sen.__file__).parents[1]), "PATH": os.defpath},
        )
        if not _line(self._process, START_SECONDS):  # its first line says that it is ready
            log.error("files.inspector_does_not_start")
            self.stop()
            raise Unavailable
        return self._process

    def stop(self) -> None:
        """End the process, if there is one."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):  # what it never read is of no use now
                cast(IO[str], pipe).close()
        self._process = None


def _line(process: subprocess.Popen[str], seconds: float) -> str | None:
    """Return the next line of a process, an empty text if it has ended, None if it is too slow."""
    reader = cast(IO[str], process.stdout)
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)
        return reader.readline() if selector.select(seconds) else None


class Pool:
    """The inspectors of this process; the last used is the first taken, the others sleep unborn."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._fill()

    def _fill(self) -> None:
        self._owner = os.getpid()
        self._idle: queue.LifoQueue[Inspector] = queue.LifoQueue()
        for _ in range(self._most):
            self._idle.put(Inspector())

    def ask(self, path: Path, name: str, *, seconds: float = SECONDS) -> Inspection:
        """Return what a file truly is, or why it is not taken in.

        Raises Unavailable when every inspector stays busy for longer than a file may take.
        """
        if self._owner != os.getpid():  # a forked child must not share its parent's pipes
            self._fill()
        try:
            inspector = self._idle.get(timeout=seconds)
        except queue.Empty:
            raise Unavailable from None
        try:
            return inspector.ask(path, name, seconds=seconds)
        finally:
            self._idle.put(inspector)

    def stop(self) -> None:
        """End every idle inspecting process."""
        if self._owner == os.getpid():
            for _ in range(self._idle.qsize()):
                inspector = self._idle.get()
                inspector.stop()
                self._idle.put(inspector)


_pool = Pool()
atexit.register(_pool.stop)


def inspect(path: Path, name: str) -> Inspection:
    """Return what a file truly is, or why it is not taken in, within a time limit."""
    return _pool.ask(path, name)

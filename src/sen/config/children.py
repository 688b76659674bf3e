"""The processes a supervisor keeps: started tied to it, watched, logged, restarted, stopped."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sen.config import leash

LOG_BYTES = 10 * 1024 * 1024
LOG_FILES = 5
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
"""After living so long a child starts its back-off afresh."""


@dataclass(frozen=True)
class Program:
    """A process to keep running.

    descriptors: open files that it inherits. ready: what it logs once it can do its work, as an
    event's name; so many times of it make it ready.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    folder: Path
    descriptors: tuple[int, ...] = ()
    ready: str = ""
    ready_times: int = 1


class Log:
    """A log file that is moved aside when it has grown: `web.log`, `web.log.1` and so on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Append bytes as they came."""
        if self.file.tell() + len(data) > LOG_BYTES:
            self.file.close()
            for number in range(LOG_FILES - 1, 0, -1):
                older = Path(f"{self.path}.{number - 1}") if number > 1 else self.path
                if older.exists():
                    older.replace(f"{self.path}.{number}")
            self.file = self.path.open("ab", buffering=0)
        self.file.write(data)

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Child:
    """One program, running or waiting to be started again."""

    def __init__(self, program: Program, logs: Path, on_line: Callable[[str], None]) -> None:
        self.program = program
        self.log = Log(logs / f"{program.name}.log")
        self.on_line = on_line
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.restart_at = 0.0
        self.is_leaving = False
        """Whether another has taken its place: it is not started again."""
        self._began = 0.0
        self._ready = 0
        self._wait = FIRST_WAIT_SECONDS
        self._rest = b""

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process else None

    @property
    def is_ready(self) -> bool:
        """Whether the program has said that it can do its work."""
        return self.process is not None and self._ready >= self.program.ready_times

    def start(self) -> int:
        """Start the program in a session of its own; return the descriptor of what it prints.

        Only the main thread may call it: the tie is to the thread that starts the process.
        """
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *self.program.command],
            cwd=self.program.folder,
            env=self.program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=self.program.descriptors,
        )
        self.process = process
        self._began = time.monotonic()
        self._ready = 0
        if process.stdout is None:
            raise AssertionError("the pipe was asked for")
        os.set_blocking(process.stdout.fileno(), False)
        return process.stdout.fileno()

    def read(self) -> bool:
        """Move what the program printed into its log; return False at the end of its output."""
        if self.process is None or self.process.stdout is None:
            return False
        try:
            data = os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return True
        if not data:
            return False
        self.log.write(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._rest = self._rest[-65536:]
        word = f'"event": "{self.program.ready}"'.encode()
        for line in lines:
            self._ready += self.program.ready != "" and word in line
            self.on_line(line.decode("utf-8", "replace"))
        return True

    def settle(self, *, is_wanted: bool) -> int | None:
        """Take note of the program's end, if it has ended, and plan its next start.

        Returns the exit code once, None while it runs or waits.
        """
        if self.process is None or self.process.poll() is None:
            return None
        code = int(self.process.returncode)
        while self._has_output() and self.read():
            pass
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None
        if is_wanted:
            if time.monotonic() - self._began > HEALTHY_SECONDS:
                self._wait = FIRST_WAIT_SECONDS
            self.restart_at = time.monotonic() + self._wait
            self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)
            self.restarts += 1
        return code

    def ask_to_stop(self) -> None:
        """Ask the program to end what it does and stop."""
        self._signal(signal.SIGTERM)

    def ask_to_drain(self) -> None:
        """Ask the web to take nothing new and to let its clients go to another."""
        self._signal(signal.SIGUSR1)

    def _signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End the program and whatever it started."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _has_output(self) -> bool:
        """Tell whether the pipe holds more now: a grandchild may keep it open for ever."""
        stdout = self.process.stdout if self.process else None
        return stdout is not None and bool(select.select([stdout], [], [], 0)[0])


def error_in(line: str) -> str | None:
    """Return the message of a log line that tells of an error."""
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            return None
        if isinstance(entry, dict) and entry.get("level") in {"error", "critical"}:
            return str(entry.get("event", line))
        return None
    is_error = line.startswith(("Traceback ", "ERROR", "CRITICAL")) or "[ERROR]" in line
    return line if is_error else None

"""`./sen check` and `./sen test`: commands in order, each with its seconds, up to a failure.

Standard library only; the commands are the environment's.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import environment
from tools.environment import PYTHON, ROOT, VENV, Stop

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("ruff", "format", "--check", "--quiet", ".", "sen")),
    ("lint", ("ruff", "check", "--quiet", ".", "sen")),
    ("types", ("mypy",)),
    ("imports", ("lint-imports",)),
    ("templates", ("djangofmt", "--check", "src")),
    ("template lint", ("djlint", "--lint", "--quiet", "src")),
    ("migrations", ("python", "-m", "django", "makemigrations", "--check", "--dry-run")),
    ("catalogues", ("python", "-m", "tools.catalogues", "--check")),
    ("vendored", ("python", "-m", "tools.vendor", "--check")),
    (
        "architecture",
        ("python", "-m", "pytest", "-q", "--ds=sen.config.settings_test", "tests/architecture"),
    ),
)
"""The architecture's tests hold what no tool sees: the API's snapshot, sizes, docstrings."""

PHASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "units",
        (
            "-m",
            "not journey and not storm and not long",
            "src",
            "tests/architecture",
            "tools",
            "bench",
        ),
    ),
    (
        "journeys",
        (
            "-m",
            "journey and not long",
            "--numprocesses=2",
            "--dist=loadfile",
            "--reruns=1",
            "-rR",
            "src",
            "tools",
            "tests/journeys",
        ),
    ),
    ("storms", ("-m", "storm and not long", "src", "tests/storms")),
)
"""A browser's journey that fails is gone through once more and named: others may have held it up.

Units and storms are not: what fails there once in a hundred times is a fault.
"""
NOTHING_COLLECTED = 5
STOP_SECONDS = 90
"""How long an interrupted phase may take to end what it has started."""


@dataclass
class Count:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        """Add what pytest wrote into its report."""
        try:
            suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - written by our pytest
        except (OSError, ET.ParseError):
            suite = None
        if suite is None:
            return
        failed = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        skipped = int(suite.get("skipped", "0"))
        self.passed += int(suite.get("tests", "0")) - failed - skipped
        self.failed += failed
        self.skipped += skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def check() -> int:
    """Run every check; return the first exit code that is not 0."""
    told = environment.of_sen()
    with _server(told):
        for name, command in CHECKS:
            program: Sequence[str | Path] = [VENV / "bin" / command[0], *command[1:]]
            code = _run(name, program, told)
            if code:
                return code
    print(f"\ncheck: {len(CHECKS)} passed, 0 failed", flush=True)
    return 0


def test(arguments: Sequence[str]) -> int:
    """Run units, journeys and storms, or what the arguments ask of pytest."""
    told = environment.of_sen()
    del told["DJANGO_SETTINGS_MODULE"]
    count = Count()
    with _server(told), tempfile.TemporaryDirectory() as folder:
        for name, selection in (("tests", tuple(arguments)),) if arguments else PHASES:
            report = Path(folder) / f"{name}.xml"
            command: list[str | Path] = [
                PYTHON,
                "-m",
                "pytest",
                "-q",
                "-rs",
                "--no-fold-skipped",
                f"--junitxml={report}",
                *selection,
            ]
            code = _run(name, command, told)
            count.add(report)
            if code and (arguments or code != NOTHING_COLLECTED):
                return code
    if not arguments:
        print(f"\ntotal: {count}", flush=True)
    return 0


def _run(name: str, command: Sequence[str | Path], told: dict[str, str]) -> int:
    """Run one phase from the repository's root and print its seconds."""
    shown = " ".join([Path(command[0]).name, *map(str, command[1:])])
    print(f"\n== {name}: {shown}", flush=True)
    began = time.monotonic()
    code = _ended(command, told)
    words = {0: "ok", NOTHING_COLLECTED: "no tests"}.get(code, f"FAILED ({code})")
    print(f"== {name}: {words} in {time.monotonic() - began:.1f} s", flush=True)
    return code


def _ended(command: Sequence[str | Path], told: dict[str, str]) -> int:
    """Run a command to its end; whoever interrupts it waits until it has cleared up after itself.

    It does not hear the terminal's Ctrl-C but ours, once: a second one would cut off its clearing
    up, and servers that tests have started would stay.
    """
    with (
        _told_to_stop(),
        subprocess.Popen(
            command, cwd=ROOT, env=told, process_group=None if "--pdb" in command else 0
        ) as process,
    ):
        try:
            return process.wait()
        except KeyboardInterrupt:
            print("\n== stopping; what the tests have started is being ended", flush=True)
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                process.kill()
            raise


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Let SIGTERM end us as Ctrl-C does, and Ctrl-C too where whoever called us ignores it."""
    wanted = (signal.SIGTERM, signal.SIGINT)
    before = [(one, signal.signal(one, signal.default_int_handler)) for one in wanted]
    try:
        yield
    finally:
        for one, handler in before:
            signal.signal(one, handler)


@contextmanager
def _server(told: dict[str, str]) -> Iterator[None]:
    """Give the commands a PostgreSQL of their own, unless DATABASE_URL names one."""
    if told.get("DATABASE_URL"):
        yield
        return
    told["SEN_HOME"] = str(Path(told["SEN_HOME"]) / "test")
    told["SEN_POSTGRES_FSYNC"] = "off"
    command: list[str | Path] = [PYTHON, "-m", "sen.config.embedded"]
    started = subprocess.run([*command, "start"], check=False, env=told, stdout=subprocess.DEVNULL)
    if started.returncode:
        raise Stop("PostgreSQL không khởi động được · PostgreSQL did not start")
    try:
        yield
    finally:
        subprocess.run([*command, "stop"], check=False, env=told)

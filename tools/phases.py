"""`./sen check` and `./sen test`: commands in order, each with its seconds, up to a failure.

Standard library only; the commands are the environment's.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
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

PYTEST: tuple[str | Path, ...] = (
    *(PYTHON, "-m", "pytest", "-q", "-rsR"),
    *("--no-fold-skipped", "--durations=20"),
)
LARGEST = "src/sen/systems/public_services"
"""Its tests take longer than all others: those of the life events and the invented year, whose
names begin with l, go with the others."""
WEATHER = tuple(
    f"tests/storms/test_{name}.py" for name in ("weather", "faults", "rolling", "tls", "traces")
)
"""Storms that take about as long as all others together."""


class Phase(NamedTuple):
    """Tests of one kind, and where they lie: side by side what stands in several places."""

    name: str
    marks: str
    places: tuple[tuple[str, ...], ...]
    options: tuple[str, ...] = ()

    def commands(self) -> list[list[str | Path]]:
        """Return what runs them, a process for each of the places."""
        return [[*PYTEST, "-m", self.marks, *self.options, *places] for places in self.places]


PHASES = (
    Phase(
        "units",
        "not journey and not storm and not long",
        (
            (LARGEST, f"--ignore-glob={LARGEST}/tests/test_l*"),
            ("src", f"--ignore-glob={LARGEST}/tests/test_[!l]*", "tools", "bench"),
        ),
    ),
    Phase(
        "journeys",
        "journey and not long",
        (("tools", "src", "tests/journeys"),),
        ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder", "--reruns=1"),
    ),
    Phase(
        "storms",
        "storm and not long",
        (WEATHER, ("src", "tests/storms", *(f"--ignore={file}" for file in WEATHER))),
    ),
)
"""Two processes for units and for storms, each always with the same tests in the same order.

A browser's journey that fails is gone through once more and named: others may have held it up.

Units and storms are not: what fails there once in a hundred times is a fault.
"""
NOTHING_COLLECTED = 5
DATABASE = "SEN_TEST_DATABASE"
SHARED = "SEN_TESTS_FOLDER"
"""Names a folder in which processes of the tests find what one of them has laid down."""
LETTERS = ("", "_b", "_c")
"""Ends of the names of the databases of processes side by side."""
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
            code = _run(name, [program], told)
            if code:
                return code
    print(f"\ncheck: {len(CHECKS)} passed, 0 failed", flush=True)
    return 0


def test(arguments: Sequence[str]) -> int:
    """Run units, journeys and storms, or what the arguments ask of pytest.

    Tests start hundreds of processes: each of them would translate all of Sen again.
    """
    told = environment.of_sen()
    del told["DJANGO_SETTINGS_MODULE"]
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    count = Count()
    phases = [(one.name, one.commands()) for one in PHASES]
    if arguments:
        phases = [("tests", [[*PYTEST, *arguments]])]
    with _server(told), tempfile.TemporaryDirectory() as folder:
        told[SHARED] = folder
        for name, commands in phases:
            reports = [Path(folder) / f"{name}{number}.xml" for number in range(len(commands))]
            for command, report in zip(commands, reports, strict=True):
                command.append(f"--junitxml={report}")
            code = _run(name, commands, told)
            for report in reports:
                count.add(report)
            if code and (arguments or code != NOTHING_COLLECTED):
                return code
    if not arguments:
        print(f"\ntotal: {count}", flush=True)
    return 0


def _run(name: str, commands: Sequence[Sequence[str | Path]], told: dict[str, str]) -> int:
    """Run one phase from the repository's root and print its seconds.

    Of several commands side by side the first prints as it goes, the others when they have ended.
    """
    for command in commands:
        shown = " ".join([Path(command[0]).name, *map(str, command[1:])])
        print(f"\n== {name}: {shown}", flush=True)
    began = time.monotonic()
    code = _ended(commands, told)
    words = {0: "ok", NOTHING_COLLECTED: "no tests"}.get(code, f"FAILED ({code})")
    print(f"== {name}: {words} in {time.monotonic() - began:.1f} s", flush=True)
    return code


def _ended(commands: Sequence[Sequence[str | Path]], told: dict[str, str]) -> int:
    """Run commands side by side to their end; return the first exit code that is not 0.

    Whoever interrupts them waits until they have cleared up after themselves: they do not hear
    the terminal's Ctrl-C but ours, once. A second one would cut off their clearing up, and servers
    that tests have started would stay.
    """
    with _told_to_stop(), ExitStack() as kept:
        outputs = [kept.enter_context(tempfile.TemporaryFile()) for _ in commands[1:]]
        processes = [
            kept.enter_context(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**told, "SEN_TEST_DATABASE": f"{told.get(DATABASE, 'test_sen')}{letter}"},
                    process_group=None if "--pdb" in command else 0,
                    stdout=output,
                    stderr=output and subprocess.STDOUT,
                )
            )
            for command, output, letter in zip(commands, (None, *outputs), LETTERS, strict=False)
        ]
        try:
            codes = [process.wait() for process in processes]
        except KeyboardInterrupt:
            print("\n== stopping; what the tests have started is being ended", flush=True)
            _stop(processes)
            raise
        for output in outputs:
            output.seek(0)
            sys.stdout.write(output.read().decode(errors="replace"))
        return next((code for code in codes if code), 0)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Let processes clear up; end by force what is not done then."""
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()


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

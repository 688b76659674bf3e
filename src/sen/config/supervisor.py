"""`demo` and `serve`: one process over PostgreSQL, web, worker and, in the demo, the simulators.

It starts them in order, restarts what dies, ends all together within 30 seconds, and holds a lock
of its home. Killed hard, it takes its children with it; PostgreSQL stays and is adopted by the
next start. What runs where is in `run/supervisor.json`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sen.config import embedded, programs
from sen.config.addresses import LOOPBACK, PREFERRED_PORT, Address, answers, choose, held
from sen.config.console import Console
from sen.config.home import CannotStart, claim, home_from_environment
from sen.config.keeper import Interrupted, Keeper

LAST_PORT = 65535


@dataclass(frozen=True)
class Options:
    """What was asked on the command line."""

    mode: str
    host: str
    port: int | None
    workers: int
    is_reset: bool
    dossiers: int | None
    migrates: bool


class RunsAlready(Exception):
    """Another supervisor holds this home; the text is its address, empty while it starts."""


def main(words: list[str]) -> int:
    """Run `demo` or `serve` until asked to stop; return the exit code."""
    options = _options(words)
    console = Console()
    home = home_from_environment()
    try:
        with _sole(home):
            return _run(home, options, console)
    except RunsAlready as other:
        where = str(other) or "đang khởi động · starting"
        console.say(f"Sen đang chạy rồi · Sen is running already: {where}")
        return 1 if options.is_reset else 0
    except CannotStart as error:
        console.say(f"\n{error}")
        return 1


def _options(words: list[str]) -> Options:
    mode = words[0]
    parser = argparse.ArgumentParser(prog=f"./sen {mode}", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="mặc định chỉ máy này · this machine only")
    parser.add_argument(
        "--port", type=_port, help="mặc định 8000 nếu còn trống · 8000 if it is free"
    )
    if mode == "demo":
        parser.add_argument("--reset", action="store_true", help="làm lại từ đầu · start over")
        parser.add_argument(
            "--dossiers",
            type=int,
            help="số hồ sơ hư cấu của một năm, 0 thì không dựng · invented dossiers, 0 for none",
        )
    else:
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="số tiến trình web · processes"
        )
        parser.add_argument(
            "--no-migrate", action="store_true", help="không đổi bảng dữ liệu · leave the tables"
        )
    found = parser.parse_args(words[1:])
    return Options(
        mode=mode,
        host=found.host,
        port=found.port,
        workers=getattr(found, "workers", 1),
        is_reset=getattr(found, "reset", False),
        dossiers=getattr(found, "dossiers", None),
        migrates=not getattr(found, "no_migrate", False),
    )


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"1 – {LAST_PORT}")
    return number


@contextmanager
def _sole(home: Path) -> Iterator[None]:
    """Hold this home as its only supervisor; the hold ends with the process however that ends.

    Raises RunsAlready.
    """
    descriptor = os.open(claim(home), os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready(_address_of_other(home)) from None
        yield
    finally:
        os.close(descriptor)


def _address_of_other(home: Path) -> str:
    try:
        state = json.loads((home / "run" / "supervisor.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(state.get("address", ""))


def _run(home: Path, options: Options, console: Console) -> int:
    began = time.monotonic()
    title = "bản trình diễn · demo" if options.mode == "demo" else "chạy thật · serve"
    console.say(f"Sen, {title}")
    if options.is_reset:
        with console.step("Xoá dữ liệu cũ · starting over"):
            embedded.remove(home)
            claim(home)
    keeper = Keeper(home, console, mode=options.mode)
    with keeper.signals(), ExitStack() as stack:
        try:
            external = os.environ.get("DATABASE_URL")
            with console.step("PostgreSQL"):
                if external:
                    _check_external(external)
                else:
                    stack.enter_context(embedded.running(home))
            address = stack.enter_context(
                held(home, "web", options.host, port=options.port, preferred=PREFERRED_PORT)
            )
            stack.callback(_end, keeper, console)
            upkeep = Upkeep(keeper, _start(keeper, options, address))
            console.say(
                f"\nSen đang chạy · Sen is running: {keeper.address}   "
                f"({time.monotonic() - began:.1f} s)\nCtrl-C để dừng · to stop. "
                f"Nhật ký · logs: {home / 'logs'}\n"
            )
            for line in keeper.notes:
                console.say(line)
            while True:
                keeper.turn(0.5)
                upkeep.turn()
                if not external:
                    keeper.keep_database()
        except Interrupted:
            return 0


def _end(keeper: Keeper, console: Console) -> None:
    console.say()
    with console.step("Đang dừng · stopping"):
        keeper.end()


class Upkeep:
    """What the owner of the tables does once a day: partitions made ahead, old ones dropped.

    told: the environment of the programs. A failure is told on the console and tried again in an
    hour: the partitions reach twelve months ahead.
    """

    def __init__(
        self, keeper: Keeper, told: dict[str, str], *, every_seconds: float = 86_400.0
    ) -> None:
        self._keeper = keeper
        self._told = told
        self._every_seconds = every_seconds
        self._due_at = time.monotonic() + every_seconds

    def turn(self) -> bool:
        """Do it if it is due; tell whether it was done."""
        if time.monotonic() < self._due_at:
            return False
        try:
            self._keeper.run_once(programs.partitions(self._told), lambda _line: None)
        except CannotStart as error:
            self._keeper.console.say(str(error))
            self._due_at = time.monotonic() + min(3600.0, self._every_seconds)
            return False
        self._due_at = time.monotonic() + self._every_seconds
        return True


def _start(keeper: Keeper, options: Options, address: Address) -> dict[str, str]:
    """Start everything in order; what a later part needs answers before the later part starts.

    address: where the web is to listen. Returns the environment of the programs.
    """
    home, console = keeper.home, keeper.console
    is_demo = options.mode == "demo"
    stand_ins = choose(home, "simulators", LOOPBACK, port=None) if is_demo else None
    told = programs.environment(home, address, simulators=stand_ins)
    if options.dossiers is not None:
        told["SEN_DEMO_DOSSIERS"] = str(options.dossiers)
    words = (
        *(["migrate"] if options.migrates else []),
        *(["demo"] if is_demo else ["first_run"]),
    )
    steps = _Steps(console)
    try:
        keeper.run_once(programs.preparation(told, words), steps.take)
    finally:
        steps.close()
    keeper.address = address.url
    keeper.notes = steps.said
    if stand_ins:
        with console.step("Hệ thống mô phỏng · simulators"):
            keeper.start(programs.simulators(told, stand_ins))
            keeper.wait_for(lambda: answers(stand_ins, "/"), "simulators")
    with console.step("Việc nền và trang · worker and web"):
        keeper.start(programs.worker(told))
        keeper.start(programs.web(told, address, workers=options.workers))
        keeper.wait_for(lambda: answers(address, "/healthz"), "web")
    keeper.save_state()
    return told


class _Steps:
    """Shows the steps that the preparation tells of; keeps what is to be said at the end."""

    def __init__(self, console: Console) -> None:
        self.said: list[str] = []
        self._console = console
        self._step: AbstractContextManager[None] | None = None

    def take(self, line: str) -> None:
        if line.startswith("BEGIN "):
            self._step = self._console.step(line.removeprefix("BEGIN "))
            self._step.__enter__()
        elif line.startswith("SAY "):
            self.said.append(line.removeprefix("SAY "))
        elif line == "END" and self._step:
            self._step.__exit__(None, None, None)
            self._step = None

    def close(self) -> None:
        if self._step:
            self._console.say()


def _check_external(app_url: str) -> None:
    """Check the operator's server and let the application's role use what the owner makes.

    Raises CannotStart with everything that is wrong with it.
    """
    owner_url = os.environ.get("SEN_OWNER_DATABASE_URL")
    if not owner_url:
        raise CannotStart(
            "Có DATABASE_URL thì cần cả SEN_OWNER_DATABASE_URL · DATABASE_URL needs "
            "SEN_OWNER_DATABASE_URL beside it: the role that makes the tables"
        )
    try:
        faults = embedded.check_server(owner_url, app_url)
        if faults:
            raise CannotStart("\n".join(faults))
        role = psycopg.conninfo.conninfo_to_dict(app_url).get("user")
        with psycopg.connect(owner_url, autocommit=True) as connection:
            embedded.prepare_database(connection, app=str(role))
    except psycopg.Error as error:
        raise CannotStart(f"Không nối được tới PostgreSQL · cannot connect: {error}") from error

"""`demo` and `serve`: one process over PostgreSQL, web, worker and, in the demo, the simulators.

It starts them in order, restarts what dies, ends all together within 30 seconds, and holds a lock
of its home. Killed hard, it takes its children with it; PostgreSQL stays and is adopted by the
next start. What runs where is in `run/supervisor.json`.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from sen.config import embedded, programs
from sen.config.addresses import held
from sen.config.console import Console
from sen.config.home import CannotStart, claim, home_from_environment
from sen.config.keeper import Interrupted, Keeper
from sen.config.options import Options, read
from sen.config.serving import Serving


class RunsAlready(Exception):
    """Another supervisor holds this home; the text is its address, empty while it starts."""


def main(words: list[str]) -> int:
    """Run `demo` or `serve` until asked to stop; return the exit code."""
    console = Console()
    home = home_from_environment()
    try:
        options = read(words)
        with _sole(home):
            return _run(home, options, console)
    except RunsAlready as other:
        where = str(other) or "đang khởi động · starting"
        console.say(f"Sen đang chạy rồi · Sen is running already: {where}")
        return 1 if "--reset" in words else 0
    except CannotStart as error:
        console.say(f"\n{error}")
        return 1


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
        with console.step("Xóa dữ liệu cũ · starting over"):
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
            listening = None
            if options.has_web:
                listening = stack.enter_context(
                    held(home, options.host, port=options.port, tls=options.tls)
                )
            stack.callback(_end, keeper, console)
            serving = Serving(keeper, options, listening, is_embedded=not external)
            serving.start()
            upkeep = Upkeep(keeper, serving.told)
            _say_that_it_runs(keeper, time.monotonic() - began)
            while True:
                keeper.turn(0.5)
                upkeep.turn()
                serving.turn()
        except Interrupted:
            return 0


def _say_that_it_runs(keeper: Keeper, seconds: float) -> None:
    keeper.console.say(
        f"\nSen đang chạy · Sen is running: {keeper.address}   ({seconds:.1f} s)\n"
        f"Ctrl-C để dừng · to stop. Nhật ký · logs: {keeper.home / 'logs'}\n"
    )
    for line in keeper.notes:
        keeper.console.say(line)
    keeper.service.ready(keeper.address or "worker")


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

"""What a supervisor serves: the programs in their order, exchanged for new ones when asked to."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from sen.config import programs, rolling
from sen.config.addresses import LOOPBACK, Address, Listening, Tls, answers, choose
from sen.config.children import Program
from sen.config.console import Console
from sen.config.home import CannotStart
from sen.config.keeper import Keeper
from sen.config.options import Options, fault_of

CERTIFICATE_SECONDS = 60.0
"""How often the certificate's files are looked at."""


class Serving:
    """The programs of one home. listening: where the web listens, None without a web."""

    def __init__(
        self, keeper: Keeper, options: Options, listening: Listening | None, *, is_embedded: bool
    ) -> None:
        self.told: dict[str, str] = {}
        self._keeper = keeper
        self._options = options
        self._listening = listening
        self._is_embedded = is_embedded
        self._stamp = _stamp(options.tls)
        self._certificate_at = time.monotonic() + CERTIFICATE_SECONDS

    def start(self) -> None:
        """Start everything in order; what a later part needs answers before that part starts."""
        keeper, options = self._keeper, self._options
        is_demo = options.mode == "demo"
        home, console = keeper.home, keeper.console
        stand_ins = choose(home, "simulators", LOOPBACK, port=None) if is_demo else None
        address = self._listening.address if self._listening else Address(LOOPBACK, 0)
        self.told = programs.environment(home, address, simulators=stand_ins)
        if options.dossiers is not None:
            self.told["SEN_DEMO_DOSSIERS"] = str(options.dossiers)
        if options.tls:
            self.told["SEN_TLS_CERTIFICATE"] = str(options.tls.certificate)
        if stand_ins:  # they come up while the data is looked after
            keeper.start(programs.simulators(self.told, stand_ins))
        steps = self._prepare("demo" if is_demo else "first_run")
        keeper.notes = steps.said
        if stand_ins:
            with console.step("Hệ thống mô phỏng · simulators"):
                keeper.wait_for(lambda: answers(stand_ins, "/"), "simulators")
        with console.step("Việc nền và trang · worker and web"):
            for program in self._programs():
                keeper.start(program)
            if self._listening:
                keeper.address = address.url
                keeper.wait_for(lambda: answers(address, "/healthz"), "web")
            if options.plain_port:
                keeper.start(
                    programs.redirection(self.told, options.host, options.plain_port, home)
                )
        keeper.save_state()

    def turn(self) -> None:
        """Do what is due: the database's restart, a renewed certificate, an exchange asked for."""
        self._keep_database()
        if self._options.tls and time.monotonic() >= self._certificate_at:
            self._certificate_at = time.monotonic() + CERTIFICATE_SECONDS
            self._look_at(self._options.tls)
        if self._keeper.wants_new:
            self._keeper.wants_new = False
            self._exchange()

    def _look_at(self, tls: Tls) -> None:
        """Exchange the web's processes once a certificate was renewed and fits its key."""
        stamp = _stamp(tls)
        if stamp == self._stamp:
            return
        fault = fault_of(tls)
        if fault:
            self._keeper.console.trouble("TLS", fault)
            return
        self._stamp = stamp
        self._keeper.wants_new = True

    def _exchange(self) -> None:
        keeper = self._keeper
        keeper.service.status("restarting")
        fault = ""
        try:
            self._prepare("rolling")
            for program in self._programs():
                with keeper.console.step(f"{program.name}: thay mới · exchanging"):
                    rolling.roll(keeper, program, on_wait=self._keep_database)
        except CannotStart as error:
            fault = str(error)
            keeper.console.trouble("restart", fault)
        keeper.rolls = {"times": int(keeper.rolls.get("times", 0)) + 1, "fault": fault}
        keeper.save_state()
        keeper.service.status(fault[:200] or keeper.address or "worker")

    def _programs(self) -> list[Program]:
        """Return the halves that run here, in the order of their start."""
        found = []
        if self._options.has_worker:
            found.append(programs.worker(self.told))
        if self._listening:
            web = programs.web(self.told, self._listening, workers=self._options.workers)
            found.append(web)
        return found

    def _prepare(self, word: str) -> Steps:
        words = (*(["migrate"] if self._options.migrates else []), word)
        steps = Steps(self._keeper.console)
        try:
            self._keeper.run_once(programs.preparation(self.told, words), steps.take)
        finally:
            steps.close()
        return steps

    def _keep_database(self) -> None:
        if self._is_embedded:
            self._keeper.keep_database()


class Steps:
    """Shows the steps that the preparation tells of; keeps what is to be said at the end."""

    def __init__(self, console: Console) -> None:
        self.said: list[str] = []
        self._console = console
        self._step: AbstractContextManager[None] | None = None

    def take(self, line: str) -> None:
        """Take one line that the preparation prints."""
        if line.startswith("BEGIN "):
            self._step = self._console.step(line.removeprefix("BEGIN "))
            self._step.__enter__()
        elif line.startswith("SAY "):
            self.said.append(line.removeprefix("SAY "))
        elif line == "END" and self._step:
            self._step.__exit__(None, None, None)
            self._step = None

    def close(self) -> None:
        """End the line of a step that did not come to its end."""
        if self._step:
            self._console.say()


def _stamp(tls: Tls | None) -> tuple[int, ...]:
    """Return what changes when a certificate is renewed."""
    try:
        return tuple(path.stat().st_mtime_ns for path in (tls.certificate, tls.key)) if tls else ()
    except OSError:
        return ()

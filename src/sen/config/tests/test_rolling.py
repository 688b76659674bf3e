from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from sen.config import rolling
from sen.config.children import Program
from sen.config.console import Console
from sen.config.home import CannotStart, claim
from sen.config.keeper import Keeper

READY = """print('{"event": "web.ready"}', flush=True)"""
POLITE = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
    "signal.signal(signal.SIGUSR1, lambda *_: print('draining', flush=True))\n"
)
WAIT = "\nwhile True: time.sleep(60)"


@pytest.fixture
def keeper(tmp_path):
    kept = Keeper(claim(tmp_path), Console(io.StringIO()), mode="serve")
    with kept.signals():
        yield kept
        kept.end()


def program(code: str, *, times=1, descriptors=(0,)) -> Program:
    return Program(
        "web", (sys.executable, "-c", code), dict(os.environ), Path("/"),
        ready="web.ready", ready_times=times, descriptors=descriptors,
    )  # fmt: skip


def test_new_one_takes_over_and_the_old_one_leaves_politely(keeper, monkeypatch):
    monkeypatch.setattr(rolling, "DRAIN_SECONDS", 0.5)
    old = keeper.start(program(POLITE + READY + WAIT))
    keeper.wait_for(lambda: old.is_ready, "web")
    first, waited = old.pid, []

    new = rolling.roll(keeper, program(POLITE + READY + WAIT), on_wait=lambda: waited.append(1))

    assert keeper.children == [new]
    assert new.pid not in {None, first}
    assert not Path(f"/proc/{first}").exists()
    assert "draining" in old.log.path.read_text()
    assert waited != []
    state = json.loads((keeper.home / "run" / "supervisor.json").read_text())
    assert state["children"] == {"web": {"pid": new.pid, "restarts": 0}}


def test_new_one_is_told_that_others_serve_meanwhile(keeper):
    code = f"import os\nassert os.environ['SEN_TAKES_OVER'] == '1'\n{POLITE}{READY}{WAIT}"

    assert rolling.roll(keeper, program(code), on_wait=lambda: None).is_ready


@pytest.mark.parametrize("code", ["raise SystemExit(1)", POLITE + WAIT])
def test_old_one_stays_where_the_new_one_does_not_come_up(keeper, code, monkeypatch):
    monkeypatch.setattr("sen.config.keeper.READY_SECONDS", 2.0)
    old = keeper.start(program(POLITE + READY + WAIT))
    keeper.wait_for(lambda: old.is_ready, "web")
    pid = old.pid

    with pytest.raises(CannotStart):
        rolling.roll(keeper, program(code), on_wait=lambda: None)

    assert keeper.children == [old]
    assert (old.pid, old.is_leaving) == (pid, False)
    assert "draining" not in old.log.path.read_text()


def test_each_process_has_to_be_ready(keeper, monkeypatch):
    monkeypatch.setattr("sen.config.keeper.READY_SECONDS", 1.0)
    with pytest.raises(CannotStart):
        rolling.roll(keeper, program(POLITE + READY + WAIT, times=2), on_wait=lambda: None)

    twice = f"{POLITE}{READY}\n{READY}{WAIT}"
    assert rolling.roll(keeper, program(twice, times=2), on_wait=lambda: None).is_ready


def test_worker_is_not_asked_to_drain(keeper):
    old = keeper.start(program(POLITE + READY + WAIT, descriptors=()))
    keeper.wait_for(lambda: old.is_ready, "web")

    rolling.roll(keeper, program(POLITE + READY + WAIT, descriptors=()), on_wait=lambda: None)

    assert "draining" not in old.log.path.read_text()


@pytest.mark.parametrize("fault", ["", "web does not answer"])
def test_restart_tells_how_it_ended(tmp_path, fault):
    """The supervisor of the other home is this test: it hears the signal and writes its state."""
    home = claim(tmp_path)
    path = home / "run" / "supervisor.json"
    path.write_text(json.dumps({"pid": os.getpid(), "rolls": {}}))
    heard = threading.Event()
    former = signal.signal(signal.SIGUSR1, lambda *_: heard.set())
    try:

        def answer() -> None:
            heard.wait(10)
            told = {"pid": os.getpid(), "rolls": {"times": 1, "fault": fault}}
            path.write_text(json.dumps(told))

        answering = threading.Thread(target=answer)
        answering.start()
        said = rolling.ask(home)
        answering.join()
    finally:
        signal.signal(signal.SIGUSR1, former)

    assert said == fault


def test_restart_of_what_does_not_run_says_so(tmp_path):
    home = claim(tmp_path)
    with pytest.raises(CannotStart, match="not running"):
        rolling.ask(home)
    (home / "run" / "supervisor.json").write_text(json.dumps({"pid": 2**22 + 1, "rolls": {}}))
    with pytest.raises(CannotStart, match="not running"):
        rolling.ask(home)


def test_wish_to_restart_does_not_stop(keeper):
    os.kill(os.getpid(), signal.SIGUSR1)
    until = time.monotonic() + 5
    while not keeper.wants_new and time.monotonic() < until:
        keeper.turn(0.05)

    assert keeper.wants_new is True

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sen.config import children, leash
from sen.config.children import Log, Program, error_in
from sen.config.console import Console
from sen.config.home import CannotStart, claim
from sen.config.keeper import Interrupted, Keeper


class Lines(Console):
    def __init__(self):
        self.lines: list[str] = []

    def say(self, text=""):
        self.lines.append(text)


@pytest.fixture
def keeper(tmp_path):
    kept = Keeper(claim(tmp_path), Lines(), mode="demo")
    with kept.signals():
        yield kept
        kept.end()


def program(code: str, name="child") -> Program:
    return Program(name, (sys.executable, "-c", code), dict(os.environ), Path("/"))


def until(keeper, condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, keeper.console.lines
        keeper.turn(0.05)


def test_log_moves_aside_what_has_grown(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LOG_BYTES", 10)
    monkeypatch.setattr(children, "LOG_FILES", 3)
    log = Log(tmp_path / "web.log")

    for word in (b"first-line\n", b"second\n", b"third-line\n", b"fourth\n", b"fifth-line\n"):
        log.write(word)
    log.close()

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "web.log": b"fifth-line\n",
        "web.log.1": b"fourth\n",
        "web.log.2": b"third-line\n",
    }


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "error", "event": "job failed"}', "job failed"),
        ('{"level": "info", "event": "fine"}', None),
        ('{"broken', None),
        ("Traceback (most recent call last):", "Traceback (most recent call last):"),
        ("[ERROR] Application callable raised", "[ERROR] Application callable raised"),
        ("all is well", None),
    ],
)
def test_only_errors_reach_the_console(line, shown):
    assert error_in(line) == shown


def test_child_that_dies_is_started_again(keeper):
    child = keeper.start(program("import time; time.sleep(60)"))
    first = child.pid
    os.kill(first, signal.SIGKILL)

    until(keeper, lambda: child.pid not in {None, first})

    assert child.restarts == 1
    assert [line for line in keeper.console.lines if "child" in line] != []


def test_child_that_keeps_dying_waits_longer_each_time(keeper):
    child = keeper.start(program("raise SystemExit(3)"))

    until(keeper, lambda: child.restarts == 3)

    assert child._wait == children.FIRST_WAIT_SECONDS * 8


def test_output_goes_to_the_log_and_errors_to_the_console(keeper):
    child = keeper.start(program("print('ERROR bad'); print('fine', flush=True); input()"))

    until(keeper, lambda: child.restarts == 1)

    assert child.log.path.read_text().startswith("ERROR bad\nfine\n")
    assert keeper.console.lines[0] == "! child: ERROR bad"


def test_end_asks_first_and_kills_what_does_not_listen(keeper, monkeypatch):
    monkeypatch.setattr("sen.config.keeper.STOP_SECONDS", 1.0)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    polite = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); print('on', flush=True); time.sleep(60)"
    started = [keeper.start(program(deaf, "deaf")), keeper.start(program(polite, "polite"))]
    until(keeper, lambda: all(child.log.path.read_text() for child in started))
    pids = [child.pid for child in started]
    began = time.monotonic()

    keeper.end()

    assert time.monotonic() - began < 5
    assert [Path(f"/proc/{pid}").exists() for pid in pids] == [False, False]


def test_wish_to_stop_interrupts_the_start(keeper):
    os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted):
        until(keeper, lambda: False)


def test_run_once_hands_on_lines_and_reports_failure(keeper):
    lines: list[str] = []
    keeper.run_once(program("print('BEGIN x'); print('END')"), lines.append)
    assert lines == ["BEGIN x", "END"]

    with pytest.raises(CannotStart, match="no such thing"):
        keeper.run_once(program("raise SystemExit('no such thing')"), lines.append)


def test_wait_for_gives_up(keeper, monkeypatch):
    monkeypatch.setattr("sen.config.keeper.READY_SECONDS", 0.2)

    with pytest.raises(CannotStart, match="web"):
        keeper.wait_for(lambda: False, "web")


def test_state_names_every_child(keeper):
    import json

    child = keeper.start(program("import time; time.sleep(60)", "web"))
    keeper.address = "http://localhost:1"
    keeper.save_state()

    state = json.loads((keeper.home / "run" / "supervisor.json").read_text())
    assert state == {
        "mode": "demo",
        "pid": os.getpid(),
        "address": "http://localhost:1",
        "rolls": {},
        "children": {"web": {"pid": child.pid, "restarts": 0}},
    }


def test_tied_process_dies_with_its_parent(tmp_path):
    """The grandchild reports its pid; its parent, tied to nothing, is killed."""
    child = f"import subprocess, sys, os, time; p = subprocess.Popen([sys.executable, '-I', '-S', {leash.__file__!r}, str(os.getpid()), 'sleep', '60']); print(p.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", child], stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/comm").read_text() != "sleep\n" and time.monotonic() < deadline:
        time.sleep(0.02)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_tie_ends_a_process_whose_parent_is_gone_already():
    result = subprocess.run([sys.executable, "-I", "-S", leash.__file__, "1", "true"], check=False)

    assert result.returncode == -signal.SIGKILL

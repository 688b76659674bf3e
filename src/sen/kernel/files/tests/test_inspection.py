from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sen.base.errors import Unavailable
from sen.kernel.files import rules
from sen.kernel.files.adapters import inspection
from sen.kernel.files.adapters.inspection import Pool
from sen.kernel.files.data import Inspection
from sen.kernel.files.rules import Problem
from sen.kernel.files.tests import samples


@pytest.fixture
def pool():
    found = Pool(most=1)
    yield found
    found.stop()


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "file"
    found.write_bytes(samples.pdf())
    return found


def test_pool_answers_again_and_again_with_one_process(pool, path):
    answers = [(pool.ask(path, "a.pdf"), pool._idle.queue[0]._process.pid) for _ in range(3)]

    assert answers == [(Inspection(rules.PDF), answers[0][1])] * 3


def test_inspector_that_dies_is_the_files_problem_and_another_takes_over(pool, path):
    pool.ask(path, "a.pdf")
    process = pool._idle.queue[0]._process
    os.kill(process.pid, signal.SIGSTOP)
    threading.Timer(0.3, process.kill).start()

    assert pool.ask(path, "a.pdf") == Inspection(problem=Problem.BROKEN)
    assert pool.ask(path, "a.pdf") == Inspection(rules.PDF)


def test_inspector_that_takes_too_long_is_stopped(pool, path):
    pool.ask(path, "a.pdf")
    process = pool._idle.queue[0]._process
    os.kill(process.pid, signal.SIGSTOP)
    begun = time.monotonic()

    assert pool.ask(path, "a.pdf", seconds=0.2) == Inspection(problem=Problem.SLOW)
    assert time.monotonic() - begun < 5
    assert process.poll() == -signal.SIGKILL
    assert pool.ask(path, "a.pdf") == Inspection(rules.PDF)


def test_inspector_that_has_ended_is_replaced(pool, path):
    pool.ask(path, "a.pdf")
    pool._idle.queue[0]._process.kill()
    pool._idle.queue[0]._process.wait()

    assert pool.ask(path, "a.pdf") == Inspection(rules.PDF)


def test_inspector_that_no_longer_listens_is_replaced(pool, path):
    deaf = subprocess.Popen(
        [sys.executable, "-c", "import os, time; os.close(0); print(flush=True); time.sleep(60)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    deaf.stdout.readline()
    pool._idle.queue[0]._process = deaf

    assert pool.ask(path, "a.pdf") == Inspection(rules.PDF)
    assert deaf.poll() == -signal.SIGKILL


def test_inspector_that_does_not_start_is_no_fault_of_the_file(pool, path, monkeypatch):
    monkeypatch.setattr(inspection, "PROGRAM", "sen.no_such_program")

    with pytest.raises(Unavailable):
        pool.ask(path, "a.pdf")


def test_pool_of_a_parent_is_not_stopped_by_its_child(pool, path):
    pool.ask(path, "a.pdf")
    pool._owner = -1

    pool.stop()

    assert pool._idle.queue[0]._process.poll() is None
    pool._owner = os.getpid()


def test_pool_whose_inspectors_are_all_busy_says_so(pool, path):
    pool._idle.get()

    with pytest.raises(Unavailable):
        pool.ask(path, "a.pdf", seconds=0.05)

    pool._fill()


def test_forked_child_gets_inspectors_of_its_own(pool, path):
    pool.ask(path, "a.pdf")
    parents = pool._idle.queue[0]
    pool._owner = -1

    pool.ask(path, "a.pdf")

    assert pool._idle.queue[0] is not parents
    parents.stop()


def test_inspecting_process_may_not_write_files(path):
    status = Path(f"/proc/{_warm(path)}/limits")

    limits = {line[:25].strip(): line[26:47].strip() for line in status.read_text().splitlines()}

    assert limits["Max file size"] == "0"
    assert limits["Max address space"] == str(1024 * rules.MEGABYTE)


def _warm(path) -> int:
    inspection.inspect(path, "a.pdf")
    return inspection._pool._idle.queue[-1]._process.pid

from __future__ import annotations

import os
import subprocess
import sys
import time

from bench.processes import Process, machine_ms, read, spent_ms, tree_ms

FOUND = {
    1: Process(parent=0, own_ms=1, ended_ms=0),
    10: Process(parent=1, own_ms=10, ended_ms=5),
    11: Process(parent=10, own_ms=100, ended_ms=0),
    12: Process(parent=11, own_ms=1000, ended_ms=0),
    20: Process(parent=1, own_ms=10_000, ended_ms=0),
}


def test_descendants_count_once_and_ended_ones_with_them():
    assert spent_ms([10], FOUND) == 1115
    assert spent_ms([10, 11, 12], FOUND) == 1115
    assert spent_ms([10, 20], FOUND) == 11_115
    assert spent_ms([99], FOUND) == 0


def test_the_measurers_own_process_is_left_out():
    assert spent_ms([10], FOUND, but=12) == 115


def test_a_name_with_a_bracket_is_no_obstacle():
    ticks = os.sysconf("SC_CLK_TCK")
    fields = ["S", "4", *["0"] * 9, str(ticks), str(ticks), str(ticks), "0", "20"]
    gone = 2**22 + 1  # no process has this number, so the line's own ticks are taken
    assert read(gone, f"{gone} (sen) web (x) {' '.join(fields)}") == Process(
        parent=4, own_ms=2000, ended_ms=1000
    )


def test_idle_time_is_not_work():
    ticks = os.sysconf("SC_CLK_TCK")
    line = f"cpu {ticks} 0 {ticks} {50 * ticks} {9 * ticks} 0 0 {ticks} 700 700\ncpu0 1 2 3\n"
    assert machine_ms(line) == 3000


def burn(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_own_work_is_seen_to_the_millisecond():
    before, machine = tree_ms(os.getpid()), machine_ms()
    burn(0.05)
    assert 49 < tree_ms(os.getpid()) - before < 150
    assert machine_ms() - machine >= 30


def test_a_child_that_ended_is_not_forgotten():
    program = "import time\nwhile time.process_time() < 0.3: pass"
    before = tree_ms(os.getpid())
    subprocess.run([sys.executable, "-I", "-c", program], check=True)
    assert tree_ms(os.getpid()) - before > 280

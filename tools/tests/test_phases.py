"""The phases of `./sen test`: each test in one of them, and nothing left when they are stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tools import phases
from tools.environment import ROOT

MARKED = {"tests/journeys": "journey", "tests/storms": "storm"}
PLACES = {
    one.name: {ROOT / word for places in one.places for word in places if not word.startswith("-")}
    for one in phases.PHASES
}


def files_of_tests() -> list[Path]:
    """Every file of tests that git would take, wherever it is."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*test_*.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git repository")
    return [ROOT / line for line in listed.stdout.split() if (ROOT / line).exists()]


def test_every_test_lies_where_a_phase_looks():
    looked_at = set().union({ROOT / phases.CHECKS[-1][1][-1]}, *PLACES.values())
    lost = [
        str(path.relative_to(ROOT))
        for path in files_of_tests()
        if path.name.startswith("test_") and looked_at.isdisjoint(path.parents)
    ]
    assert lost == []


@pytest.mark.parametrize(("phase", "mark"), [("journeys", "journey"), ("storms", "storm")])
def test_what_is_marked_lies_where_its_phase_looks(phase, mark):
    lost = [
        str(path.relative_to(ROOT))
        for path in files_of_tests()
        if f"pytest.mark.{mark}\n" in path.read_text(encoding="utf-8")
        and PLACES[phase].isdisjoint(path.parents)
    ]
    assert lost == []


def test_every_journey_and_storm_says_so():
    unmarked = [
        str(path.relative_to(ROOT))
        for place, mark in MARKED.items()
        for path in (ROOT / place).glob("test_*.py")
        if f"pytest.mark.{mark}" not in path.read_text(encoding="utf-8")
    ]
    assert unmarked == []


def test_a_phase_is_units_journeys_or_storms():
    assert [(one.name, one.marks) for one in phases.PHASES] == [
        ("units", "not journey and not storm and not long"),
        ("journeys", "journey and not long"),
        ("storms", "storm and not long"),
    ]


def test_each_file_of_the_largest_package_is_read_by_one_of_the_two_sides():
    sides = [
        [str(ROOT / word.partition("=")[2]) for word in places if word.startswith("--ignore-glob")]
        for places in phases.PHASES[0].places
    ]
    files = sorted((ROOT / phases.LARGEST / "tests").glob("test_*.py"))
    read = {
        path.name: [not any(fnmatch(str(path), glob) for glob in globs) for globs in sides]
        for path in files
    }
    assert {name: sum(by) for name, by in read.items()} == dict.fromkeys(read, 1)
    assert [any(column) for column in zip(*read.values(), strict=True)] == [True, True]


CHILD = """
import pathlib, signal, sys, time
heard = pathlib.Path(sys.argv[1])
try:
    heard.write_text("runs")
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)
    heard.write_text("cleared up")
    sys.exit(2)
"""
PARENT = """
import os, signal, sys
from tools import phases
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as shells do for what runs in the background
phases._run("units", [[sys.executable, "-c", sys.argv[1], sys.argv[2]]], dict(os.environ))
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_phase_waits_until_it_has_cleared_up(tmp_path, how):
    """The terminal tells the whole group; the phase hears it once, from us."""
    heard = tmp_path / "heard"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, str(heard)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 20
    while not heard.exists() or heard.read_text() != "runs":
        assert time.monotonic() < until
        time.sleep(0.05)

    os.killpg(parent.pid, how)
    said, _errors = parent.communicate(timeout=30)

    assert heard.read_text() == "cleared up"
    assert "what the tests have started is being ended" in said
    assert parent.returncode != 0


def say(words, code=0):
    return [sys.executable, "-c", f"print({words!r}); exit({code})"]


def test_seconds_and_outcome_are_printed(capfd):
    assert phases._run("units", [say("hier")], dict(os.environ)) == 0
    assert phases._run("storms", [say("dort", 3)], dict(os.environ)) == 3
    said = capfd.readouterr().out
    assert "== units: ok in " in said
    assert "== storms: FAILED (3) in " in said
    assert "hier" in said


def test_of_two_side_by_side_both_are_printed_and_one_failure_counts(capfd):
    assert phases._run("units", [say("links"), say("rechts", 4)], dict(os.environ)) == 4
    said = capfd.readouterr().out
    assert said.index("\nlinks") < said.index("\nrechts") < said.index("FAILED (4)")


def test_two_side_by_side_have_a_database_each(capfd):
    told = {**os.environ, "SEN_TEST_DATABASE": "test_sen_two"}
    name = [sys.executable, "-c", "import os; print(os.environ['SEN_TEST_DATABASE'])"]
    assert phases._run("units", [name, name], told) == 0
    assert capfd.readouterr().out.split()[-8:-5] == ["test_sen_two", "test_sen_two_b", "=="]

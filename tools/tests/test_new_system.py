"""A new system passes every check at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files
from tools import new_system
from tools.new_system import Refused
from tools.phases import CHECKS


@pytest.mark.parametrize(
    ("name", "title", "said"),
    [
        ("LandUse", "Đất đai", "lower_snake"),
        ("land-use", "Đất đai", "lower_snake"),
        ("class", "Đất đai", "lower_snake"),
        ("core", "Đất đai", "says nothing"),
        ("inbox", "Hộp việc", "exists"),
        ("land_use", "", "title"),
        ("land_use", 'Đất "đai"', "title"),
        ("land_use", "{% đất %}", "title"),
    ],
)
def test_what_cannot_become_a_system_is_refused(name, title, said):
    with pytest.raises(Refused, match=said):
        new_system.refuse(name, title, new_system.SYSTEMS / name)


@pytest.fixture
def repository(tmp_path):
    """A copy of the repository as it would be committed now, with what mypy remembers of it."""
    copy = tmp_path / "sen"
    remembered = ROOT / ".mypy_cache"
    if remembered.exists():
        shutil.copytree(remembered, copy / remembered.name)
    for path in files():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return copy


@pytest.mark.journey
def test_new_system_passes_every_check_and_its_own_tests(repository):
    told = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(repository / "src"), str(repository)]),
        "DJANGO_SETTINGS_MODULE": "sen.config.settings",
        "SEN_TEST_DATABASE": f"{os.environ.get('SEN_TEST_DATABASE', 'test_sen')}_new",
    }

    def run(*command):
        program = Path(sys.executable).with_name(command[0])
        done = subprocess.run(
            [program, *command[1:]],
            cwd=repository, env=told, check=False, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr if done.returncode else ""

    made = run("python", "-m", "tools.new_system", "land_use", "Quản lý đất đai")
    found = {name: run(*command) for name, command in CHECKS if name != "architecture"}
    pytest_quietly = (
        "python",
        "-m",
        "pytest",
        "-q",
        "--ds=sen.config.settings_test",
        "-p",
        "no:cacheprovider",
    )
    own = run(*pytest_quietly, "src/sen/systems/land_use")
    whole = run(*pytest_quietly, "tests/architecture", "-k", "not contracts and not forward_again")

    assert made == (0, "")
    assert found == dict.fromkeys(found, (0, ""))
    assert own == (0, "")
    assert whole == (0, "")

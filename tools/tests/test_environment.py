from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tools import environment
from tools.environment import Stop, is_ready
from tools.phases import Count


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """An empty environment and lock files of its own."""
    folder = tmp_path / "a venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", folder / "sen-stamp.json")
    monkeypatch.setattr(environment, "UNFINISHED", folder / "sen-unfinished")
    locks = {name: tmp_path / f"{name}.lock" for name in ("run", "dev", "uv")}
    for name, path in locks.items():
        path.write_text(name)
    monkeypatch.setattr(environment, "LOCKS", locks)
    return folder


def stamp(venv, *names):
    digests = {name: environment._digest(name) for name in names}
    (venv / "sen-stamp.json").write_text(json.dumps(digests))


def test_new_environment_is_not_ready(venv):
    assert (is_ready("run"), is_ready("dev")) == (False, False)


def test_running_environment_lacks_the_tools(venv):
    stamp(venv, "run")

    assert (is_ready("run"), is_ready("dev")) == (True, False)


def test_developers_environment_serves_both(venv):
    stamp(venv, "run", "dev")

    assert (is_ready("run"), is_ready("dev")) == (True, True)


def test_changed_lock_file_asks_for_an_installation(venv):
    stamp(venv, "run", "dev")
    environment.LOCKS["run"].write_text("newer")

    assert (is_ready("run"), is_ready("dev")) == (False, False)


def test_environment_without_its_python_is_not_ready(venv):
    stamp(venv, "run")
    (venv / "bin" / "python").unlink()

    assert is_ready("run") is False


def test_broken_stamp_is_no_stamp(venv):
    (venv / "sen-stamp.json").write_text('{"run": ')

    assert is_ready("run") is False


def test_ready_environment_is_left_alone(venv):
    stamp(venv, "run")
    before = sorted(path.name for path in venv.iterdir())

    environment.bootstrap("run")

    assert sorted(path.name for path in venv.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("error: No space left on device (os error 28)", "the disk is full"),
        (
            "The virtual environment was not created because ensurepip is not available",
            "apt install python3-venv",
        ),
        ("Failed to fetch: dns error", "cannot download packages"),
        ("error: Hash mismatch for `django`", "not the one that was locked"),
        ("something new", "the installation failed"),
    ],
)
def test_failed_installation_says_plainly_what_is_in_the_way(words, said):
    with pytest.raises(Stop) as stopped:
        environment._run([sys.executable, "-c", f"print({words!r}); raise SystemExit(2)"])

    assert said in str(stopped.value)
    assert words in str(stopped.value)


def test_folder_that_cannot_be_written_is_named(venv, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(environment, "VENV", tmp_path / "file" / "venv")

    with pytest.raises(Stop, match="cannot install into"):
        environment.bootstrap("run")


def test_words_are_listed_without_an_environment(tmp_path):
    """From any folder, with nothing but the standard library."""
    listed = subprocess.run(
        [sys.executable, "-I", "-S", environment.ROOT / "sen"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env={"SEN_VENV": str(tmp_path / "none")},
    )  # fmt: skip

    assert [word for word in ("bootstrap", "demo", "serve", "test", "check", "new-system") if f"\n  {word} " in listed.stdout] == [
        "bootstrap", "demo", "serve", "test", "check", "new-system",
    ]  # fmt: skip
    assert not (tmp_path / "none").exists()


def test_count_adds_up_reports(tmp_path):
    report = tmp_path / "units.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="3"/></testsuites>'
    )
    count = Count()

    count.add(report)
    count.add(report)
    count.add(tmp_path / "missing.xml")

    assert str(count) == "10 passed, 4 failed, 6 skipped"


@pytest.mark.long
def test_environment_is_made_and_repaired(tmp_path):
    """Downloads everything: run by name where a package index can be reached."""
    import os

    told = {**os.environ, "SEN_VENV": str(tmp_path / "một chỗ" / "venv")}
    command = [sys.executable, environment.ROOT / "sen", "bootstrap"]
    subprocess.run(command, check=True, env=told, cwd="/")
    site = next((tmp_path / "một chỗ" / "venv" / "lib").glob("python3.*/site-packages"))
    assert (site / "django" / "__init__.py").exists()

    (site / "django" / "__init__.py").unlink()
    (tmp_path / "một chỗ" / "venv" / "sen-stamp.json").unlink()
    (tmp_path / "một chỗ" / "venv" / "sen-unfinished").touch()
    both = [subprocess.Popen(command, env=told, cwd="/") for _ in range(2)]

    assert [one.wait(300) for one in both] == [0, 0]
    assert (site / "django" / "__init__.py").exists()


def test_sources_are_compiled_for_who_may_only_read_them(venv, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    for name in ("src", "tools"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.py").write_text("ONE = 1\n")

    environment.compile_sources()

    assert len(list(tmp_path.glob("*/__pycache__/one.*.pyc"))) == len(("src", "tools"))

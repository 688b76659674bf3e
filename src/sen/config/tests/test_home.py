from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from sen.config.home import CannotStart, claim, reset, secret, write


def test_claim_marks_an_empty_folder(tmp_path):
    home = claim(tmp_path / "var")

    assert {path.name for path in home.iterdir()} == {".sen-home", "run", "logs", "secrets"}
    assert (home / "secrets").stat().st_mode & 0o777 == 0o700


def test_reset_deletes_only_what_sen_keeps(tmp_path):
    home = claim(tmp_path / "var")
    (home / "files" / "ab").mkdir(parents=True)
    (home / "mine.txt").write_text("keep")
    (home / "test").mkdir()

    reset(home)

    assert {path.name for path in home.iterdir()} == {".sen-home", "run", "mine.txt", "test"}


def test_reset_keeps_locks_that_others_may_hold(tmp_path):
    home = claim(tmp_path / "var")
    (home / "run" / "postgresql.lock").touch()
    (home / "run" / "ports.json").touch()

    reset(home)

    assert [path.name for path in (home / "run").iterdir()] == ["postgresql.lock"]


def test_reset_refuses_a_folder_that_held_other_things(tmp_path):
    (tmp_path / "thesis.odt").touch()
    claim(tmp_path)
    (tmp_path / "files").mkdir()

    with pytest.raises(CannotStart):
        reset(tmp_path)

    assert (tmp_path / "files").exists()


def test_reset_of_a_missing_home_does_nothing(tmp_path):
    reset(tmp_path / "none")

    assert not (tmp_path / "none").exists()


def test_secret_is_made_once_for_its_owner_alone(tmp_path):
    first = secret(tmp_path, "django")

    assert secret(tmp_path, "django") == first
    assert len(first) == 43
    assert (tmp_path / "secrets" / "django").stat().st_mode & 0o777 == 0o600


def test_secret_is_one_for_all_who_ask_at_once(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(secret(tmp_path, "fields"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_secret_that_others_can_read_is_refused(tmp_path):
    secret(tmp_path, "django")
    (tmp_path / "secrets" / "django").chmod(0o640)

    with pytest.raises(CannotStart):
        secret(tmp_path, "django")


def test_secret_from_the_environment_stands_first(tmp_path, monkeypatch):
    monkeypatch.setenv("SEN_SECRET_DATABASE_APP", "given")

    assert secret(tmp_path, "database-app") == "given"
    assert not (tmp_path / "secrets").exists()


def test_write_tells_whether_it_changed_anything(tmp_path):
    path = tmp_path / "x"

    assert [write(path, "a"), write(path, "a"), write(path, "b")] == [True, False, True]
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


def test_write_without_replacing_leaves_what_is_there(tmp_path):
    path = tmp_path / "x"
    path.write_text("first")

    assert write(path, "second", replace=False) is False
    assert path.read_text() == "first"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_claim_says_plainly_that_it_may_not_write():
    with pytest.raises(CannotStart, match="cannot use"):
        claim(Path("/proc/sen"))

"""Which server counts as running, and what is left of one that was killed."""

from __future__ import annotations

import os

import pytest

from sen.config import postgresql_process
from sen.config.home import CannotStart
from sen.config.postgresql_place import Place, SystemUser


def test_pid_files_of_a_dead_server_are_removed_from_the_data_and_beside_the_socket(tmp_path):
    folders = {name: tmp_path / name for name in ("data", "socket")}
    for folder in folders.values():
        folder.mkdir()
    left = [folders["data"] / "postmaster.pid", folders["socket"] / ".s.PGSQL.5432.lock"]
    for file in left:
        file.write_text("1\n")
    user = SystemUser("me", os.getuid(), os.getgid())
    place = Place(home=tmp_path, settings=tmp_path, binaries=tmp_path, user=user, **folders)

    postgresql_process._drop_stale_pid_file(place)

    assert [file.exists() for file in left] == [False, False]


def test_server_that_lives_and_cannot_be_seen_is_not_taken_for_dead(tmp_path, monkeypatch):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    monkeypatch.setattr(postgresql_process, "_proc", lambda _pid: tmp_path / "hidden")

    with pytest.raises(CannotStart, match="ProtectProc"):
        postgresql_process.find(tmp_path, os.getuid())
    assert (tmp_path / "postmaster.pid").exists()

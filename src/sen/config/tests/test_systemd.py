from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sen.config import systemd
from sen.config.programs import ROOT

HARDENING = {
    "NoNewPrivileges=yes", "ProtectSystem=strict", "ReadWritePaths=/var/lib/sen",
    "Restart=on-failure", "KillMode=mixed", "Type=notify", "User=sen",
}  # fmt: skip
BACKUPS = ["--user", "sen", "--backups", "/mnt/backups"]


def test_unit_says_what_to_run_and_keeps_all_else_out(capsys):
    assert systemd.main(["--user", "sen", "--", "--port", "8000", "--host", "0.0.0.0"]) == 0
    lines = set(capsys.readouterr().out.splitlines())

    assert lines >= HARDENING
    assert f"ExecStart={ROOT}/sen serve --port 8000 --host 0.0.0.0" in lines
    assert "AmbientCapabilities=" in lines


@pytest.mark.parametrize("word", ["--port", "--plain-port"])
def test_low_port_gets_the_one_capability_it_needs(word):
    text = systemd.service([word, "443"], systemd.Place())

    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in text.splitlines()


def test_backups_are_made_every_night_by_a_unit_that_may_write_them(tmp_path, capsys):
    assert systemd.main([*BACKUPS, "--into", str(tmp_path), "--", "--port", "443"]) == 0

    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert sorted(written) == ["sen-backup.service", "sen-backup.timer", "sen.service"]
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / name) for name in ("sen.service", "sen-backup.service", "sen-backup.timer")
    ]
    backup = set(written["sen-backup.service"].splitlines())
    writable = "ReadWritePaths=/var/lib/sen -/mnt/backups"
    assert backup >= {
        "Type=oneshot", "User=sen", "EnvironmentFile=-/etc/sen/environment", writable,
        f"ExecStart={ROOT}/sen backup /mnt/backups --keep 14", "AmbientCapabilities=",
        "ProtectProc=default",  # it has to see the service's PostgreSQL, which may bind port 443
    }  # fmt: skip
    assert writable in written["sen.service"].splitlines()  # it copies before tables change
    assert "OnCalendar=*-*-* 02:10:00 Asia/Ho_Chi_Minh" in written["sen-backup.timer"].splitlines()


def test_without_a_folder_for_backups_there_is_the_service_alone(tmp_path):
    assert systemd.main(["--into", str(tmp_path)]) == 0

    assert [path.name for path in tmp_path.iterdir()] == ["sen.service"]


def test_folder_that_is_not_there_is_told_of(tmp_path, capsys):
    assert systemd.main(["--into", str(tmp_path / "nowhere")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    place = systemd.Place(
        user="root", home=tmp_path, environment=tmp_path / "environment", backups=Path("/mnt")
    )
    found = systemd.units(["--port", "443"], place)
    for name, text in found.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in found)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert [line for line in verified.stderr.splitlines() if "/sen" in line] == []
    assert verified.returncode == 0

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


def test_unit_says_what_to_run_and_keeps_all_else_out(capsys):
    assert systemd.main(["--user", "sen", "--", "--port", "8000", "--host", "0.0.0.0"]) == 0
    lines = set(capsys.readouterr().out.splitlines())

    assert lines >= HARDENING
    assert f"ExecStart={ROOT}/sen serve --port 8000 --host 0.0.0.0" in lines
    assert "AmbientCapabilities=" in lines


@pytest.mark.parametrize("word", ["--port", "--plain-port"])
def test_low_port_gets_the_one_capability_it_needs(word):
    text = systemd.unit(
        [word, "443"], user="sen", home=Path("/var/lib/sen"), environment=Path("/etc/sen/e")
    )

    assert "AmbientCapabilities=CAP_NET_BIND_SERVICE" in text.splitlines()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_finds_no_fault_in_the_unit(tmp_path):
    text = systemd.unit(
        ["--port", "443"], user="root", home=tmp_path, environment=tmp_path / "environment"
    )
    path = tmp_path / "sen.service"
    path.write_text(text, encoding="utf-8")

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert [line for line in verified.stderr.splitlines() if "sen.service" in line] == []
    assert verified.returncode == 0

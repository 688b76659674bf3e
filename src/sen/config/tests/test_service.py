from __future__ import annotations

import socket
import time

import pytest

from sen.config.service import Service


@pytest.fixture
def ear(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(1)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "2000000")
        yield listening


def heard(ear) -> list[str]:
    said = []
    ear.setblocking(False)
    try:
        while True:
            said.append(ear.recv(4096).decode())
    except BlockingIOError:
        return said


def test_service_manager_is_told_what_happens(ear, monkeypatch):
    service = Service()
    service.ready("http://localhost:8000")
    service.status("restarting")
    service.stopping()

    assert heard(ear) == [
        "READY=1\nSTATUS=http://localhost:8000",
        "STATUS=restarting",
        "STOPPING=1",
    ]


def test_beat_comes_several_times_in_the_time_it_is_waited_for(ear):
    service = Service()
    for _ in range(3):
        service.beat()
    first = heard(ear)
    time.sleep(0.6)
    service.beat()

    assert (first, heard(ear)) == (["WATCHDOG=1"], ["WATCHDOG=1"])


def test_without_a_service_manager_nothing_is_said(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    service = Service()

    service.ready("x")
    service.beat()


def test_service_manager_that_is_gone_is_borne(ear, tmp_path):
    service = Service()
    (tmp_path / "notify").unlink()

    service.stopping()

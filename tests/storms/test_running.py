"""`./sen demo` and its web server under what happens to processes: killed, doubled, overloaded."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sen.config import embedded
from sen.config.addresses import answers
from tests.storms.installation import Installation, children_of, is_alive, until

pytestmark = pytest.mark.storm


@pytest.fixture(scope="module")
def demo() -> Iterator[Installation]:
    started = Installation()
    try:
        started.must_start()
        yield started
    finally:
        started.end()


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20


def test_demo_answers_and_a_second_start_says_where(demo):
    assert answers(demo.web, "/healthz")
    assert set(demo.state["children"]) == {"simulators", "worker", "web"}

    other = Installation(demo.home)
    said = other.start()

    assert demo.state["address"] in said
    assert other.process.wait(10) == 0
    assert other.start("--reset").count("running already") == 1
    shutil.rmtree(other.folder)


@pytest.mark.parametrize("name", ["simulators", "worker", "web"])
def test_killed_child_comes_back(demo, name):
    before = demo.pid(name)
    restarts = demo.state["children"][name]["restarts"]

    os.kill(before, signal.SIGKILL)

    until(lambda: demo.pid(name) not in {None, before})
    assert demo.state["children"][name]["restarts"] == restarts + 1
    until(lambda: answers(demo.web, "/healthz"))


def test_without_a_collector_nothing_of_traces_is_loaded(demo):
    until(lambda: children_of(demo.pid("web")))
    processes = [*children_of(demo.pid("web")), demo.pid("worker")]

    maps = [Path(f"/proc/{pid}/maps").read_text() for pid in processes]

    assert ["google/_upb" in text for text in maps] == [False] * len(maps)


def test_web_process_never_outlives_its_master(demo):
    until(lambda: children_of(demo.pid("web")))
    master = demo.pid("web")
    (serving,) = children_of(master)

    os.kill(master, signal.SIGKILL)

    until(lambda: not is_alive(serving), 5)
    until(lambda: demo.pid("web") not in {None, master} and answers(demo.web, "/healthz"))


def test_serving_process_that_dies_comes_back(demo):
    until(lambda: children_of(demo.pid("web")))
    (serving,) = children_of(demo.pid("web"))

    os.kill(serving, signal.SIGKILL)

    until(lambda: not is_alive(serving), 5)
    until(lambda: answers(demo.web, "/healthz"))


def test_postgresql_killed_under_load_is_back_and_every_page_with_it(demo):
    """Four clients ask a page that reads the database, while the server is killed and restarted."""
    until(lambda: answers(demo.web, "/readyz"))
    seen: list[tuple[float, bool]] = []
    is_over = threading.Event()

    def keep_asking() -> None:
        while not is_over.is_set():
            seen.append((time.monotonic(), answers(demo.web, "/readyz", timeout=30)))

    clients = [threading.Thread(target=keep_asking) for _ in range(4)]
    for client in clients:
        client.start()
    time.sleep(1)
    pid = demo.postmaster
    killed_at = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    until(lambda: not is_alive(pid))
    until(lambda: embedded.is_running(demo.home), 40)
    until(lambda: answers(demo.web, "/readyz"), 40)
    back_at = time.monotonic()
    time.sleep(3)
    is_over.set()
    for client in clients:
        client.join()

    assert all(is_well for at, is_well in seen if at < killed_at - 0.5)
    assert [at - back_at for at, is_well in seen if at > back_at + 0.5 and not is_well] == []
    assert back_at - killed_at < 30


def test_two_gigabytes_are_refused_at_the_door(demo):
    (serving,) = children_of(demo.pid("web"))
    before = resident_mb(serving)

    with socket.create_connection((demo.web.host, demo.web.port), timeout=20) as line:
        line.sendall(
            b"POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2147483648\r\n\r\n"
        )
        answer = line.recv(65536)  # nothing of the body was sent

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"problem+json" in answer
    assert resident_mb(serving) - before < 8


def test_two_gigabytes_without_a_length_are_cut_off(demo):
    (serving,) = children_of(demo.pid("web"))
    before = resident_mb(serving)
    sent = 0
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    with socket.create_connection((demo.web.host, demo.web.port), timeout=20) as line:
        line.sendall(
            b"POST /ho-so/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        try:
            while sent < 2**31:
                line.sendall(piece)
                sent += 65536
        except OSError:
            pass
        answer = line.recv(65536)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert sent < 64 * 2**20
    assert resident_mb(serving) - before < 16


def test_slow_senders_hold_back_nobody(demo):
    lines = [socket.create_connection((demo.web.host, demo.web.port)) for _ in range(40)]
    try:
        for line in lines:
            line.sendall(
                b"POST /ho-so/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nslow"
            )
        began = time.monotonic()

        assert answers(demo.web, "/healthz")
        assert time.monotonic() - began < 2
    finally:
        for line in lines:
            line.close()


def test_supervisor_killed_hard_takes_its_children_but_not_the_data(demo):
    children = [demo.pid(name) for name in ("web", "worker", "simulators")]
    serving = children_of(demo.pid("web"))
    port = demo.web.port
    database = embedded.ensure_running(demo.home).pid

    demo.process.kill()
    demo.process.wait()

    until(lambda: not any(map(is_alive, [*children, *serving])), 5)
    assert is_alive(database)
    assert "Sen is running" in demo.start()
    assert embedded.ensure_running(demo.home).pid == database
    assert demo.web.port == port


def test_asked_to_stop_it_ends_all_within_30_seconds(demo):
    children = [demo.pid(name) for name in ("web", "worker", "simulators")]
    with socket.create_connection((demo.web.host, demo.web.port)):
        began = time.monotonic()
        assert demo.stop() == 0

    assert time.monotonic() - began < 30
    assert not any(map(is_alive, children))
    assert embedded.is_running(demo.home) is False

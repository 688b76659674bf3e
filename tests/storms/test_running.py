"""`./sen demo` and its web server under what happens to processes: killed, doubled, overloaded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sen.config import embedded
from sen.config.addresses import Address, answers

pytestmark = pytest.mark.storm

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180.0


class Demo:
    """A `./sen demo` of its own home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> str:
        """Start it and return what it said until it ran, or ended."""
        told = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("SEN_", "DATABASE_URL", "DJANGO_"))
        }
        told |= {"SEN_HOME": str(self.home), "PYTHONUTF8": "1"}
        told["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        said = self.home.parent / f"said-{time.monotonic_ns()}"
        with said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sen.config", "demo", *words],
                env=told, stdout=output, stderr=subprocess.STDOUT, cwd="/",
            )  # fmt: skip
        until(
            lambda: "Ctrl-C" in said.read_text() or self.process.poll() is not None, START_SECONDS
        )
        return said.read_text()

    @property
    def state(self) -> dict:
        return json.loads((self.home / "run" / "supervisor.json").read_text())

    def pid(self, name: str) -> int:
        return self.state["children"][name]["pid"]

    @property
    def web(self) -> Address:
        return Address("127.0.0.1", int(self.state["address"].rpartition(":")[2]))

    def end(self) -> int:
        """Ask it to stop and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)


@pytest.fixture(autouse=True)
def no_settings_of_the_test_run(monkeypatch):
    for name in ("DATABASE_URL", "SEN_OWNER_DATABASE_URL", "SEN_POSTGRES_FSYNC"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="sen storm "))
    started = Demo(folder / "var")
    try:
        said = started.start()
        assert "Sen is running" in said, said
        yield started
    finally:
        if started.process and started.process.poll() is None:
            started.end()
        embedded.remove(folder / "var")
        shutil.rmtree(folder)


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20


def test_demo_answers_and_a_second_start_says_where(demo):
    assert answers(demo.web, "/healthz")
    assert set(demo.state["children"]) == {"simulators", "worker", "web"}

    other = Demo(demo.home)
    said = other.start()

    assert demo.state["address"] in said
    assert other.process.wait(10) == 0
    assert Demo(demo.home).start("--reset").count("running already") == 1


@pytest.mark.parametrize("name", ["simulators", "worker", "web"])
def test_killed_child_comes_back(demo, name):
    before = demo.pid(name)
    restarts = demo.state["children"][name]["restarts"]

    os.kill(before, signal.SIGKILL)

    until(lambda: demo.pid(name) not in {None, before})
    assert demo.state["children"][name]["restarts"] == restarts + 1
    until(lambda: answers(demo.web, "/healthz"))


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
    pid = int((demo.home / "postgresql-18" / "data" / "postmaster.pid").read_text().split()[0])
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
        assert demo.end() == 0

    assert time.monotonic() - began < 30
    assert not any(map(is_alive, children))
    assert embedded.is_running(demo.home) is False

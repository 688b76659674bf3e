"""`./sen restart` under load: no client sees an error, a cut connection or a refused one."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Self

import pytest

from tests.storms import books, crowd
from tests.storms.clients import Seen
from tests.storms.installation import Installation, children_of, is_alive, until

pytestmark = pytest.mark.storm

LIVES = 6
KEPT_LINES, NEW_LINES = 3, 2


@pytest.fixture(scope="module")
def demo() -> Iterator[Installation]:
    started = Installation()
    try:
        started.must_start()
        yield started
    finally:
        started.end()


class Hammer:
    """Clients who ask one page after the other, on kept lines or each on a new one; none tries again."""

    def __init__(self, demo: Installation) -> None:
        self.place = ("127.0.0.1", demo.web.port)
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        asking = [self._keep_line] * KEPT_LINES + [self._open_line] * NEW_LINES
        self._clients = [threading.Thread(target=ask) for ask in asking]

    def __enter__(self) -> Self:
        for client in self._clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for client in self._clients:
            client.join()

    def _keep_line(self) -> None:
        line = None
        while not self._is_over.is_set():
            line = line or http.client.HTTPConnection(*self.place, timeout=60)
            if self._ask(line):
                line.close()
                line = None
        if line is not None:
            line.close()

    def _open_line(self) -> None:
        while not self._is_over.is_set():
            line = http.client.HTTPConnection(*self.place, timeout=60)
            self._ask(line)
            line.close()

    def _ask(self, line: http.client.HTTPConnection) -> bool:
        """Ask once; return whether the line is over."""
        began, is_over = time.monotonic(), True
        try:
            line.request("GET", "/xac-minh/")
            response = line.getresponse()
            response.read()
            said, is_over = str(response.status), response.will_close
        except (OSError, http.client.HTTPException) as error:
            said = repr(error)
        with self._lock:
            self.seen[said] += 1
            self.seen["asked to come again"] += said == "200" and is_over
            self.slowest = max(self.slowest, time.monotonic() - began)
        time.sleep(0.005)
        return is_over


def test_restart_under_load_is_seen_by_nobody(demo, scan):
    crew = crowd.made_in(demo)
    seen = Seen()
    lives = crowd.births(demo, crew, LIVES, seen, seed=4)
    before = {name: demo.pid(name) for name in ("web", "worker")}
    serving = children_of(before["web"])
    wrong: list[str] = []
    living = threading.Thread(target=lambda: wrong.extend(crowd.live_all(lives, scan)))

    with Hammer(demo) as hammer:
        living.start()
        time.sleep(2)
        restarted = demo.run("sen.config", "restart")
        time.sleep(2)
        living.join()
    books.wait_until_quiet(demo)

    print(f"{dict(hammer.seen)}, slowest {hammer.slowest:.2f} s; lives: {seen.requests} requests")
    assert restarted.returncode == 0, restarted.stdout
    after = {name: demo.pid(name) for name in ("web", "worker")}
    assert [name for name in before if before[name] == after[name]] == []
    until(lambda: not any(map(is_alive, [*before.values(), *serving])))
    assert set(hammer.seen) == {"200", "asked to come again"}
    assert hammer.seen["asked to come again"] >= KEPT_LINES
    assert wrong == []
    assert (dict(seen.retries), seen.faults) == ({}, [])
    assert books.faults(demo, lives) == []


def test_idle_line_is_closed_and_an_answer_under_way_comes(demo):
    """A download that began before the restart ends after it; who only holds a line loses it."""
    idle = http.client.HTTPConnection("127.0.0.1", demo.web.port, timeout=60)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    slow = http.client.HTTPConnection("127.0.0.1", demo.web.port, timeout=60)
    slow.putrequest("POST", "/ngon-ngu/")
    slow.putheader("Content-Length", "1")
    slow.endheaders()
    time.sleep(0.5)

    restarting = threading.Thread(target=lambda: demo.run("sen.config", "restart"))
    web = demo.pid("web")
    restarting.start()
    until(lambda: demo.pid("web") not in {None, web}, 120)
    until(lambda: "rolls" in demo.state, 5)
    time.sleep(1)
    slow.send(b"x")
    answer = slow.getresponse()
    answer.read()
    restarting.join()

    assert answer.status in {302, 403, 404, 405}
    assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
    slow.close()

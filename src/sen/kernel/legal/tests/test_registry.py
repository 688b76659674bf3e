"""What takes long to make is made behind those who ask, and nobody gets an old one for long."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from sen.kernel.legal import public as legal
from sen.kernel.legal import registry

SOON = 10


class Slow:
    """An answer that is made when `may_end` is set, the edition it is made for, and who made it."""

    def __init__(self) -> None:
        self.edition = 1
        self.made: list[tuple[int, str]] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.ended = threading.Event()
        self.fails = False
        self.ready = registry.Ready(lambda: self.edition, self.load, self.ended.set)
        self.ready.renew()

    def load(self) -> str:
        edition = self.edition
        self.made.append((edition, threading.current_thread().name))
        assert self.may_end.wait(SOON)
        if self.fails:
            raise ValueError("cannot be made")
        return f"of {edition}"


@pytest.fixture
def slow() -> Slow:
    return Slow()


HERE = threading.main_thread().name


def test_the_former_answer_is_given_while_the_new_one_is_made_once(slow):
    assert slow.ready.of(1) == "of 1"
    slow.may_end.clear()
    slow.edition = 2

    assert [slow.ready.of(2) for _turn in range(3)] == ["of 1"] * 3
    slow.may_end.set()
    assert slow.ended.wait(SOON)

    assert slow.ready.of(2) == "of 2"
    assert slow.made == [(1, HERE), (2, "ready")]


def test_whoever_asks_long_after_it_was_last_true_waits(slow, monkeypatch):
    assert slow.ready.of(1) == "of 1"
    monkeypatch.setattr(registry, "FORMER_SECONDS", -1.0)
    slow.edition = 2

    assert slow.ready.of(2) == "of 2"
    assert slow.made == [(1, HERE), (2, HERE)]


def test_who_waits_waits_for_what_is_being_made_already(slow, monkeypatch):
    slow.may_end.clear()
    slow.edition = 2
    slow.ready.hear(2)
    monkeypatch.setattr(registry, "FORMER_SECONDS", -1.0)
    threading.Timer(0.05, slow.may_end.set).start()

    assert slow.ready.of(2) == "of 2"
    assert slow.made == [(1, HERE), (2, "ready")]


def test_it_is_made_as_soon_as_another_edition_is_heard_of(slow):
    slow.ready.hear(1)
    slow.edition = 2
    slow.ready.hear(2)
    assert slow.ended.wait(SOON)

    assert slow.made == [(1, HERE), (2, "ready")]
    assert slow.ready.of(2) == "of 2"


def test_an_edition_that_is_not_committed_makes_nothing_new(slow):
    slow.ready.hear(2)  # the thread reads 1, which is made
    assert slow.ended.wait(SOON)

    assert slow.made == [(1, HERE)]
    assert slow.ready.of(1) == "of 1"


def test_a_request_that_began_before_the_change_gets_what_was_true_then(slow):
    slow.edition = 2
    slow.ready.hear(2)
    assert slow.ended.wait(SOON)
    slow.edition = 1

    assert slow.ready.of(1) == "of 1"


def test_what_cannot_be_made_is_told_and_met_by_who_may_not_get_the_former(slow, monkeypatch):
    slow.fails, slow.edition = True, 2
    with capture_logs() as said:
        assert slow.ready.of(2) == "of 1"
        assert slow.ended.wait(SOON)
        assert slow.ready.of(2) == "of 1"  # and no thread tries again at once
    assert [line["event"] for line in said] == ["legal.not_made"]
    assert slow.made == [(1, HERE), (2, "ready")]

    monkeypatch.setattr(registry, "FORMER_SECONDS", -1.0)
    with pytest.raises(ValueError, match="cannot be made"):
        slow.ready.of(2)
    slow.fails = False
    assert slow.ready.of(2) == "of 2"


def test_where_no_thread_is_to_be_had_the_next_may_still_make_it(slow, monkeypatch):
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    slow.edition = 2
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        with pytest.raises(RuntimeError, match="new thread"):
            slow.ready.hear(2)

    slow.ready.hear(2)
    assert slow.ended.wait(SOON)
    assert slow.ready.of(2) == "of 2"


@pytest.fixture
def behind(monkeypatch) -> Callable[[], None]:
    """Return what waits until the threads that were begun have ended."""
    begun: list[threading.Thread] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        begun.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted)

    def wait() -> None:
        for thread in begun:
            thread.join(SOON)

    return wait


def test_what_is_kept_ready_is_made_by_the_first_request_after_a_change(committed_db, behind):
    made = []

    def load() -> int:
        made.append(threading.current_thread().name)
        return len(made)

    legal.keep_ready("menu", "tests", load)
    legal.begin_request()
    assert legal.cached("menu", "tests", load) == 1

    legal.bump("menu")
    legal.begin_request()
    legal.editions()  # a request for something else
    behind()
    legal.begin_request()

    assert legal.cached("menu", "tests", load) == 2
    assert made == [HERE, "ready"]

    legal.bump("menu")
    legal.forget()
    assert legal.cached("menu", "tests", load) == 3
    assert made == [HERE, "ready", HERE]

"""The machine's clock jumps while everything runs, PostgreSQL's too: ahead by 40 hours, and back.

The clock is that of libfaketime (Debian's package `faketime`), under all programs of the
installation; the kernel's own is left alone, and so is what counts seconds (CLOCK_MONOTONIC).
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.storms import books, crowd
from tests.storms.clients import Seen
from tests.storms.installation import Installation, until
from tests.storms.lives import Life
from tests.storms.mailbox import Mailbox
from tests.storms.test_moment import Server, server

pytestmark = pytest.mark.storm

AHEAD = dt.timedelta(hours=40)


class Clock:
    """What the programs that look at it take for the time."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))
        if not found:
            pytest.skip("faketime is not installed")
        self._folder = tempfile.TemporaryDirectory(prefix="sen-clock-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)
        self._file = folder / "clock"
        self.told = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(dt.timedelta())

    def set(self, ahead: dt.timedelta) -> None:
        """Let it be ahead of the true one by so much; programs see it within a second or two."""
        new = self._file.with_suffix(".new")
        new.write_text(f"+{int(ahead.total_seconds())}s\n")
        new.chmod(0o644)
        new.replace(self._file)

    def end(self) -> None:
        self._folder.cleanup()


class Leaping(Installation):
    """An installation on a server whose clock leaps with its own."""

    word = "serve"

    def __init__(self, clock: Clock, database: Server, mailbox: Mailbox) -> None:
        super().__init__(
            **clock.told,
            DATABASE_URL=database.url("sen", "sen_app"),
            SEN_OWNER_DATABASE_URL=database.url("sen", "sen_owner"),
            SEN_MAIL_HOST="127.0.0.1",
            SEN_MAIL_PORT=str(mailbox.port),
        )
        self.clock, self.server, self.mailbox = clock, database, mailbox

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.url("sen"), autocommit=True) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def must_start(self) -> None:
        said = self.start("--workers", "1")
        assert "Sen is running" in said, said

    def leap(self, ahead: dt.timedelta) -> None:
        """Let the clock jump, and wait until the server and the worker have seen it."""
        self.clock.set(ahead)
        until(lambda: abs(self.ahead() - ahead) < dt.timedelta(minutes=1), 20)
        until(lambda: abs(self.beaten() - ahead) < dt.timedelta(minutes=1), 40)

    def ahead(self) -> dt.timedelta:
        """Return by how much PostgreSQL is ahead of the true time."""
        [(now,)] = self.rows("SELECT clock_timestamp()")
        return now - dt.datetime.now(dt.UTC)

    def beaten(self) -> dt.timedelta:
        """Return how far ahead of the true time the latest sign of a worker is."""
        [(at,)] = self.rows(
            "SELECT coalesce(max(last_heartbeat), now()) FROM procrastinate_workers"
        )
        return at - dt.datetime.now(dt.UTC)

    def people(self, lives: list[Life], seen: Seen) -> None:
        """Let everybody sign in: sessions and tokens of before the jump have ended."""
        self.crew = ""
        crew = crowd.made_in(self)
        for one in lives:
            father = crew["citizens"][one.number % crowd.CITIZENS]
            one.people = crowd.people(self, crew, one.place, father, seen)

    def waiting(self) -> int:
        [(count,)] = self.rows(
            "SELECT count(*) FROM notifications_delivery WHERE state = 'waiting'"
        )
        return int(count)


@pytest.fixture
def demo() -> Iterator[Leaping]:
    with ExitStack() as ended:
        clock = Clock()
        ended.callback(clock.end)
        mailbox = Mailbox()
        ended.callback(mailbox.go_away)
        database = ended.enter_context(server(**clock.told))
        made = Leaping(clock, database, mailbox)
        ended.callback(made.end)
        made.must_start()
        seeded = made.run("django", "seed_demo")
        assert seeded.returncode == 0, seeded.stderr
        yield made


@pytest.mark.long
def test_clock_that_jumps_ahead_and_back_under_everything_loses_nothing(demo, scan):
    seen = Seen()
    lives = crowd.births(demo, crowd.made_in(demo), 4, seen, 61, {"plain": 1})
    demo.rows(
        "UPDATE identity_person SET email = 'bao' || right(id::text, 6) || '@thu.test'"
        " WHERE full_name LIKE 'Nguyễn Bão %%'"
    )
    for one in lives[:2]:
        one.to_signing(scan)

    demo.leap(AHEAD)
    demo.people(lives, seen)
    with demo.mailbox.away():
        for one in lives[:2]:
            one._act("chair", "sign")
            one.from_signed()
        assert crowd.live_all(lives[2:3], scan) == []
        until(lambda: put_off(demo) > 0, 30)
        killed = demo.pid("worker")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)  # what it left says that it lives in 40 hours
        demo.leap(dt.timedelta())
    began = time.monotonic()
    demo.people(lives, seen)
    assert crowd.live_all(lives[3:], scan) == []

    until(lambda: not demo.waiting(), 120)
    until(lambda: demo.rows("SELECT count(*) FROM procrastinate_workers") == [(1,)], 60)
    print(
        f"\n  {len(demo.mailbox.letters)} letters, all out {time.monotonic() - began:.0f} s later"
    )
    letters = [letter.id for letter in demo.mailbox.letters]
    sent = demo.rows(
        "SELECT count(*) FROM notifications_delivery WHERE medium = 'email' AND state = 'sent'"
    )
    assert sent == [(len(letters),)]
    assert len(set(letters)) == len(letters) > 0
    assert seen.faults == []
    books.wait_until_quiet(demo)
    assert books.faults(demo, lives) == []
    for (entry,) in demo.rows("SELECT id FROM audit_entry ORDER BY random() LIMIT 3"):
        assert demo.run("django", "audit", "prove", str(entry)).returncode == 0
    verified = demo.run("django", "data", "verify")
    assert verified.returncode == 0, verified.stdout


def put_off(demo: Leaping) -> int:
    """Return how many jobs wait for a moment that is 39 hours or more away in truth."""
    [(count,)] = demo.rows(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at > %s",
        dt.datetime.now(dt.UTC) + dt.timedelta(hours=39),
    )
    return int(count)

"""Two machines, each with web and worker, one PostgreSQL, files on S3: any serves anybody."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sen.config import embedded
from sen.kernel.files.tests import object_store
from tests.storms import books, crowd
from tests.storms.clients import Client, Seen
from tests.storms.installation import Installation, rows, until

pytestmark = pytest.mark.storm

LIVES = 8
TURNS = itertools.count()


class Machine(Installation):
    """One of several machines: `./sen serve` against the database of another home."""

    word = "serve"

    def __init__(self, database: Path, shared: Path, store: object_store.ObjectStore) -> None:
        addresses = embedded.urls(database)
        super().__init__(
            DATABASE_URL=addresses.app,
            SEN_OWNER_DATABASE_URL=addresses.owner,
            SEN_SECRET_DJANGO="the same on every machine, long enough for a key",
            SEN_SECRET_FIELDS="the same on every machine, and long enough too",
            SEN_FILES=f"s3://{object_store.BUCKET}/two",
            SEN_S3_ENDPOINT=f"http://{object_store.HOST}:{store.port}",
            SEN_S3_KEY=object_store.KEY,
            SEN_S3_SECRET=object_store.SECRET,
        )
        self.shared_database = database
        self.home.mkdir()
        (shared / "signing").mkdir(exist_ok=True)
        (self.home / "signing").symlink_to(shared / "signing")

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        return rows(self.shared_database, sql, *parameters)


class Either(Client):
    """A client whose requests go to one machine and the other in turn."""

    def once(self, method: str, path: str, body: Any, key: str = "") -> Any:
        addresses = self.address.split()
        address = addresses[next(TURNS) % len(addresses)]
        return Client.once(replace(self, address=address), method, path, body, key)


@pytest.fixture(scope="module")
def machines(tmp_path_factory) -> Iterator[list[Machine]]:
    """Start both at once on an empty database: one prepares it, the other waits."""
    folder = tmp_path_factory.mktemp("shared")
    store = object_store.ObjectStore()
    with embedded.running(folder / "db"):
        started = [Machine(folder / "db", folder, store) for _ in range(2)]
        try:
            starting = [
                threading.Thread(target=one.start, args=("--workers", "1")) for one in started
            ]
            for thread in starting:
                thread.start()
            for thread in starting:
                thread.join()
            assert all(one.address for one in started), [
                path.read_text() for one in started for path in one.folder.glob("said-*")
            ]
            seeded = started[0].run("django", "seed_demo")
            assert seeded.returncode == 0, seeded.stderr
            yield started
        finally:
            for one in started:
                one.end()
            store.end()
    embedded.remove(folder / "db")


def test_whole_lives_go_to_both_in_turn_while_parts_of_one_are_killed(machines, scan):
    one, other = machines
    both = f"{one.address} {other.address}"
    seen = Seen()
    lives = crowd.births(one, crowd.made_in(one), LIVES, seen, seed=7)
    for life in lives:
        life.people = {
            role: Either(both, seen, token=client.token, session=client.session)
            for role, client in life.people.items()
        }
    wrong: list[str] = []
    living = threading.Thread(target=lambda: wrong.extend(crowd.live_all(lives, scan)))
    living.start()
    time.sleep(3)
    for name in ("worker", "web"):
        pid = other.pid(name)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        time.sleep(2)
    living.join()
    books.wait_until_quiet(one)
    print(f"{seen.requests} requests, {dict(seen.retries)}, {seen.replayed} replayed")

    assert wrong == []
    assert seen.faults == []
    assert seen.replayed > 0
    assert books.faults(one, lives) == []
    until(lambda: one.rows("SELECT count(*) FROM procrastinate_workers") == [(2,)], 60)
    here = [path for machine in machines for path in (machine.home / "files").rglob("*")]
    assert [path for path in here if path.is_file()] == []


def test_who_signed_in_at_one_is_signed_in_at_the_other_until_signing_out(machines):
    one, other = machines
    [father] = crowd.made_in(one)["citizens"][:1]
    statuses = []
    for machine in (one, other):
        client = Client(machine.address, Seen(), session=father["session"])
        statuses.append(client.once("GET", "/tai-khoan/", None)[0])
    one.rows("DELETE FROM identity_session")
    for machine in (one, other):
        client = Client(machine.address, Seen(), session=father["session"])
        statuses.append(client.once("GET", "/tai-khoan/", None)[0])

    assert statuses == [200, 200, 303, 303]


def test_what_one_changes_the_other_knows_with_the_next_request(machines):
    """The catalogue is remembered by each process; an edition in the database ends the memory."""
    one, other = machines

    def page() -> str:
        return Client(other.address, Seen()).once("GET", "/thu-tuc/1.001193/", None)[2].decode()

    before = page()
    changed = one.run(
        "django", "shell", "-c",
        "from sen.systems.public_services.services.catalogue import switch_procedure;"
        "from sen.base import clock; from sen.base.actor import SYSTEM;"
        "switch_procedure(actor=SYSTEM, code='1.001193', is_active=False, reason='Thử hai máy',"
        " at=clock.now())",
    )  # fmt: skip
    after = page()

    assert changed.returncode == 0, changed.stderr
    assert ("Thử hai máy" in before, "Thử hai máy" in after) == (False, True)


def test_both_tell_the_same_alarms_and_one_of_them_looks(machines):
    one, other = machines
    until(lambda: one.rows("SELECT count(*) FROM administration_alarmstate") != [(0,)], 90)
    texts = [
        Client(machine.address, Seen()).once("GET", "/readyz?verbose", None)[2].decode()
        for machine in (one, other)
    ]

    assert texts[0] == texts[1]
    assert texts[0].splitlines()[0] == "ok"

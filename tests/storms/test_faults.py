"""What fails beside Sen or within it while lives go on: each is refused plainly and mends itself."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
import pytest

from sen.config import embedded
from sen.kernel.files.tests import object_store
from tests.storms import books, crowd
from tests.storms.clients import Client, Seen
from tests.storms.faulty.apps import BROKEN
from tests.storms.faulty.jobs import POISON
from tests.storms.installation import Installation, children_of, until
from tests.storms.lives import Life
from tests.storms.mailbox import Mailbox
from tests.storms.test_running import resident_mb
from tests.storms.test_weather import stand_ins_port

pytestmark = pytest.mark.storm


ONLY_ONE_JOB = {"jobs": 1, "events": 0, "signatures": 0, "unsealed": 0, "forms": 0}


class Place:
    """An installation whose files lie on S3 and whose letters go to a mailbox of ours."""

    def __init__(self, way: object_store.Way, mailbox: Mailbox) -> None:
        self.way, self.mailbox = way, mailbox
        self.demo = Installation(
            DJANGO_SETTINGS_MODULE="tests.storms.faulty.settings",
            SEN_FILES=f"s3://{object_store.BUCKET}/storm",
            SEN_S3_ENDPOINT=way.address,
            SEN_S3_KEY=object_store.KEY,
            SEN_S3_SECRET=object_store.SECRET,
            SEN_MAIL_HOST="127.0.0.1",
            SEN_MAIL_PORT=str(mailbox.port),
        )
        self.lives: list[Life] = []
        self.crew: dict[str, Any] = {}

    def begin(self) -> None:
        self.demo.must_start()
        self.demo.told["SEN_SMS_URL"] = f"http://127.0.0.1:{stand_ins_port(self.demo)}/sms"
        self.crew = crowd.made_in(self.demo)
        self.demo.rows(
            "UPDATE identity_person SET email = 'bao' || right(id::text, 6) || '@thu.test'"
            " WHERE full_name LIKE 'Nguyễn Bão %%'"
        )

    def births(self, number: int, seed: int, seen: Seen | None = None) -> list[Life]:
        made = crowd.births(self.demo, self.crew, number, seen or Seen(), seed, {"plain": 1})
        self.lives += made
        return made

    def officer(self) -> Client:
        token = self.crew["officials"]["truongvinh"]["one_stop"]["token"]
        return Client(self.demo.address, Seen(), token=token)

    def whole(self) -> None:
        """Check that nothing of all that happened here was lost, done twice or left undone."""
        books.wait_until_quiet(self.demo)
        assert books.faults(self.demo, self.lives) == []

    @property
    def serving(self) -> int:
        (found,) = children_of(self.demo.pid("web"))
        return found


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with ExitStack() as ended:
        store = object_store.ObjectStore()
        ended.callback(store.end)
        way = object_store.Way(store.port)
        ended.callback(way.end)
        mailbox = Mailbox()
        ended.callback(mailbox.go_away)
        made = Place(way, mailbox)
        ended.callback(made.demo.end)
        made.begin()
        yield made


def ask_many(client: Client, number: int, path: str) -> list[tuple[int, str | None, float]]:
    """Return status, Retry-After and seconds of so many requests at once."""

    def one(_index: int) -> tuple[int, str | None, float]:
        began = time.monotonic()
        status, headers, _body = client.once("GET", path, None)
        return status, headers.get("Retry-After"), time.monotonic() - began

    return crowd.at_once(number, one)


def told(answers: list[tuple[int, str | None, float]]) -> Counter[tuple[int, bool]]:
    return Counter((status, again is not None) for status, again, _took in answers)


# -- the pages


def test_more_requests_than_connections_wait_briefly_or_come_back(place):
    """The server gives the application one connection, and another holds it; forty ask at once."""
    officer, demo = place.officer(), place.demo
    url = embedded.urls(demo.home).app
    role = psycopg.conninfo.conninfo_to_dict(url)["user"]
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
    taken = []

    def take() -> bool:
        """Take the one connection; web and worker want it too."""
        demo.rows(end, role)
        with suppress(psycopg.OperationalError):
            taken.append(psycopg.connect(url))
        return bool(taken)

    demo.rows(f"ALTER ROLE {role} CONNECTION LIMIT 1")
    try:
        until(take, 30)
        answers = ask_many(officer, 40, "/api/v1/dossiers")
        assert demo.answers("/healthz")
    finally:
        demo.rows(f"ALTER ROLE {role} CONNECTION LIMIT -1")
        for one in taken:
            one.close()
    until(lambda: demo.answers("/readyz"), 30)
    until(lambda: officer.once("GET", "/api/v1/dossiers", None)[0] == 200, 30)

    print(f"\n  {dict(told(answers))}, slowest {max(took for *_, took in answers):.1f} s")
    assert told(answers) == {(503, True): 40}
    assert max(took for *_, took in answers) < 30
    assert told(ask_many(officer, 20, "/api/v1/dossiers")) == {(200, False): 20}


def test_a_table_held_by_somebody_holds_nobody_for_ever(place):
    """All threads wait for one table; whoever finds none free is told to come back."""
    officer, demo = place.officer(), place.demo
    held = psycopg.conninfo.conninfo_to_dict(embedded.urls(demo.home).owner)
    with psycopg.connect(**{**held, "user": "postgres", "password": None}) as holding:
        holding.execute("LOCK TABLE public_services_dossier IN ACCESS EXCLUSIVE MODE")
        answers = ask_many(officer, 30, "/api/v1/dossiers")
        assert demo.answers("/healthz")
    until(lambda: officer.once("GET", "/api/v1/dossiers", None)[0] == 200, 15)

    print(f"\n  {dict(told(answers))}, slowest {max(took for *_, took in answers):.1f} s")
    assert told(answers) == {(503, True): 30}
    assert max(took for *_, took in answers) < 25


def test_clients_that_never_read_hold_back_nobody(place):
    """Fifty ask for a long page and read none of it; three hundred never end their request."""
    demo, before = place.demo, resident_mb(place.serving)
    asked = b"GET /ui/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lines = []
    try:
        for index in range(350):
            line = socket.socket()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.connect((demo.web.host, demo.web.port))
            line.sendall(asked if index % 7 == 0 else asked[:-2] + b"X-Slow: ")
            lines.append(line)
        until(lambda: demo.answers("/"), 20)  # fifty long pages are drawn first
        slowest = 0.0
        for _ in range(10):
            began = time.monotonic()
            assert demo.answers("/healthz")
            assert demo.answers("/")
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.1)
        grown = resident_mb(place.serving) - before
    finally:
        for line in lines:
            line.close()

    print(f"\n  two pages in at most {slowest:.1f} s meanwhile, {grown:.0f} MB more")
    assert slowest < 5
    assert grown < 128
    until(lambda: demo.answers("/readyz"), 15)


def test_five_thousand_open_lines_leave_room_for_others(place):
    """Each has asked once and stays; memory and descriptors bear it, and a page comes at once."""
    demo, before = place.demo, resident_mb(place.serving)
    lines: list[socket.socket] = []
    try:
        for _ in range(5000):
            line = socket.create_connection((demo.web.host, demo.web.port), timeout=20)
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            lines.append(line)
        answered = sum(line.recv(4096).startswith(b"HTTP/1.1 200") for line in lines)
        began = time.monotonic()
        pages = [demo.answers("/"), demo.answers("/readyz")]
        took = time.monotonic() - began
        grown = resident_mb(place.serving) - before
    finally:
        for line in lines:
            line.close()

    print(f"\n  {grown:.0f} MB more, two pages in {took:.2f} s")
    assert (answered, pages) == (5000, [True, True])
    assert took < 5
    assert grown < 150


# -- the storage


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "how", ["away", pytest.param("slow", marks=LONG), pytest.param("wrong", marks=LONG)]
)
def test_a_storage_that_fails_refuses_papers_plainly_and_other_acts_go_on(place, scan, how):
    """Of the files: 503 with words, nothing changed; what needs no file goes on; then all goes on."""
    [one, other] = place.births(2, 23)
    one._file("citizen", scan)
    other.to_signing(scan)
    books.wait_until_quiet(place.demo)  # its receipt is made meanwhile
    kept = place.demo.rows("SELECT count(*) FROM files_file")
    place.way.how = how
    try:
        began = time.monotonic()
        citizen = one.people["citizen"]
        status, headers, body = citizen.once("POST", "/api/v1/files/whole?name=a.pdf", scan)
        took = time.monotonic() - began
        assert (status, headers["Content-Type"]) == (503, "application/problem+json")
        assert (b"storage_away" in body, headers["Retry-After"]) == (True, "5")
        assert place.demo.rows("SELECT count(*) FROM files_file") == kept
        one._act("one_stop", "receive")
        order = {"version": other._read("chair")["version"]}
        path = f"/api/v1/dossiers/{other.code}/sign"
        assert other.people["chair"].once("POST", path, order, "k" * 32 + how)[0] == 503
        assert other._read("chair")["state"] == "signing"
        assert place.demo.answers("/")
    finally:
        place.way.how = "open"
    print(f"\n  refused after {took:.1f} s")
    assert took < 25
    one.forms.add("mau_01")
    assert other.people["chair"].post(path, order, key="k" * 32 + how).status == 200
    other.acts["sign"] += 1
    other.from_signed()
    one._act("citizen", "withdraw", reason="Nộp nhầm")
    one.forms.add("mau_05")
    one.way = "withdrawal"
    books.wait_until_quiet(place.demo)


# -- the database's disk


@contextmanager
def hung(demo: Installation) -> Iterator[None]:
    """Let every process of PostgreSQL stand still, as on a disk that does not answer."""
    still = [demo.postmaster, *children_of(demo.postmaster)]
    for pid in still:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(still):
            os.kill(pid, signal.SIGCONT)


@pytest.mark.long
def test_a_disk_that_hangs_for_seconds_loses_nothing(place, scan):
    seen = Seen()
    lives = place.births(4, 29, seen)
    wrong: list[str] = []
    living = threading.Thread(target=lambda: wrong.extend(crowd.live_all(lives, scan)))
    living.start()
    for _ in range(2):
        time.sleep(1)
        with hung(place.demo):
            time.sleep(4)
            assert place.demo.answers("/healthz")
    living.join()

    print(f"\n  tried again {dict(seen.retries)}, slowest {seen.slowest_seconds:.1f} s")
    assert (wrong, seen.faults) == ([], [])
    place.whole()


# -- the work behind


def test_a_handler_that_always_fails_holds_back_only_itself(place, scan):
    """It is tried again later and later, is named, all others go on; mended, a replay is enough."""
    broken = place.demo.home / BROKEN
    broken.touch()
    try:
        [one] = place.births(1, 31)
        one.live(scan)

        def failing() -> list[tuple[int, int, str]]:
            return place.demo.rows(
                "SELECT id, job.attempts, reason FROM procrastinate_jobs job JOIN jobs_failure"
                " ON job_id = id WHERE status = 'todo' AND args ->> 'handler' ="
                " 'faulty.always_fails'"
            )

        [(job, _attempts, reason)] = until(failing, 40)
        assert reason == "RuntimeError: this handler always fails"
        named = place.demo.run("django", "jobs")
        assert "events.deliver" in named.stdout
        until(
            lambda: (
                books.under_way(place.demo)
                == {"jobs": 1, "events": 0, "signatures": 0, "unsealed": 0, "forms": 0}
            ),
            90,
        )
        place.demo.put_off(job)
    finally:
        broken.unlink()
    assert place.demo.run("django", "jobs", "replay", str(job)).returncode == 0
    until(lambda: not failing(), 20)
    place.whole()


def tell(place: Place, number: int) -> tuple[float, float]:
    """Tell so many things at once, and read pages until all letters and texts are out.

    Returns the seconds that took, and those of the slowest page.
    """
    made = place.demo.run("tests.storms.faulty.telling", str(number))
    assert made.returncode == 0, made.stderr
    began, pages = time.monotonic(), [0.0]

    def is_over() -> bool:
        asked = time.monotonic()
        assert place.demo.answers("/")
        pages.append(time.monotonic() - asked)
        return not waiting(place)

    until(is_over, 60 + number / 10)
    return time.monotonic() - began, max(pages)


def waiting(place: Place) -> int:
    [(number,)] = place.demo.rows(
        "SELECT count(*) FROM notifications_delivery WHERE state = 'waiting'"
    )
    return int(number)


def notices(place: Place, number: int) -> None:
    place.mailbox.letters.clear()
    worker = place.demo.pid("worker")
    before = resident_mb(worker)
    sent = place.demo.rows("SELECT state, count(*) FROM notifications_delivery GROUP BY 1")
    took, slowest = tell(place, number)
    grown = resident_mb(worker) - before
    letters = list(place.mailbox.letters)
    print(f"\n  {2 * number} messages, {2 * number / took:.0f} a second, {grown:.0f} MB more")
    print(f"  a page meanwhile in at most {slowest:.1f} s")

    assert slowest < 5
    assert place.demo.pid("worker") == worker
    assert len({letter.id for letter in letters}) == len(letters) == number
    numbers: dict[str, list[int]] = defaultdict(list)
    for letter in letters:
        found = re.search(r"\d{6}", letter.text)
        assert found is not None
        numbers[letter.to].append(int(found[0]))
    assert sorted(one for told in numbers.values() for one in told) == list(range(number))
    overtaken = max(
        abs(place_in - sorted(told).index(one))
        for told in numbers.values()
        for place_in, one in enumerate(told)
    )
    assert overtaken <= 2, "messages are sent in the order in which they were told"
    after = dict(place.demo.rows("SELECT state, count(*) FROM notifications_delivery GROUP BY 1"))
    assert after == {"sent": dict(sent).get("sent", 0) + 2 * number}
    assert grown < 40


def test_many_notices_at_once_reach_each_once_and_in_order(place):
    notices(place, 300)


@pytest.mark.long
def test_ten_thousand_notices_at_once_reach_each_once_and_in_order(place):
    notices(place, 10_000)


def test_letters_wait_while_mail_is_away_and_leave_when_it_is_back(place):
    place.mailbox.letters.clear()
    with place.mailbox.away():
        made = place.demo.run("tests.storms.faulty.telling", "3")
        assert made.returncode == 0, made.stderr
        until(lambda: waiting(place) == 3, 20)  # the texts are out
        until(
            lambda: (
                place.demo.rows(
                    "SELECT count(*) FROM notifications_delivery WHERE error LIKE 'Connection%%'"
                )
                == [(3,)]
            ),
            20,
        )
        assert place.demo.answers("/")
    until(lambda: not waiting(place), 60)

    assert len({letter.id for letter in place.mailbox.letters}) == len(place.mailbox.letters) == 3


@pytest.mark.long
def test_a_job_that_kills_its_worker_is_set_aside_and_others_go_on(place, scan):
    made = place.demo.run("tests.storms.faulty.telling", "poison")
    assert made.returncode == 0, made.stderr
    lives = place.births(2, 37)
    wrong = crowd.live_all(lives, scan)

    def dead() -> list[tuple[int, str]]:
        return place.demo.rows(
            "SELECT id, reason FROM procrastinate_jobs JOIN jobs_failure ON job_id = id"
            " WHERE task_name = %s AND status = 'failed'",
            POISON,
        )

    [(job, reason)] = until(dead, 120)
    assert (wrong, reason.partition(":")[0]) == ([], "WorkerDied")
    assert POISON in place.demo.run("django", "jobs").stdout
    place.demo.rows("DELETE FROM procrastinate_jobs WHERE id = %s", job)
    place.whole()

"""What comes from outside while lives go on: full disks, a clock set back, slow neighbours."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.storms import books, crowd
from tests.storms.clients import Client, Form, Seen
from tests.storms.crew import PLACES
from tests.storms.installation import Installation, until
from tests.storms.lives import Life

pytestmark = pytest.mark.storm

LIVES = 6
NO_MOUNT = "a small disk needs the right to mount, which this user or container has not"


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """Give a disk of its own to a folder; skip the test where nobody may mount."""
    place.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip(NO_MOUNT)
    size = f"size={megabytes}m,mode=755"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip(NO_MOUNT)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """Leave no byte of a disk free for a while."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


@pytest.fixture
def demo() -> Iterator[Installation]:
    """An installation that the test itself starts."""
    made = Installation()
    try:
        yield made
    finally:
        made.end()


def whole(demo: Installation, lives: list[Life]) -> None:
    """Check that nothing was lost, done twice or left undone."""
    books.wait_until_quiet(demo)
    assert books.faults(demo, lives) == []


def receipt(one: Life) -> str:
    """Return how far a dossier's receipt is."""
    found = one._read("one_stop")["issued_forms"]
    return found[0]["state"] if found else ""


def test_a_full_disk_refuses_papers_plainly_and_receipts_follow_when_there_is_room(demo, scan):
    """Of the files: uploads and signatures are refused with words, other acts go on."""
    with small_disk(demo.home / "files", 24) as disk:
        demo.must_start()
        crew = crowd.made_in(demo)
        seen = Seen()
        [one, other] = crowd.births(demo, crew, 2, seen, 3, {"plain": 1})
        one._file("citizen", scan)
        other.to_signing(scan)
        books.wait_until_quiet(demo)  # its receipt is made meanwhile
        kept = demo.rows("SELECT count(*) FROM files_file")
        with filled(disk):
            status, headers, body = one.people["citizen"].once(
                "POST", "/api/v1/files/whole?name=a.pdf", scan
            )
            assert (status, headers["Content-Type"]) == (503, "application/problem+json")
            assert b'"code": "no_space"' in body.replace(b'":"', b'": "')
            assert demo.rows("SELECT count(*) FROM files_file") == kept
            assert demo.answers("/readyz")
            one._act("one_stop", "receive")
            order = {"version": other._read("chair")["version"]}
            path = f"/api/v1/dossiers/{other.code}/sign"
            assert other.people["chair"].once("POST", path, order, "k" * 32)[0] == 503
            time.sleep(3)
            assert (receipt(one), other._read("chair")["state"]) == ("", "signing")
        one.forms.add("mau_01")
        assert other.people["chair"].post(path, order, key="k" * 32).status == 200
        other.acts["sign"] += 1
        other.from_signed()
        until(lambda: receipt(one) == "signed", 90)
        one._act("citizen", "withdraw", reason="Nộp nhầm")
        one.forms.add("mau_05")
        one.way = "withdrawal"

        whole(demo, [one, other])
        assert demo.stop() == 0


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Give a folder that every user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="sen storm "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_full_disk_under_postgresql_loses_nothing_that_was_acknowledged(reachable, scan):
    """Writing is refused or the server ends; with room it is back, and every life ends well."""
    with small_disk(reachable / "disk", 700) as disk:
        demo = Installation(SEN_POSTGRES_FOLDER=str(disk))
        try:
            demo.must_start()
            crew = crowd.made_in(demo)
            seen = Seen()
            lives = crowd.births(demo, crew, LIVES, seen, 5)
            wrong: list[str] = []
            living = threading.Thread(target=lambda: wrong.extend(crowd.live_all(lives, scan)))
            living.start()
            time.sleep(2)
            with filled(disk):
                for _second in range(12):
                    ask_for_a_new_log(demo)
                    time.sleep(1)
            living.join()

            print(f"\n  tried again {dict(seen.retries)}, slowest {seen.slowest_seconds:.1f} s")
            assert sum(seen.retries.values()) > 0
            assert (wrong, seen.faults) == ([], [])
            whole(demo, lives)
        finally:
            demo.end()


def ask_for_a_new_log(demo: Installation) -> None:
    """Ask PostgreSQL for a new file of its log, for which there is no room."""
    try:
        demo.rows("SELECT pg_logical_emit_message(true, 'storm', repeat('x', 900000))")
        demo.rows("SELECT pg_switch_wal()")
    except psycopg.Error:
        return


def test_a_clock_that_is_set_back_by_a_day_loses_no_number_and_no_order(demo, scan):
    """Filed today, decided "yesterday"; then the clock was set right. Ahead: `test_clock`."""
    demo.must_start()
    crew = crowd.made_in(demo)
    seen = Seen()
    lives = crowd.births(demo, crew, 4, seen, 11, {"plain": 1})
    [now] = demo.rows("SELECT (now() + make_interval(hours => -26))::text")[0]
    for one in lives[:2]:
        one.to_signing(scan)
    assert demo.stop() == 0
    demo.told["SEN_CLOCK"] = now.replace(" ", "T")
    demo.must_start()
    for one in lives[:2]:
        one._act("chair", "sign")
        one.from_signed()
    wrong = crowd.live_all(lives[2:3], scan)
    assert demo.stop() == 0
    del demo.told["SEN_CLOCK"]
    demo.must_start()
    wrong += crowd.live_all(lives[3:], scan)

    assert (wrong, seen.faults) == ([], [])
    whole(demo, lives)


@pytest.fixture(scope="module")
def neighbours() -> Iterator[Installation]:
    made = Installation()
    try:
        made.must_start()
        yield made
    finally:
        made.end()


@contextmanager
def outage(demo: Installation, name: str, kind: str) -> Iterator[None]:
    """Let a stand-in be slow or down for a while."""
    way = Client(f"http://127.0.0.1:{stand_ins_port(demo)}", Seen())
    try:
        assert way.once("POST", f"/{name}/su-co", Form({"outage": kind}))[0] in {302, 303}
        yield
    finally:
        way.once("POST", f"/{name}/su-co", Form({"outage": ""}))


def stand_ins_port(demo: Installation) -> int:
    """Return where the stand-ins listen, from their own command line."""
    pid = demo.pid("simulators")
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return int(words[words.index(b"--port") + 1])


def test_a_slow_text_message_gateway_holds_back_no_receipt(neighbours, scan):
    """Messages wait for the gateway in all threads but one; receipts go through that one."""
    crew = crowd.made_in(neighbours)
    lives = crowd.births(neighbours, crew, 8, Seen(), 13, {"plain": 1})
    with outage(neighbours, "sms", "slow"):
        for one in lives:
            one._file("citizen", scan)
            one._act("one_stop", "receive")
        began = time.monotonic()
        until(lambda: all(receipt(one) == "signed" for one in lives), 20)
        waited = time.monotonic() - began
        [sending] = neighbours.rows(
            "SELECT count(*) FROM notifications_delivery WHERE state = 'waiting'"
        )[0]
    print(f"\n  receipts after {waited:.1f} s, {sending} messages still on their way")
    assert sending > 0
    until(lambda: not books.under_way(neighbours)["jobs"], 120)


def test_a_slow_national_identity_holds_back_no_other_page(neighbours):
    """Sixteen want to sign in, which takes the provider eight seconds; others read meanwhile."""

    def sign_in(_index: int) -> tuple[int, float]:
        began = time.monotonic()
        browser = Client(neighbours.address, Seen(), session="0" * 32)
        status, _headers, _body = browser.once("POST", "/dang-nhap/cong-dan/", Form({}))
        return status, time.monotonic() - began

    with outage(neighbours, "national-identity", "slow"), ThreadPoolExecutor(17) as pool:
        asked = [pool.submit(sign_in, index) for index in range(16)]
        time.sleep(2)
        began = time.monotonic()
        pages = [neighbours.answers(path) for path in ("/", "/readyz", "/dang-nhap/")]
        took = time.monotonic() - began
        answers = [one.result() for one in asked]

    told: Any = Counter(status for status, _seconds in answers)
    slowest = max(seconds for _status, seconds in answers)
    print(f"\n  three pages in {took:.1f} s meanwhile; sign-ins {dict(told)}, {slowest:.1f} s")
    assert pages == [True, True, True]
    assert took < 5
    assert told == {503: 16}
    assert slowest < 15


@contextmanager
def certificate_ended(demo: Installation, unit: Any) -> Iterator[str]:
    """Let a unit's certificate have ended for a while; give what is said then."""
    ends = "UPDATE signing_certificate SET valid_to = now() + %s::interval WHERE holder = %s"
    demo.rows(ends, "-1 day", unit)
    yield "Chứng thư số của "
    demo.rows(ends, "1 year", unit)


@contextmanager
def key_away(demo: Installation, unit: Any) -> Iterator[str]:
    """Take a unit's key away for a while, from the memory of the worker too."""
    [(name,)] = demo.rows("SELECT key FROM signing_certificate WHERE holder = %s", unit)
    key = demo.home / "signing" / f"{name}.pem"
    away = key.rename(key.with_suffix(".away"))
    old = demo.pid("worker")
    os.kill(old, signal.SIGKILL)
    until(lambda: demo.pid("worker") not in {None, old})
    yield "Không dùng được khóa ký"
    away.rename(key)


@pytest.mark.parametrize("lacking", [certificate_ended, key_away])
def test_a_unit_that_cannot_sign_gets_its_receipt_when_it_can(neighbours, scan, lacking):
    """The citizen is told at once, the administrator sees why, and a replay completes it."""
    crew = crowd.made_in(neighbours)
    [one] = crowd.births(neighbours, crew, 1, Seen(), 17, {"plain": 1})
    one._file("citizen", scan)
    [(dossier, unit)] = neighbours.rows(
        "SELECT id, received_unit_id FROM public_services_dossier WHERE code = %s", one.code
    )

    def failures() -> list[tuple[int, str]]:
        return neighbours.rows(
            "SELECT id, reason FROM procrastinate_jobs JOIN jobs_failure ON job_id = id"
            " WHERE task_name = 'public_services.make_form' AND status = 'todo'"
        )

    def told() -> list[str]:
        found = neighbours.rows(
            "SELECT template FROM notifications_notification WHERE record = %s ORDER BY id", dossier
        )
        return [template.rpartition(".")[2] for (template,) in found]

    with lacking(neighbours, unit) as words:
        one._act("one_stop", "receive")
        [(job, reason)] = until(failures, 60)
        assert reason.startswith(f"PaperWaits: {PLACES[one.place]}: {words}")
        assert (receipt(one), told()[-1]) == ("failed", "received_without_paper")
        neighbours.put_off(job)

    replayed = neighbours.run("django", "jobs", "replay", str(job))
    assert replayed.returncode == 0, replayed.stderr
    until(lambda: receipt(one) == "signed", 30)
    assert told()[-2:] == ["received_without_paper", "paper_ready"]
    assert failures() == []

"""Whole lives while the processes under them are killed: `SEN_STORM_SEED` repeats a storm."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.journeys import life
from tests.storms import books, crowd
from tests.storms.chaos import Chaos
from tests.storms.clients import Answer, Client, Form, Seen
from tests.storms.installation import Installation, until
from tests.storms.lives import Life

pytestmark = pytest.mark.storm

SHORT, LONG = (20, 180.0, 1.5, 5), (200, 600.0, 3.0, 35)
"""Lives, seconds they may take together, mean seconds between two kills, kills."""
OVERLOAD = 4.0
"""With so many waiting for each core, others have the machine, and seconds say nothing."""


@pytest.fixture(scope="module")
def demo() -> Iterator[Installation]:
    installation = Installation()
    try:
        installation.must_start()
        yield installation
    finally:
        installation.end()


@pytest.fixture(scope="module")
def crew(demo) -> dict[str, Any]:
    return crowd.made_in(demo)


@pytest.fixture(scope="module")
def lived() -> list[Life]:
    """Return the list of all lives that went through this installation."""
    return []


def storm(demo, crew, scan, lived, measure: tuple[int, float, float, int]) -> None:
    number, most_seconds, pause, most = measure
    seed = int(os.environ.get("SEN_STORM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"\nstorm: seed {seed}, {number} lives, {crowd.CLIENTS} clients at once")
    seen = Seen()
    lives = crowd.births(demo, crew, number, seen, seed)
    lived += lives
    chaos = Chaos(demo, random.Random(f"{seed} chaos"), pause=pause, most=most)
    began = time.monotonic()
    chaos.start()
    try:
        wrong = crowd.live_all(lives, scan)
    finally:
        chaos.end()
    took = time.monotonic() - began
    quiet = books.wait_until_quiet(demo)
    times = sorted(one.seconds for one in lives)
    print(
        f"  {took:.0f} s, {number / took:.2f} lives/s; a life {times[len(times) // 2]:.1f} s,"
        f" the slowest {times[-1]:.1f} s; quiet after {quiet:.1f} s more\n"
        f"  kills {sum(chaos.kills.values())}: {dict(chaos.kills)}\n"
        f"  requests {seen.requests}, tried again {sum(seen.retries.values())}:"
        f" {dict(seen.retries)}, answered from the first time {seen.replayed},"
        f" slowest {seen.slowest_seconds:.1f} s\n"
        f"  ways {dict(Counter(one.way for one in lives))}\n"
        f"  {'; '.join(chaos.story)}"
    )

    assert wrong == [], "\n".join(wrong)
    assert seen.faults == []
    assert books.faults(demo, lived) == []
    if os.getloadavg()[1] < OVERLOAD * (os.cpu_count() or 1):
        assert took < most_seconds


def test_lives_reach_their_end_while_everything_is_killed(demo, crew, scan, lived):
    storm(demo, crew, scan, lived, SHORT)


@pytest.mark.long
def test_two_hundred_lives_reach_their_end_while_everything_is_killed(demo, crew, scan, lived):
    storm(demo, crew, scan, lived, LONG)


def test_a_dossier_withdrawn_while_it_is_signed_has_one_end(demo, crew, scan, lived):
    """The leader signs and the citizen withdraws in the same moment, on the same version."""
    lives = crowd.births(demo, crew, 6, Seen(), 7, {"plain": 1})
    lived += lives
    ended = Counter()
    for one in lives:
        one.to_signing(scan)
        version = one._read("chair")["version"]
        orders = (
            ("chair", "sign", {"version": version}),
            ("citizen", "withdraw", {"version": version, "reason": "Nộp nhầm"}),
        )

        def act(index: int, one=one, orders=orders) -> Answer:
            who, act, body = orders[index]
            return one.people[who].post(f"/api/v1/dossiers/{one.code}/{act}", body)

        answers = crowd.at_once(2, act)

        assert sorted(answer.status for answer in answers) == [200, 409], answers
        is_withdrawn = answers[1].status == 200
        ended[is_withdrawn] += 1
        if is_withdrawn:
            one.way = "withdrawal"
            one.acts["withdraw"] += 1
            one.forms.add("mau_05")
        else:
            one.acts["sign"] += 1
            one.from_signed()
    print(f"\n  withdrawn {ended[True]}, signed {ended[False]}")

    books.wait_until_quiet(demo)
    assert books.faults(demo, lived) == []


def test_a_row_of_the_trail_changed_by_hand_is_named(demo, crew, scan, lived):
    books.wait_until_quiet(demo)
    [(entry, reason)] = demo.rows("SELECT id, reason FROM audit_entry ORDER BY id LIMIT 1 OFFSET 3")
    before = demo.run("django", "audit", "verify")

    demo.rows("UPDATE audit_entry SET reason = 'khác' WHERE id = %s", entry)
    changed = demo.run("django", "audit", "verify")
    demo.rows("UPDATE audit_entry SET reason = %s WHERE id = %s", reason, entry)
    after = demo.run("django", "audit", "verify")

    assert (before.returncode, changed.returncode, after.returncode) == (0, 1, 0)
    assert re.findall(r"dòng ([0-9a-f-]{36}) đã bị sửa", changed.stderr) == [str(entry)]


@pytest.mark.parametrize("keys", [1, 20])
def test_one_draft_submitted_twenty_times_at_once_is_one_dossier(demo, crew, keys):
    """The same window twenty times, and twenty windows."""
    father = crew["citizens"][0]
    made = demo.run("tests.storms.crew", "draft", father["account"])
    assert made.returncode == 0, made.stderr
    citizen = Client(demo.address, Seen(), session=father["session"])
    before = demo.rows("SELECT code FROM public_services_dossier")

    answers = crowd.at_once(
        20,
        lambda index: citizen.once(
            "POST",
            f"/ban-nhap/{json.loads(made.stdout)}/",
            Form({"receiving_unit": "H41.9.11.1", "key": f"{made.stdout}-{index % keys}"[-40:]}),
        ),
    )

    after = demo.rows("SELECT code FROM public_services_dossier")
    [(code,)] = set(after) - set(before)
    assert Counter((status, headers["Location"]) for status, headers, _ in answers) == {
        (303, f"/ho-so/{code}/"): 20
    }


def test_two_officials_on_one_task_are_told_apart(demo, crew, scan):
    seen = Seen()
    [one] = crowd.births(demo, crew, 1, seen, 1)
    one.way = "plain"
    one._file("citizen", scan)
    one._act("one_stop", "receive")
    one._act("head", "assign", to=one.accounts["specialist"])
    version = one._read("head")["version"]
    rivals = (
        ("head", "assign", {"to": one.accounts["specialist"]}, "phân công giải quyết"),
        ("specialist", "propose", {}, "trình dự thảo kết quả"),
    )

    def act(index: int) -> Answer:
        who, act, more, _ = rivals[index]
        path = f"/api/v1/dossiers/{one.code}/{act}"
        return one.people[who].post(path, {"version": version, **more})

    answers = crowd.at_once(2, act)

    assert sorted(answer.status for answer in answers) == [200, 409]
    winner, _act, _more, done = rivals[0 if answers[0].status == 200 else 1]
    [refused] = [answer.body for answer in answers if answer.status == 409]
    names = {role: person["name"] for role, person in crew["officials"][one.place].items()}
    assert (refused["code"], refused["who"], refused["what"]) == (
        "version_conflict",
        names[winner],
        done,
    )
    assert abs(dt.datetime.fromisoformat(refused["when"]).timestamp() - time.time()) < 60


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["restarted", "killed"])
def test_clients_see_at_worst_503_while_postgresql_restarts(demo, crew, how):
    officer = crew["officials"]["truongvinh"]["one_stop"]
    father = crew["citizens"][0]
    api = Client(demo.address, Seen(), token=officer["token"])
    pages = Client(demo.address, Seen(), session=father["session"])
    got: list[tuple[float, int, str]] = []
    is_over = threading.Event()

    def keep_asking(client: Client, method: str, path: str, body: Any) -> None:
        while not is_over.is_set():
            status, headers, _ = client.once(method, path, body)
            got.append((time.monotonic(), status, headers["Content-Type"].partition(";")[0]))

    asked = [
        (api, "GET", "/api/v1/dossiers", None),
        (api, "GET", "/api/v1/tasks", None),
        (api, "POST", "/api/v1/files/whole?name=a.pdf", life.scan()),
        (pages, "GET", "/ho-so/", None),
        (pages, "GET", "/", None),
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        clients = [pool.submit(keep_asking, *one) for one in asked]
        time.sleep(1.5)
        old = demo.postmaster
        stopped_at = time.monotonic()
        os.kill(old, how)
        until(lambda: demo.answers("/readyz") and demo.postmaster != old, 60)
        back_at = time.monotonic()
        time.sleep(2)
        is_over.set()
        for client in clients:
            client.result()

    told = Counter((status, kind) for _, status, kind in got)
    print(f"\n  PostgreSQL away for {back_at - stopped_at:.1f} s: {dict(told)}")
    assert set(told) <= {
        (200, "application/json"),
        (201, "application/json"),
        (200, "text/html"),
        (503, "application/problem+json"),
        (503, "text/html"),
    }
    late = [status for at, status, _ in got if at > back_at + 1]
    assert late != []
    assert [status for status in late if status >= 300] == []

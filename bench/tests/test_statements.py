from __future__ import annotations

import datetime as dt
import json

import pytest

from bench import statements
from bench.measures import Count
from bench.statements import Statement, by_the_clock, counted

FETCH = "SELECT id, task_name, args FROM procrastinate_fetch_job_v2(NULL::varchar[], $1)"


def said(*texts: str, part: str = "worker", process: int = 7) -> list[Statement]:
    return [
        Statement(part=part, at=float(place), text=text, process=process)
        for place, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    "text",
    ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT s1", "RELEASE SAVEPOINT s1", ""],
)
def test_transaction_control_is_counted_apart(text):
    assert counted(said("INSERT INTO a VALUES (1)", text)) == Count(plain=1, all=2)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT EXISTS (SELECT FROM events_pending)",
        "UPDATE procrastinate_workers SET last_heartbeat = now()",
        "UPDATE signing_signaturerequest SET tries = tries + 1",
        "INSERT INTO audit_seal VALUES ($1)",
        "SELECT procrastinate_defer_periodic_job_v2($1)",
    ],
)
def test_what_a_worker_does_by_the_clock_is_left_out(text):
    assert counted(said(text)) == Count(plain=0, all=0)
    assert counted(said(text, part="web")) == Count(plain=1, all=1)


def test_a_job_that_was_found_counts_and_looking_in_vain_does_not():
    found = said(FETCH, "BEGIN", "UPDATE a SET b = 1", "COMMIT")
    in_vain = said(FETCH, "SELECT EXISTS (SELECT FROM events_pending)")
    assert counted(found) == Count(plain=2, all=4)
    assert counted(in_vain) == Count(plain=0, all=0)


def test_another_process_does_not_make_a_look_in_vain_a_found_job():
    mixed = [*said(FETCH), *said("BEGIN", "SELECT 2", "COMMIT", process=8)]
    assert counted(mixed) == Count(plain=1, all=3)


def test_an_idle_worker_betrays_what_is_wrongly_counted():
    idle = said("SELECT 1", FETCH, "SELECT new_clock()", "BEGIN", "SELECT new_clock()", "COMMIT")
    assert by_the_clock([*idle, *said("SELECT a_page()", part="web")]) == ["SELECT new_clock()"]


def line(**changes: object) -> str:
    return json.dumps(
        {
            "timestamp": "2026-11-21 10:00:00.250 UTC",
            "pid": 7,
            "application_name": "sen web",
            "message": "execute _pg3_1: SELECT 1\nFROM a",
            **changes,
        }
    )


def test_the_log_is_read_from_where_it_stood(tmp_path):
    path = tmp_path / "log.json"
    before = line(message="statement: SELECT 0") + "\n"
    path.write_text(
        before
        + "\n".join(
            [
                line(),
                line(application_name="sen bench"),
                line(message="connection received"),
                line(application_name="sen worker", message="statement: \nCOMMIT "),
            ]
        )
    )
    at = dt.datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=dt.UTC).timestamp()
    assert list(statements._read(path, len(before))) == [
        Statement(part="web", at=at, text="SELECT 1 FROM a", process=7),
        Statement(part="worker", at=at, text="COMMIT", process=7),
    ]

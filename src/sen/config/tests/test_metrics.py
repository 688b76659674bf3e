from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time

import pytest

from sen.base import metrics
from sen.config.metrics import Metrics, may_read
from sen.config.proxies import networks

LABEL = r'[a-z]+="(?:[^"\\\n]|\\.)*"'
LINE = re.compile(rf"[a-z_]+(\{{{LABEL}(,{LABEL})*\}})? -?[0-9.e+-]+")


def scope(*headers, client="127.0.0.1", path="/metrics"):
    return {"type": "http", "path": path, "client": (client, 1), "headers": list(headers)}


def ask(application, asked):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    asyncio.run(application(asked, receive, send))
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (scope(), True),
        (scope(client="::1"), True),
        (scope(client="203.0.113.9"), False),
        (scope(client=None) | {"client": None}, False),
        # a proxy of this machine passes on what others ask, whether or not it is trusted
        (scope((b"x-forwarded-for", b"203.0.113.9")), False),
        (scope((b"x-forwarded-for", b"127.0.0.1")), False),
        (scope((b"via", b"1.1 proxy")), False),
        (scope((b"authorization", b"Bearer right"), client="203.0.113.9"), True),
        (scope((b"authorization", b"Bearer right2"), client="203.0.113.9"), False),
        (scope((b"authorization", b"Bearer "), client="203.0.113.9"), False),
    ],
)
def test_only_this_machine_or_the_token_may_read(asked, allowed, settings):
    settings.METRICS_TOKEN = "right"
    settings.TRUSTED_PROXIES = networks("127.0.0.1")

    assert may_read(asked) is allowed


def test_without_a_token_nobody_else_may_read(settings):
    settings.METRICS_TOKEN = ""

    assert may_read(scope((b"authorization", b"Bearer "), client="203.0.113.9")) is False


@pytest.mark.parametrize("asked", [scope(client="203.0.113.9"), scope(path="/metrics/x")])
def test_everybody_else_finds_nothing(asked, tmp_path):
    assert ask(Metrics(tmp_path), asked) == (404, "not found")


@pytest.mark.django_db
def test_text_is_what_prometheus_reads(tmp_path):
    metrics.request("GET", 'x/<str:code>"\\', 200, 0.02)
    metrics.request("BREW", "", 418, 20.0)

    status, text = ask(Metrics(tmp_path), scope())

    lines = text.splitlines()
    assert status == 200
    assert [line for line in lines if line[0] != "#" and not LINE.fullmatch(line)] == []
    labels = 'method="GET",route="x/<str:code>\\"\\\\",status="200"'
    assert f'sen_request_seconds_bucket{{{labels},le="0.01"}} 0' in lines
    assert f'sen_request_seconds_bucket{{{labels},le="0.025"}} 1' in lines
    assert f'sen_request_seconds_bucket{{{labels},le="+Inf"}} 1' in lines
    assert f"sen_request_seconds_sum{{{labels}}} 0.02" in lines
    assert 'sen_request_seconds_count{method="OTHER",route="",status="418"} 1' in lines
    assert any(line.startswith("sen_sql_statements_total ") for line in lines)
    assert any(line.startswith("sen_process_memory_bytes{") for line in lines)
    assert any(line.startswith("sen_process_pool_lent{") for line in lines)
    for name in ("sen_jobs_oldest_seconds", "sen_disk_free_bytes", "sen_alarm_ringing"):
        assert f"# TYPE {name} gauge" in lines


def test_sums_of_ended_processes_stay(tmp_path):
    code = (
        "import sys; from pathlib import Path; from sen.base import metrics;"
        " metrics.request('GET', 'ended', 200, 0.1); metrics.statement(); metrics.statement();"
        " metrics.write(Path(sys.argv[1]), 'web')"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)

    gathered = [metrics.gather(tmp_path) for _ in range(2)]

    for total, living in gathered:
        assert total.requests["GET 200 ended"][-2:] == [0.0, pytest.approx(0.2)]
        assert sum(total.requests["GET 200 ended"][:-1]) == 2
        assert (total.statements, living) == (4, [])
    assert {path.name for path in tmp_path.iterdir()} == {"past.json", "lock"}


def test_number_of_a_process_that_was_given_again_is_no_life(tmp_path):
    path = tmp_path / f"web-{os.getpid()}.json"
    path.write_text(json.dumps({"kind": "web", "born": "1", "statements": 3}))

    total, living = metrics.gather(tmp_path)

    assert (total.statements, living) == (3, [])


def test_broken_file_is_passed_over(tmp_path):
    (tmp_path / "web-1.json").write_text("{")

    assert metrics.gather(tmp_path) == (metrics.Counted(), [])


def test_counting_costs_a_request_next_to_nothing():
    began = time.perf_counter()
    for _ in range(20_000):
        metrics.request("GET", "cost", 200, 0.003)
    seconds = (time.perf_counter() - began) / 20_000

    assert seconds < 20e-6

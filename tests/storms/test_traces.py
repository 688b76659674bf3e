"""Traces of a served installation, taken by a collector over a real socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storms import crowd
from tests.storms.clients import Client, Seen
from tests.storms.collector import Collector
from tests.storms.installation import Installation, children_of, until

pytestmark = pytest.mark.storm

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.end()


@pytest.fixture
def demo() -> Iterator[Installation]:
    made = Installation()
    try:
        yield made
    finally:
        made.end()


def loaded(pid: int | None) -> bool:
    """Return whether a process has loaded the format in which spans are sent."""
    return "_upb" in Path(f"/proc/{pid}/maps").read_text()


def test_a_life_is_told_to_the_collector_and_nobody_in_it(demo, collector, scan):
    """Requests, jobs and calls to the outside come with their numbers; no name, no code, no path."""
    demo.told |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    demo.must_start()
    crew = crowd.made_in(demo)
    [one] = lives = crowd.births(demo, crew, 1, Seen(), 41, {"plain": 1})
    assert crowd.live_all(lives, scan) == []
    Client(demo.address, Seen()).once("GET", "/thu-tuc/?q=Nguy%E1%BB%85n+B%C3%A3o", None)
    time.sleep(1)
    assert demo.stop() == 0

    assert collector.paths == {"/v1/traces"}
    spans = collector.spans
    assert {span.process for span in spans} == {"web", "worker"}
    asked = [span for span in spans if span.kind == "SERVER"]
    [filed] = [span for span in asked if span.name == "POST api/v1/dossiers"]
    assert filed.attributes["http.response.status_code"] == 201
    assert 0 < filed.attributes["sen.sql_statements"] < 60
    assert "GET api/v1/dossiers/<code>" in {span.name for span in asked}
    jobs = [span for span in spans if span.kind == "CONSUMER"]
    assert "notifications.send" in {span.attributes["sen.job"] for span in jobs}
    [text, *_more] = [span for span in spans if span.kind == "CLIENT"]
    assert text.attributes == {
        "http.request.method": "POST",
        "server.address": "localhost",
        "http.response.status_code": 202,
    }
    assert text.parent in {span.id for span in jobs}
    everything = " ".join(span.all for span in spans)
    people = [one.father["name"], one.father["number"], one.code, "Nguy", "q=", "giay-chung-sinh"]
    assert [text for text in people if text in everything] == []


def test_a_collector_that_is_away_is_noticed_by_nobody(demo, scan):
    demo.told |= {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    demo.must_start()
    [one] = lives = crowd.births(demo, crowd.made_in(demo), 1, Seen(), 43, {"plain": 1})

    assert crowd.live_all(lives, scan) == []
    assert one.seconds < 30
    began = time.monotonic()
    assert demo.stop() == 0
    assert time.monotonic() - began < 30


def test_without_a_collector_nothing_of_it_is_loaded(demo):
    demo.must_start()
    until(lambda: demo.answers("/"), 30)
    [web] = children_of(demo.pid("web"))

    assert [loaded(web), loaded(demo.pid("worker"))] == [False, False]

"""Traces of a served installation, taken by a collector over a real socket."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.storms import crowd
from tests.storms.clients import Client, Seen
from tests.storms.collector import Collector
from tests.storms.installation import Installation, until

pytestmark = pytest.mark.storm


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


def test_a_life_is_told_to_the_collector_and_nobody_in_it(demo, collector, scan):
    """Requests, jobs and calls to the outside come with their numbers; no name, no code, no path.

    Then the collector goes away, and nobody notices.
    """
    demo.told |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    demo.must_start()
    crew = crowd.made_in(demo)
    [one] = lives = crowd.births(demo, crew, 1, Seen(), 41, {"plain": 1})
    assert crowd.live_all(lives, scan) == []
    Client(demo.address, Seen()).once("GET", "/thu-tuc/?q=Nguy%E1%BB%85n+B%C3%A3o", None)
    until(lambda: any("thu-tuc/" in span.name for span in collector.spans), 10)
    collector.end()
    [other] = crowd.births(demo, crew, 1, Seen(), 43, {"plain": 1})
    other.live(scan)
    began = time.monotonic()
    assert demo.stop() == 0
    assert (other.seconds < 30, time.monotonic() - began < 30) == (True, True)

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

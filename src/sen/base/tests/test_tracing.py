from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sen.base import metrics, tracing

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Spans go to a list; what is not read until the end is sent then."""
    made = InMemorySpanExporter()
    tracing.switch_on("web", made)
    yield made
    tracing.end()


def sent(exporter):
    tracing.end()
    return exporter.get_finished_spans()


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "True"}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, False),
    ],
)
def test_traces_are_on_where_a_collector_is_named(said, wanted, monkeypatch):
    for name in (*tracing.ENDPOINTS, "OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, text in said.items():
        monkeypatch.setenv(name, text)

    assert tracing.is_wanted() is wanted


def test_off_nothing_is_imported_and_a_span_forgets():
    program = (
        "import sys; from sen.base import tracing; tracing.begin('web')\n"
        "with tracing.span('GET', 'server') as span, tracing.call('POST', 'x'):\n"
        "    span.tell('GET x', http__route='x'); span.fail('500')\n"
        "assert (tracing.current(), tracing.carried(print)) == ('', print)\n"
        "tracing.end()\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('opentelemetry', 'google')])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert said.stdout.strip() == "[]"


def test_off_a_span_costs_next_to_nothing():
    began = time.perf_counter()
    for _ in range(10_000):
        with tracing.span("GET", "server", caller="") as span:
            span.tell("GET x", http__route="x")

    assert (time.perf_counter() - began) / 10_000 < 0.000_02


def test_request_is_told_by_its_pattern_and_counts_its_statements(exporter):
    with tracing.span("GET", "server", caller=CALLER) as span:
        metrics.statement()
        metrics.statement()
        trace = tracing.current()
        with tracing.call("POST", "registry.test") as call:
            call.tell(http__response__status_code=200)
        span.tell("GET ho-so/<code>/", http__route="ho-so/<code>/")
    metrics.statement()

    call, request = sent(exporter)
    assert trace == "0af7651916cd43dd8448eb211c80319c"
    assert f"{request.context.trace_id:032x}" == trace
    assert (request.name, request.kind.name) == ("GET ho-so/<code>/", "SERVER")
    assert dict(request.attributes) == {"http.route": "ho-so/<code>/", "sen.sql_statements": 2}
    assert (call.name, call.kind.name, call.parent) == ("POST", "CLIENT", request.context)
    assert dict(call.attributes) == {
        "http.request.method": "POST",
        "server.address": "registry.test",
        "http.response.status_code": 200,
    }
    told = dict(request.resource.attributes)
    assert (told["service.name"], told["sen.process"]) == ("sen", "web")


def test_own_name_of_the_service_stays(monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "sen-h41")
    exporter = InMemorySpanExporter()
    tracing.switch_on("worker", exporter)
    with tracing.span("job x", "consumer"):
        pass

    (job,) = sent(exporter)
    assert job.resource.attributes["service.name"] == "sen-h41"
    assert (job.parent, tracing.current()) == (None, "")


def test_failure_is_told_by_its_kind_and_never_by_its_words(exporter):
    with pytest.raises(ValueError, match="Nguyễn"), tracing.span("job x", "consumer"):
        raise ValueError("Nguyễn Văn Thử, 040090700001")

    (job,) = sent(exporter)
    assert (job.status.status_code.name, job.status.description) == ("ERROR", None)
    assert (job.events, dict(job.attributes)) == (
        (),
        {"error.type": "ValueError", "sen.sql_statements": 0},
    )


def test_work_of_another_thread_belongs_to_the_span_that_began_it(exporter):
    def work(host: str) -> None:
        with tracing.call("POST", host):
            pass

    with tracing.span("GET", "server"):
        thread = threading.Thread(target=tracing.carried(work), args=("registry.test",))
        thread.start()
        thread.join()

    call, request = sent(exporter)
    assert call.parent == request.context


def test_statements_outside_a_span_are_counted_for_the_process_alone(exporter):
    before = metrics.counted().statements
    metrics.statement()

    assert metrics.counted().statements == before + 1
    assert sent(exporter) == ()


class Stuck(SpanExporter):
    """A collector that never answers."""

    def export(self, _spans):
        time.sleep(30)
        return SpanExportResult.FAILURE


def test_end_does_not_wait_for_a_collector_that_hangs(monkeypatch):
    from sen.base import spans

    monkeypatch.setattr(spans, "END_SECONDS", 0.2)
    tracing.switch_on("web", Stuck())
    with tracing.span("GET", "server"):
        pass
    began = time.monotonic()
    tracing.end()

    assert time.monotonic() - began < 5


def test_begin_switches_on_only_where_wanted(monkeypatch):
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    tracing.begin("web")
    assert tracing.span("GET", "server") is tracing.span("POST", "server")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    tracing.begin("web")
    assert tracing.span("GET", "server") is not tracing.span("POST", "server")
    tracing.end()

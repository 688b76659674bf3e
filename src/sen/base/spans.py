"""Spans by OpenTelemetry. Imported by `tracing` alone, and only where a collector is named."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sen.base import metrics, tracing

END_SECONDS = 3.0
"""How long the end of a process waits for a collector that is slow or away."""
_KINDS = {
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "consumer": trace.SpanKind.CONSUMER,
}
_propagator = TraceContextTextMapPropagator()
_statements: ContextVar[list[int] | None] = ContextVar("statements", default=None)
_provider: Any = None
_count = metrics.statement


def begin(process: str, exporter: Any) -> None:
    """Make what sends, in threads of this process; called once in a process that serves."""
    global _provider  # noqa: PLW0603 - one of a process
    resource = Resource.create({"sen.process": process})
    if str(resource.attributes["service.name"]).startswith("unknown_service"):
        resource = resource.merge(Resource({"service.name": "sen"}))
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    metrics.statement = _counting


def end() -> None:
    """Send what waits, for a few seconds at most; what a lost collector would have got is lost."""
    metrics.statement = _count
    last = threading.Thread(target=_provider.shutdown, name="last spans", daemon=True)
    last.start()
    last.join(END_SECONDS)


def current() -> str:
    """Return the id of the open trace, empty where none is open."""
    found = trace.get_current_span().get_span_context()
    return trace.format_trace_id(found.trace_id) if found.is_valid else ""


class Sent(tracing.Span):
    """A span on its way: entered and left in one thread."""

    def __init__(
        self, name: str, kind: str, caller: str, attributes: Mapping[str, tracing.Value]
    ) -> None:
        """Begin nothing yet; the span begins when it is entered."""
        self._name = name
        self._kind = kind
        self._caller = caller
        self._attributes = attributes

    def __enter__(self) -> Self:
        """Begin within the span that is open, or the caller's, or as the first of a trace."""
        parent = _propagator.extract({"traceparent": self._caller}) if self._caller else None
        self._span = _provider.get_tracer("sen").start_span(
            self._name, parent, _KINDS[self._kind], dict(self._attributes)
        )
        self._use = trace.use_span(
            self._span, end_on_exit=False, record_exception=False, set_status_on_exception=False
        )
        self._use.__enter__()
        self._counted = None if self._kind == "client" else _statements.set([0])
        return self

    def tell(self, name: str = "", **attributes: tracing.Value) -> None:
        """Name the span and add attributes."""
        if name:
            self._span.update_name(name)
        for key, value in attributes.items():
            self._span.set_attribute(key.replace("__", "."), value)

    def fail(self, kind: str) -> None:
        """Mark the span as failed."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(trace.StatusCode.ERROR)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End, with the number of statements; of a failure its kind alone is told."""
        if kind is not None:
            self.fail(kind.__name__)
        if self._counted is not None:
            counted = _statements.get()
            self._span.set_attribute("sen.sql_statements", counted[0] if counted else 0)
            _statements.reset(self._counted)
        self._use.__exit__(None, None, None)
        self._span.end()


def _counting() -> int:
    """Count a statement for the process and for the span that is open."""
    counted = _statements.get()
    if counted is not None:
        counted[0] += 1
    return _count()

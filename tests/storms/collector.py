"""A collector of OpenTelemetry on loopback: takes spans as OTLP over HTTP and keeps them."""

from __future__ import annotations

import http.server
import threading
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Told:
    """A span as it came. all: everything in it, for whoever looks for what must not be there."""

    process: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]
    all: str


class Collector:
    """The server; `spans` in the order in which they came."""

    def __init__(self) -> None:
        self.spans: list[Told] = []
        self.paths: set[str] = set()
        collector = self

        class Taking(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                collector.take(self.path, data)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, path: str, data: bytes) -> None:
        self.paths.add(path)
        request = ExportTraceServiceRequest.FromString(data)
        for resource in request.resource_spans:
            told = _attributes(resource.resource)
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                self.spans.append(
                    Told(
                        process=told["sen.process"],
                        name=span.name,
                        kind=type(span).SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                        trace=span.trace_id.hex(),
                        id=span.span_id.hex(),
                        parent=span.parent_span_id.hex(),
                        attributes=_attributes(span),
                        all=str(MessageToDict(span)),
                    )
                )

    def end(self) -> None:
        """Go away; called again, nothing more happens."""
        self._server.shutdown()
        self._server.server_close()


def _attributes(of: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in of.attributes}

from __future__ import annotations

import asyncio
import io
import threading

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sen.base import tracing
from sen.config import pages as pages_module
from sen.config.bodies import BODY, Body
from sen.config.pages import Pages, environment

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/hồ-sơ/",
    "query_string": b"q=1",
    "http_version": "1.1",
    "scheme": "https",
    "server": ("sen.vn", 443),
    "client": ("10.0.0.9", 4711),
    "headers": [],
}


def ask(make_response, *, leaves_after=None):
    """Return the messages sent for a response; the client may leave after so many of them."""
    sent = []
    pages = Pages(
        lambda environ, start: _started(make_response(environ), start), threads=2, streams=1
    )

    async def run():
        left = asyncio.Event()

        async def receive():
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if len(sent) == leaves_after:
                left.set()
            await asyncio.sleep(0)

        await pages(dict(SCOPE), receive, send)

    asyncio.run(run())
    pages.close()
    return sent


def _started(response, start):
    start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response


def body(sent):
    return b"".join(message.get("body", b"") for message in sent)


def test_whole_answer_is_sent_at_once_and_closed_by_its_thread():
    closed = []
    response = HttpResponse("xin chào", status=201)
    response._resource_closers.append(lambda: closed.append(threading.current_thread().name))

    sent = ask(lambda _: response)

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 201
    assert (b"content-type", b"text/html; charset=utf-8") in sent[0]["headers"]
    assert body(sent) == "xin chào".encode()
    assert closed == ["page_0"]


def test_file_is_sent_in_large_pieces(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"x" * 600_000)
    file = path.open("rb")

    sent = ask(lambda _: FileResponse(file))

    assert [len(message["body"]) for message in sent[1:]] == [262144, 262144, 75712, 0]
    assert file.closed


def test_file_is_closed_when_the_client_leaves(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"x" * 3_000_000)
    file = path.open("rb")

    sent = ask(lambda _: FileResponse(file), leaves_after=2)

    assert len(body(sent)) < 3_000_000
    assert file.closed


def test_produced_answer_stays_in_one_thread():
    names = []

    def rows():
        for _ in range(3):
            names.append(threading.current_thread().name)
            yield b"row\n"

    sent = ask(lambda _: StreamingHttpResponse(rows()))

    assert body(sent) == b"row\n" * 3
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert set(names) == {"stream_0"}


def test_produced_answer_ends_when_the_client_leaves():
    made = []

    def rows():
        for number in range(10_000):
            made.append(number)
            yield b"row\n"

    ask(lambda _: StreamingHttpResponse(rows()), leaves_after=3)

    assert len(made) < 10_000


def test_context_of_one_request_does_not_reach_the_next():
    from contextvars import ContextVar

    mark: ContextVar[str] = ContextVar("mark", default="clean")
    found = []

    def answer(environ):
        found.append(mark.get())
        mark.set("dirty")
        return HttpResponse()

    for _ in range(3):
        ask(answer)

    assert found == ["clean"] * 3


def test_error_of_the_handler_is_raised_to_the_server():
    def broken(environ):
        raise LookupError

    with pytest.raises(LookupError):
        ask(broken)


def test_environment_says_what_wsgi_asks():
    scope = {
        **SCOPE,
        "headers": [
            (b"host", b"sen.vn"),
            (b"content-type", b"text/plain"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"x-note", b"one"),
            (b"x-note", b"two"),
        ],
        BODY: Body(io.BytesIO(b"abc"), 3),
    }

    found = environment(scope)

    assert found["PATH_INFO"].encode("latin1").decode() == "/hồ-sơ/"
    assert found["wsgi.input"].read() == b"abc"
    assert {key: found[key] for key in found if key.isupper() and key != "PATH_INFO"} == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "q=1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "sen.vn",
        "SERVER_PORT": "443",
        "REMOTE_ADDR": "10.0.0.9",
        "CONTENT_LENGTH": "3",
        "CONTENT_TYPE": "text/plain",
        "HTTP_HOST": "sen.vn",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_NOTE": "one,two",
    }


def test_environment_drops_headers_that_would_pass_for_others():
    found = environment({**SCOPE, "headers": [(b"x_forwarded_for", b"6.6.6.6")]})

    assert "HTTP_X_FORWARDED_FOR" not in found


def test_who_finds_no_thread_in_time_is_told_to_come_back(monkeypatch):
    """One thread is held; one waits too long, one too many is refused at once, later all is well."""
    monkeypatch.setattr(pages_module, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(pages_module, "MOST_WAITING", 1)
    held = threading.Event()
    ran = []

    def handler(environ, start):
        ran.append(environ["PATH_INFO"])
        held.wait(5)
        return _started(HttpResponse("xong"), start)

    pages = Pages(handler, threads=1, streams=1)

    async def one(path):
        sent = []

        async def send(message):
            sent.append(message)

        await pages({**SCOPE, "path": path}, None, send)
        return sent[0]["status"], dict(sent[0]["headers"]).get(b"retry-after"), body(sent)

    async def run():
        first = asyncio.create_task(one("/first"))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(one("/second"))
        await asyncio.sleep(0.05)
        refused = [await one("/api/v1/third"), await second]
        held.set()
        return refused, await first, await one("/last")

    refused, first, last = asyncio.run(run())
    pages.close()

    assert [(status, again) for status, again, _body in refused] == [(503, b"5"), (503, b"5")]
    assert b'"code": "busy"' in refused[0][2]
    assert (first[0], last[0], ran) == (200, 200, ["/first", "/last"])


@pytest.mark.parametrize(("status", "fails"), [(404, False), (500, True)])
def test_request_is_told_as_a_span_by_its_pattern_alone(status, fails):
    def answer(environ):
        environ[pages_module.ROUTE] = "ho-so/<code>/"
        return HttpResponse(status=status)

    exporter = InMemorySpanExporter()
    tracing.switch_on("web", exporter)
    ask(answer)
    tracing.end()

    (span,) = exporter.get_finished_spans()
    assert (span.name, span.status.status_code.name == "ERROR") == ("GET ho-so/<code>/", fails)
    assert dict(span.attributes) == {
        "http.request.method": "GET",
        "http.route": "ho-so/<code>/",
        "http.response.status_code": status,
        "sen.sql_statements": 0,
    } | ({"error.type": "500"} if fails else {})

from __future__ import annotations

import asyncio
import json

import pytest

from sen.config import bodies
from sen.config.bodies import BODY, BodyGate

LIMIT, UPLOAD_LIMIT = 1000, 5000


def call(path="/", *, parts=(b"",), headers=(), version="1.1"):
    """Return what the application saw (None if it was not called) and what was sent."""
    seen: list[tuple[bytes, int]] = []
    sent: list[dict] = []
    messages = [
        {"type": "http.request", "body": part, "more_body": index < len(parts) - 1}
        if part is not None
        else {"type": "http.disconnect"}
        for index, part in enumerate(parts)
    ]
    asked = []

    async def receive():
        asked.append(1)
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def application(scope, receive, send):
        whole, more = b"", True
        while more:
            message = await receive()
            whole, more = whole + message["body"], message["more_body"]
        seen.append((whole, scope[BODY].size))

    scope = {"type": "http", "path": path, "headers": list(headers), "http_version": version}
    gate = BodyGate(application, limit=LIMIT, upload_limit=UPLOAD_LIMIT)
    asyncio.run(gate(scope, receive, send))
    return (seen[0] if seen else None), sent, len(asked)


def length(number):
    return (b"content-length", str(number).encode())


CHUNKED = (b"transfer-encoding", b"chunked")


def test_request_without_a_body_passes_unread():
    assert call() == ((b"", 0), [], 0)


def test_body_within_the_limit_is_given_whole():
    seen, sent, _ = call(parts=(b"a" * 400, b"b" * 600), headers=[length(1000)])

    assert seen == (b"a" * 400 + b"b" * 600, 1000)
    assert sent == []


def test_body_larger_than_memory_goes_through_a_file(monkeypatch):
    monkeypatch.setattr(bodies, "MEMORY", 10)
    monkeypatch.setattr(bodies, "PIECE", 7)

    seen, _, _ = call(parts=(b"0123456789" * 3, b"x"), headers=[CHUNKED])

    assert seen == (b"0123456789" * 3 + b"x", 31)


def test_declared_large_body_is_refused_before_it_is_read():
    seen, sent, asked = call(parts=(b"never",), headers=[length(LIMIT + 1)])

    assert (seen, asked) == (None, 0)
    assert sent[0]["status"] == 413
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"]) == {
        "type": "urn:sen:problem:too_large",
        "title": "Content too large",
        "status": 413,
        "detail": "Nội dung gửi lên quá lớn",
        "code": "too_large",
        "limit_bytes": LIMIT,
    }


def test_body_without_length_is_refused_when_it_passes_the_limit():
    seen, sent, asked = call(parts=(b"a" * 600, b"b" * 600, b"never"), headers=[CHUNKED])

    assert (seen, asked) == (None, 2)
    assert sent[0]["status"] == 413


@pytest.mark.parametrize("path", ["/api/v1/files/7", "/ho-so/7/tep", "/tep/"])
def test_upload_may_bring_more(path):
    seen, _, _ = call(path, parts=(b"a" * UPLOAD_LIMIT,), headers=[length(UPLOAD_LIMIT)])

    assert seen == (b"a" * UPLOAD_LIMIT, UPLOAD_LIMIT)


def test_form_with_files_may_bring_more():
    kind = (b"content-type", b"multipart/form-data; boundary=x")

    seen, _, _ = call("/ban-nhap/7", parts=(b"a" * 2000,), headers=[length(2000), kind])

    assert seen == (b"a" * 2000, 2000)


@pytest.mark.parametrize("path", ["/tepid", "/ho-so/tepx", "/my-files"])
def test_upload_is_a_whole_segment_of_the_path(path):
    _, sent, _ = call(path, headers=[length(LIMIT + 1)])

    assert sent[0]["status"] == 413


def test_person_gets_a_page():
    _, sent, _ = call(headers=[length(2**31), (b"accept", b"text/html,*/*")])

    assert sent[0]["headers"][0] == (b"content-type", b"text/html; charset=utf-8")
    assert "Nội dung gửi lên quá lớn" in sent[1]["body"].decode()


def test_api_gets_a_problem_even_when_it_takes_html():
    _, sent, _ = call("/api/v1/dossiers", headers=[length(2**31), (b"accept", b"text/html")])

    assert sent[0]["headers"][0] == (b"content-type", b"application/problem+json")


def test_http2_answer_names_no_connection():
    _, sent, _ = call(headers=[length(2**31)], version="2")

    assert b"connection" not in dict(sent[0]["headers"])


def test_http2_body_needs_no_header():
    seen, _, _ = call(parts=(b"abc",), version="2")

    assert seen == (b"abc", 3)


def test_client_that_leaves_is_not_answered():
    assert call(parts=(b"a", None), headers=[length(10)]) == (None, [], 2)


def test_slow_body_is_given_up(monkeypatch):
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    sent = []

    async def receive():
        await asyncio.sleep(1)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [length(5)], "http_version": "1.1"}
    asyncio.run(BodyGate(None, limit=LIMIT, upload_limit=LIMIT)(scope, receive, send))

    assert sent[0]["status"] == 408


def test_what_is_not_http_passes():
    seen = []

    async def application(scope, receive, send):
        seen.append(scope["type"])

    gate = BodyGate(application, limit=1, upload_limit=1)
    asyncio.run(gate({"type": "lifespan"}, None, None))

    assert seen == ["lifespan"]

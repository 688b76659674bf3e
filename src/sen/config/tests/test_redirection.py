from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest

from sen.config.redirection import answer

TARGET = "https://sen.example.vn"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / ".well-known" / "acme-challenge"
    place.mkdir(parents=True)
    (place / "tok-en_1").write_text("tok-en_1.thumb")
    (tmp_path / "secret").write_text("secret")
    return tmp_path


def head(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode("latin1")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/", "308 Permanent Redirect", "Location: https://sen.example.vn/\r\n"),
        ("/ho-so/?a=1&b=2", "308 Permanent Redirect",
         "Location: https://sen.example.vn/ho-so/?a=1&b=2\r\n"),
        ("/.well-known/acme-challenge/tok-en_1", "200 OK", "\r\n\r\ntok-en_1.thumb"),
        ("/.well-known/acme-challenge/none", "404 Not Found", "\r\n\r\n"),
        ("/.well-known/acme-challenge/../../secret", "308 Permanent Redirect", "Location: "),
        ("//evil.example/", "308 Permanent Redirect", "https://sen.example.vn//evil.example/"),
        ("https://evil.example/", "400 Bad Request", "\r\n\r\n"),
        ("/\x0bx", "400 Bad Request", "\r\n\r\n"),
    ],
)  # fmt: skip
def test_plain_request_is_sent_on_or_shown_its_proof(path, status, said, folder):
    found = answer(head(path), target=TARGET, folder=folder).decode("latin1")

    assert found.startswith(f"HTTP/1.1 {status}\r\n")
    assert said in found
    assert "secret" not in found.split("\r\n\r\n", 1)[1]


def test_program_answers_and_ends_when_told(folder):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["-m", "sen.config.redirection", "127.0.0.1", str(port), TARGET, str(folder)]
    process = subprocess.Popen([sys.executable, *words])
    try:
        until = time.monotonic() + 20
        while True:
            try:
                line = socket.create_connection(("127.0.0.1", port), timeout=5)
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.1)
        with line:
            line.sendall(head("/x"))
            said = line.recv(4096)
    finally:
        process.send_signal(signal.SIGTERM)

    assert b"Location: https://sen.example.vn/x\r\n" in said
    assert process.wait(10) == 0

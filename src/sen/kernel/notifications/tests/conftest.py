"""What the tests of the notifications share: a template, people, a gateway for SMS."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sen.kernel.identity.tests.factories import AccountFactory, PersonFactory
from sen.kernel.notifications import public as notifications

RECEIVED = notifications.Template(
    code="trial.received",
    title={"vi": "Hồ sơ {code}", "en": "Dossier {code}"},
    body={"vi": "Hồ sơ {code} hẹn trả {due}.", "en": "Dossier {code} is due on {due}."},
    sms={"vi": "HS {code} hen {due}"},
    media=["email", "sms"],
)
QUIET = notifications.Template(code="trial.quiet", title={"vi": "Lặng"}, body={"vi": "Chỉ ở đây"})
LEGAL = notifications.Template(
    code="trial.legal",
    title={"vi": "Bắt buộc"},
    body={"vi": "Theo luật"},
    media=["sms"],
    is_mandatory=True,
)


@pytest.fixture(autouse=True)
def templates():
    notifications.register_templates(RECEIVED, QUIET, LEGAL)


@pytest.fixture
def citizen(db):
    person = PersonFactory(phone="0912345678", email="thu@example.vn")
    return AccountFactory(person=person, language="en")


class Gateway(HTTPServer):
    """A gateway that answers `status` and keeps what it was sent."""

    status = 202

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[tuple[dict, dict]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.sent.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_URL, settings.SMS_TOKEN = server.url, "bí-mật".encode().hex()
    settings.PUBLIC_URL = "https://sen.example"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mail(settings, mailoutbox):
    settings.EMAIL_HOST = "mail.example"
    return mailoutbox

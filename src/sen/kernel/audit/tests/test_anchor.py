"""The time-stamping authority, spoken to over a real socket."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps import DummyTimeStamper

from sen.base import clock
from sen.base.actor import SYSTEM
from sen.base.errors import Unavailable
from sen.base.identifiers import new_id
from sen.kernel.audit import jobs, services
from sen.kernel.audit import public as audit
from sen.kernel.audit.adapters import anchor
from sen.kernel.audit.models import Anchor


@pytest.fixture(scope="module")
def authority():
    """Make a time-stamping authority with its own certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = certificates.Name(
        [certificates.NameAttribute(certificates.NameOID.COMMON_NAME, "TSA thử nghiệm")]
    )
    now = dt.datetime.now(dt.UTC)
    certificate = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    der, private = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(der)),
        keys.PrivateKeyInfo.load(key.private_bytes(der, private, serialization.NoEncryption())),
    )


@contextmanager
def serving(answer):
    """Answer each request on a local port with what the function makes of it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            question = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = answer(question)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def honest(authority):
    def answer(question):
        request = tsp.TimeStampReq.load(question)
        return 200, authority.request_tsa_response(request).dump()

    return answer


def test_a_token_is_over_the_content(authority):
    with serving(honest(authority)) as address:
        token = anchor.stamp(address, b"chain")

    assert (anchor.fits(token, b"chain"), anchor.fits(token, b"other")) == (True, False)
    assert anchor.fits(b"nonsense", b"chain") is False


def replayed(authority):
    """Answer with a token that was given for something else."""

    def answer(question):
        request = tsp.TimeStampReq.load(question)
        request["nonce"] = 1
        return 200, authority.request_tsa_response(request).dump()

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda _: (200, b"nonsense"), "no token"),
        (lambda _: (200, bytes.fromhex("30053003020102")), "no token"),  # status 2: rejection
        (lambda _: (204, b""), "answered 204"),
        (lambda _: (500, b""), "does not answer"),
    ],
)
def test_a_wrong_answer_is_no_token(answer, words):
    with serving(answer) as address, pytest.raises(Unavailable, match=words):
        anchor.stamp(address, b"chain")


def test_a_token_for_another_request_is_no_token(authority):
    with serving(replayed(authority)) as address, pytest.raises(Unavailable, match="else"):
        anchor.stamp(address, b"chain")


def test_nobody_there_is_no_token():
    with pytest.raises(Unavailable, match="does not answer"):
        anchor.stamp("http://127.0.0.1:9/", b"chain")
    with pytest.raises(Unavailable, match="http address"):
        anchor.stamp("file:///etc/passwd", b"chain")


@pytest.fixture
def sealed(db):
    """Leave one seal."""
    audit.record(
        SYSTEM, "tests.do", subject=audit.Subject("tests.record", new_id()), at=clock.now()
    )
    audit.seal()


@pytest.mark.django_db
def test_without_an_address_or_a_seal_nothing_is_anchored(settings, sealed):
    settings.TSA_URL = ""
    jobs.anchor()

    assert Anchor.objects.count() == 0


@pytest.mark.django_db
def test_the_last_seal_is_anchored_once_and_verified(settings, sealed, authority):
    with serving(honest(authority)) as address:
        settings.TSA_URL = address
        jobs.anchor()
        assert services.anchor(at=clock.now()) is False

    found = Anchor.objects.get()
    assert (found.seal, found.authority, audit.verify().ok) == (1, address, True)


@pytest.mark.django_db
def test_an_anchor_that_does_not_fit_is_named(sealed):
    Anchor.objects.create(seal=1, token=b"x", authority="", stamped_at=clock.now())
    Anchor.objects.create(seal=9, token=b"x", authority="", stamped_at=clock.now())

    assert audit.verify().problems == (
        "neo thời gian của con dấu 1 không khớp",
        "neo thời gian của con dấu 9 không khớp",
    )

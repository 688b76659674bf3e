"""Sen's own TLS: old protocols are refused, a renewed certificate is taken up without a cut line."""

from __future__ import annotations

import http.client
import shutil
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storms.installation import Installation

pytestmark = [
    pytest.mark.storm,
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is missing"),
]


def make_pair(folder: Path) -> None:
    """Write a certificate for this machine and its key where Sen looks for them."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder / "key.pem", "-out", folder / "chain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("tls")
    make_pair(folder)
    started = Installation(
        SEN_TLS_CERTIFICATE=str(folder / "chain.pem"), SEN_TLS_KEY=str(folder / "key.pem")
    )
    try:
        started.must_start()
        yield started
    finally:
        started.end()


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def shown(demo: Installation) -> str:
    return ssl.get_server_certificate(("127.0.0.1", demo.web.port))


@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1_1, None),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_protocols_before_1_2_are_refused(demo, version, spoken):
    context = trusting()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    line = http.client.HTTPSConnection("127.0.0.1", demo.web.port, context=context, timeout=30)
    try:
        line.connect()
        found = line.sock.version()
        line.request("GET", "/")
        response = line.getresponse()
        response.read()
        assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    except (ssl.SSLError, ConnectionError):
        found = None
    finally:
        line.close()

    assert found == spoken


def test_renewed_certificate_is_taken_up_without_a_cut_line(demo):
    before = shown(demo)
    seen: Counter[str] = Counter()
    is_over = threading.Event()

    def keep_asking() -> None:
        line = None
        while not is_over.wait(0.02):
            line = line or http.client.HTTPSConnection(
                "127.0.0.1", demo.web.port, context=trusting(), timeout=60
            )
            try:
                line.request("GET", "/xac-minh/")
                response = line.getresponse()
                response.read()
                seen[str(response.status)] += 1
                is_closed = response.will_close
            except (OSError, http.client.HTTPException) as error:
                seen[repr(error)] += 1
                is_closed = True
            if is_closed:
                line.close()
                line = None
        if line is not None:
            line.close()

    asking = threading.Thread(target=keep_asking)
    asking.start()
    make_pair(Path(demo.told["SEN_TLS_KEY"]).parent)
    restarted = demo.run("sen.config", "restart")
    is_over.set()
    asking.join()

    assert restarted.returncode == 0, restarted.stdout
    assert set(seen) == {"200"}
    assert shown(demo) != before

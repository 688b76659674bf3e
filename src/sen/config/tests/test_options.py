from __future__ import annotations

import shutil
import subprocess

import pytest

from sen.config import options
from sen.config.addresses import Tls
from sen.config.home import CannotStart
from sen.config.options import Options

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is missing")


@pytest.fixture
def pair(tmp_path):
    """A certificate made for the test, and its key."""
    certificate, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return Tls(certificate, key)


def test_demo_listens_on_this_machine_only_unless_told():
    assert options.read(["demo"]) == Options(mode="demo", host="127.0.0.1")


def test_a_demo_may_be_without_invented_dossiers():
    assert options.read(["demo", "--dossiers", "0", "--reset"]) == Options(
        mode="demo", dossiers=0, is_reset=True
    )


def test_serve_takes_its_own_options():
    words = ["serve", "--host", "0.0.0.0", "--port", "80", "--workers", "3", "--no-migrate"]

    assert options.read(words) == Options(
        mode="serve", host="0.0.0.0", port=80, workers=3, migrates=False
    )


@pytest.mark.parametrize(
    ("word", "halves"), [("--no-worker", (True, False)), ("--no-web", (False, True))]
)
def test_serve_may_run_one_half(word, halves):
    found = options.read(["serve", word])

    assert (found.has_web, found.has_worker) == halves


@pytest.mark.parametrize(
    "words",
    [["demo", "--port", "70000"], ["serve", "--reset"], ["serve", "--no-web", "--no-worker"]],
)
def test_wrong_options_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        options.read(words)


@needs_openssl
def test_certificate_is_named_by_words_or_by_the_environment(pair, monkeypatch):
    words = ["--certificate", str(pair.certificate), "--key", str(pair.key)]
    said = options.read(["serve", *words, "--plain-port", "80"])
    monkeypatch.setenv("SEN_TLS_CERTIFICATE", str(pair.certificate))
    monkeypatch.setenv("SEN_TLS_KEY", str(pair.key))

    assert (said.tls, said.plain_port) == (pair, 80)
    assert options.read(["serve"]).tls == pair


@needs_openssl
def test_certificate_that_cannot_be_served_with_stops_the_start(pair, tmp_path):
    other = tmp_path / "other.pem"
    subprocess.run(
        [
            "openssl",
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-out",
            other,
        ],
        check=True,
        capture_output=True,
    )
    old = tmp_path / "old.pem"
    subprocess.run(["openssl", "ec", "-in", pair.key, "-out", old], check=True, capture_output=True)
    faults = []
    for words in (
        ["--certificate", str(pair.certificate)],
        ["--certificate", str(pair.certificate), "--key", str(tmp_path / "none.pem")],
        ["--certificate", str(pair.certificate), "--key", str(other)],
        ["--certificate", str(pair.certificate), "--key", str(old)],
    ):
        with pytest.raises(CannotStart) as caught:
            options.read(["serve", *words])
        faults.append(str(caught.value))

    assert "both are needed" in faults[0]
    assert "No such file" in faults[1]
    assert "MISMATCH" in faults[2].upper()
    assert "openssl pkcs8 -topk8 -nocrypt -in old.pem" in faults[3]

"""What another program says of our signatures: poppler's pdfsig, with our root trusted or not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from sen.kernel.signing.adapters import authority
from sen.kernel.signing.tests.test_filling import issuer, sealed


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is missing")
        pytest.skip(f"{name} is missing")
    return found


def pdfsig(path: Path, *options: str) -> str:
    done = subprocess.run(
        [tool("pdfsig"), *options, str(path)], capture_output=True, text=True, check=False
    )
    return done.stdout


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(sealed())
    return path


@pytest.fixture
def trusting(tmp_path: Path) -> str:
    """Return pdfsig's option for a certificate store that trusts our root."""
    store = tmp_path / "nss"
    store.mkdir()
    root = tmp_path / "root.pem"
    root.write_bytes(authority.read(issuer()[0]).public_bytes(Encoding.PEM))
    certutil = tool("certutil")
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-n", "Sen", "-t", "CT,C,C", "-i", str(root)],
    ):
        subprocess.run([certutil, "-d", f"sql:{store}", *arguments], check=True)
    return str(store)


def test_pdfsig_finds_both_signatures_valid(paper):
    said = pdfsig(paper)
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "Signature Field Name: NguoiKy" in said
    assert "Signer Certificate Common Name: Nguyễn Văn An" in said
    assert said.count("Signature Type: ETSI.CAdES.detached") == 2
    assert "Total document signed" in said
    assert "Certificate is Trusted" not in said


def test_pdfsig_trusts_them_with_our_root(paper, trusting):
    said = pdfsig(paper, "-nssdir", trusting)
    assert said.count("Signature is Valid.") == 2
    assert said.count("Certificate Validation: Certificate is Trusted.") == 2


def test_pdfsig_sees_one_changed_byte(paper):
    data = bytearray(paper.read_bytes())
    data[data.index(b"/Title") + 1] ^= 1
    paper.write_bytes(data)
    assert "Signature is Valid." not in pdfsig(paper)

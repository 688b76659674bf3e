"""The papers, signatures and files of a life, made with the libraries alone.

A program of its own, so that its CPU time is nobody else's: `python -m bench.job LIVES` prints the
milliseconds of one life as JSON. Three papers by Typst, four signatures by pyHanko on them (the
leader's and the seal on the result, the unit's on two forms), nine files flushed to disk.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.lives import scan

ROOT = Path(__file__).resolve().parents[1]
PAPERS = {"mau_01": ["CoQuan"], "mau_02": ["CoQuan"], "giay_khai_sinh": ["NguoiKy", "CoQuan"]}
"""The papers of a life with the fields that are signed in them, in their order."""

CODES = {
    "mau_01": "public_services.mau_01",
    "mau_02": "public_services.mau_02",
    "giay_khai_sinh": "public_services.birth_certificate",
}


@dataclass(frozen=True)
class Work:
    """Milliseconds of CPU time for one life."""

    papers_ms: float
    signatures_ms: float
    files_ms: float

    @property
    def cpu_ms(self) -> float:
        """All together."""
        return self.papers_ms + self.signatures_ms + self.files_ms


def measured(home: Path, *, lives: int) -> Work:
    """Return what the work of a life needs, measured in a process of its own."""
    told = {**os.environ, "SEN_HOME": str(home), "SEN_DEMO": "1"}
    told |= {"DJANGO_SETTINGS_MODULE": "sen.config.settings"}
    told["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    run = subprocess.run(
        [sys.executable, "-m", "bench.job", str(lives)],
        env=told,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Work(**json.loads(run.stdout))


def _measure(lives: int) -> Work:
    data = {name: _sample(name) for name in PAPERS}
    signer = _signer()
    for name, fields in PAPERS.items():  # what is loaded once is loaded now
        _signed(_paper(name, data[name]), fields, signer)
    paper = scan()
    spent = [0.0, 0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        for life in range(lives):
            start = time.process_time()
            made = {name: _paper(name, data[name]) for name in PAPERS}
            spent[0] += time.process_time() - start
            start = time.process_time()
            signed = [one for name in PAPERS for one in _signed(made[name], PAPERS[name], signer)]
            spent[1] += time.process_time() - start
            start = time.process_time()
            for number, content in enumerate([paper, paper, *made.values(), *signed]):
                _keep(Path(folder) / f"{life}-{number}", content)
            spent[2] += time.process_time() - start
    return Work(*(one * 1000 / lives for one in spent))


def _paper(name: str, data: dict[str, Any]) -> bytes:
    from sen.kernel.papers import public as papers

    return papers.render(
        CODES[name],
        data,
        on=dt.date(2026, 11, 21),
        qr="https://example.vn/tra-cuu/abcdefghijklmnopqrstuvwxyz/",
        fields=True,
    ).pdf


def _sample(name: str) -> dict[str, Any]:
    """Return something for every key that a template knows."""
    from sen.kernel.papers import public as papers
    from sen.kernel.papers.public import FieldKind

    def one(field: papers.SchemaField) -> Any:
        match field.kind:
            case FieldKind.INTEGER:
                return 7
            case FieldKind.DATE:
                return dt.date(2026, 11, 21)
            case FieldKind.MOMENT:
                return dt.datetime(2026, 11, 21, 2, 15, tzinfo=dt.UTC)
            case FieldKind.YES_NO:
                return False
            case FieldKind.ROWS:
                return [{column.key: one(column) for column in field.columns}]
            case _:
                return f"Chữ {field.key.replace('_', ' ')}"

    found = papers.schema(f"systems/public_services/papers/{name}.typ")
    return {field.key: one(field) for field in found}


def _signer() -> Any:
    """Return a signer with a key of P-256 and a certificate of its own, both parsed once."""
    from asn1crypto import keys, x509
    from cryptography import x509 as certificates
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.Name(
        [certificates.NameAttribute(certificates.NameOID.COMMON_NAME, "Sen bench")]
    )
    now = dt.datetime.now(dt.UTC)
    made = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(plain),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko's
    )


def _signed(pdf: bytes, fields: list[str], signer: Any) -> list[bytes]:
    """Return the paper after each of its signatures."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields as kinds
    from pyhanko.sign import signers

    found = []
    for number, field in enumerate(fields):
        meta = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=kinds.SigSeedSubFilter.PADES,
            certify=number == 0 and len(fields) > 1,
            docmdp_permissions=kinds.MDPPerm.FILL_FORMS,
        )
        out = io.BytesIO()
        signers.PdfSigner(meta, signer=signer).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False), output=out
        )
        pdf = out.getvalue()
        found.append(pdf)
    return found


def _keep(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(vars(_measure(int(sys.argv[1])))))

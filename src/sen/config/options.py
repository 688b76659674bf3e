"""What may be said on the command line of `demo` and `serve`."""

from __future__ import annotations

import argparse
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from sen.config.addresses import LOOPBACK, Tls
from sen.config.home import CannotStart

LAST_PORT = 65535


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was asked on the command line.

    workers: web processes. has_web, has_worker: which halves run here. plain_port: where requests
    without TLS are sent on to TLS.
    """

    mode: str
    host: str = LOOPBACK
    port: int | None = None
    workers: int = 1
    is_reset: bool = False
    dossiers: int | None = None
    migrates: bool = True
    tls: Tls | None = None
    plain_port: int | None = None
    has_web: bool = True
    has_worker: bool = True


def read(words: list[str]) -> Options:
    """Return what the words of `demo` and `serve` ask for. Raises SystemExit, CannotStart."""
    mode = words[0]
    parser = argparse.ArgumentParser(prog=f"./sen {mode}", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="mặc định chỉ máy này · this machine only")
    parser.add_argument(
        "--port", type=_port, help="mặc định 8000 nếu còn trống · 8000 if it is free"
    )
    _add_demo(parser) if mode == "demo" else _add_serve(parser)
    found = vars(parser.parse_args(words[1:]))
    tls = _tls(found.pop("certificate", None), found.pop("key", None))
    return Options(mode=mode, tls=tls, **found)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reset", action="store_true", dest="is_reset", help="làm lại từ đầu · start over"
    )
    parser.add_argument(
        "--dossiers",
        type=int,
        help="số hồ sơ hư cấu của một năm, 0 thì không dựng · invented dossiers, 0 for none",
    )


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="số tiến trình web · processes"
    )
    parser.add_argument(
        "--no-migrate",
        action="store_false",
        dest="migrates",
        help="không đổi bảng dữ liệu · leave the tables",
    )
    parser.add_argument(
        "--certificate", type=Path, help="chứng thư TLS và chuỗi, PEM · certificate and chain"
    )
    parser.add_argument("--key", type=Path, help="khóa của nó, PKCS#8 · its key")
    parser.add_argument(
        "--plain-port",
        type=_port,
        help="cổng http chuyển sang https · plain requests there are sent on to https",
    )
    halves = parser.add_mutually_exclusive_group()
    halves.add_argument(
        "--no-worker",
        action="store_false",
        dest="has_worker",
        help="chỉ trang, việc nền ở máy khác · pages only",
    )
    halves.add_argument(
        "--no-web",
        action="store_false",
        dest="has_web",
        help="chỉ việc nền · background jobs only",
    )


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    """Return the certificate to serve with; raises CannotStart for a pair that does not fit."""
    certificate = certificate or _path(os.environ.get("SEN_TLS_CERTIFICATE"))
    key = key or _path(os.environ.get("SEN_TLS_KEY"))
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise CannotStart("Cần cả --certificate và --key · both are needed")
    tls = Tls(certificate.resolve(), key.resolve())
    fault = fault_of(tls)
    if fault:
        raise CannotStart(fault)
    return tls


def fault_of(tls: Tls) -> str:
    """Return why a certificate cannot be served with, empty where it can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key, "")
        text = tls.key.read_text(encoding="ascii")
    except (OSError, ValueError) as error:  # SSLError is an OSError
        return f"{tls.certificate}, {tls.key}: {error}"
    if "-----BEGIN PRIVATE KEY-----" not in text:
        return (
            f"{tls.key}: cần dạng PKCS#8 · convert it by "
            f"openssl pkcs8 -topk8 -nocrypt -in {tls.key.name} -out key.pem"
        )
    return ""


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"1 – {LAST_PORT}")
    return number

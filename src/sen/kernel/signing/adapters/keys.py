"""Private keys on this machine: one file each, readable by nobody else, parsed once a process."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_ECDSA = ec.ECDSA(hashes.SHA256())


class KeyUnusable(Exception):
    """The key is not there, not ours alone, or not what it should be."""


def _path(home: Path, name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise KeyUnusable("no name of a key")
    return home / f"{name}.pem"


def make(home: Path, name: str) -> ec.EllipticCurvePrivateKey:
    """Make a P-256 key and put it on disk, synced, readable by this user only."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(_path(home, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, text)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return key


@lru_cache(maxsize=2048)
def load(home: Path, name: str) -> ec.EllipticCurvePrivateKey:
    """Return a key, parsed once a process. Raises KeyUnusable."""
    path = _path(home, name)
    try:
        if path.stat().st_mode & 0o077:
            raise KeyUnusable("the key's file is open to others")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as problem:
        raise KeyUnusable("the key's file cannot be read") from problem
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise KeyUnusable("the key is not of the curve P-256")
    return key


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Return the ECDSA signature (DER) over the SHA-256 of the data."""
    return key.sign(data, _ECDSA)

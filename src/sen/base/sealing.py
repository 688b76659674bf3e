"""Sealing of what only Sen may read: AES-256-GCM with its place as context, keyed digests.

One root key, from the environment or a file, gives three keys by HKDF: for sealing, for wrapping
record keys and for digests. A sealed value opens only with the context it was sealed with, so that
it cannot be moved to another row or column. A record's own random key is kept wrapped; whoever
destroys the wrapped key has erased everything sealed with it, in backups too.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
"""First byte of everything sealed; another algorithm will take another number."""
_NONCE = 12
_KEY = 32
_SHORTEST = len(VERSION) + _NONCE + 16


class CannotOpen(Exception):
    """The bytes were changed, moved to another place, or sealed with another key."""


def _seal(cipher: AESGCM, plain: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return VERSION + nonce + cipher.encrypt(nonce, plain, context)


def _open(cipher: AESGCM, sealed: bytes, context: bytes) -> bytes:
    if len(sealed) < _SHORTEST or sealed[:1] != VERSION:
        raise CannotOpen("not a sealed value of this version")
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return cipher.decrypt(nonce, body, context)
    except InvalidTag as error:
        raise CannotOpen("changed, moved or sealed with another key") from error


def _context(parts: tuple[str, ...]) -> bytes:
    """Join the parts of a context so that no two different contexts give the same bytes."""
    return b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)


class RecordKey:
    """The random key of one record, while it is open in memory.

    Everything sealed with it is gone for good once its wrapped form is deleted.
    """

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, *context: str) -> bytes:
        """Return the bytes sealed; context says where they stand, such as table, column, id."""
        return _seal(self._cipher, plain, _context(context))

    def open(self, sealed: bytes, *context: str) -> bytes:
        """Return what was sealed with the same context. Raises CannotOpen."""
        return _open(self._cipher, sealed, _context(context))


class Sealer:
    """Seals, wraps and digests with the keys that one root key gives.

    root_key: the installation's secret, at least 32 characters of high entropy.
    """

    __slots__ = ("_digest", "_seal", "_wrap")

    def __init__(self, root_key: str) -> None:
        if len(root_key) < _KEY:
            raise ValueError("the root key needs at least 32 characters")
        self._seal = AESGCM(_derived(root_key, "seal"))
        self._wrap = AESGCM(_derived(root_key, "wrap"))
        self._digest = _derived(root_key, "digest")

    def seal(self, plain: bytes, *context: str) -> bytes:
        """Return the bytes sealed; context says where they stand, such as table, column, id."""
        return _seal(self._seal, plain, _context(context))

    def open(self, sealed: bytes, *context: str) -> bytes:
        """Return what was sealed with the same context. Raises CannotOpen."""
        return _open(self._seal, sealed, _context(context))

    def digest(self, text: str, *context: str) -> bytes:
        """Return 32 bytes that are equal for equal texts of one context and tell nothing more.

        For equality search on a sealed column ("blind index") and for the audit trail. Normalise
        the text first: another spelling gives another digest.
        """
        message = _context((*context, text))
        return hmac.new(self._digest, message, sha256).digest()

    def new_record_key(self, *context: str) -> tuple[RecordKey, bytes]:
        """Return a random key for one record, and its wrapped form to be stored beside it."""
        key = os.urandom(_KEY)
        return RecordKey(key), _seal(self._wrap, key, _context(context))

    def unwrap(self, wrapped: bytes, *context: str) -> RecordKey:
        """Return the record's key from its wrapped form. Raises CannotOpen."""
        return RecordKey(_open(self._wrap, wrapped, _context(context)))


@lru_cache(maxsize=4)
def sealer(root_key: str) -> Sealer:
    """Return the sealer of a root key, its keys derived once a process."""
    return Sealer(root_key)


def _derived(root_key: str, purpose: str) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=_KEY, salt=None, info=f"sen.sealing.1.{purpose}".encode()
    ).derive(root_key.encode())

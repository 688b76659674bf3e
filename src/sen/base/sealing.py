"""Sealing of what only Sen may read: AES-256-GCM with its place as context, keyed digests.

One root key, from the environment or a file, gives three keys by HKDF: for sealing, for wrapping
record keys and for digests. A sealed value opens only with the context it was sealed with, so that
it cannot be moved to another row or column. A record's own random key is kept wrapped; whoever
destroys the wrapped key has erased everything sealed with it, in backups too.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

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


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of what: a value sealed by the installation or a record, a key, a digest.

    kind: "seal", "record" (sealed with a record's key), "key" (a record's key, wrapped), "digest".
    key: of "record" and "key", the wrapped form by which the record's key is known. plain: what
    was sealed or digested, empty for a key.
    """

    kind: str
    out: bytes
    plain: bytes
    context: tuple[str, ...]
    key: bytes = b""


_watched: ContextVar[list[Made] | None] = ContextVar("sealing_watched", default=None)


@contextmanager
def watched() -> Iterator[list[Made]]:
    """Gather what is sealed and digested meanwhile, in the clear: for invented data only.

    By it a row that was made once can be made again for another record, sealed anew.
    """
    made: list[Made] = []
    token = _watched.set(made)
    try:
        yield made
    finally:
        _watched.reset(token)


def _note(kind: str, out: bytes, plain: bytes, context: tuple[str, ...], key: bytes = b"") -> bytes:
    made = _watched.get()
    if made is not None:
        made.append(Made(kind, out, plain, context, key))
    return out


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


def framed(part: str) -> bytes:
    """Return a part of a context with its length, so that parts joined are never mistaken."""
    text = part.encode()
    return len(text).to_bytes(4) + text


def _context(parts: tuple[str, ...]) -> bytes:
    """Join the parts of a context so that no two different contexts give the same bytes."""
    return b"".join(map(framed, parts))


class RecordKey:
    """The random key of one record, while it is open in memory.

    Everything sealed with it is gone for good once its wrapped form is deleted.
    """

    __slots__ = ("_cipher", "_wrapped")

    def __init__(self, key: bytes, wrapped: bytes = b"") -> None:
        """Take the key; wrapped: its form at rest, by which it is known."""
        self._cipher = AESGCM(key)
        self._wrapped = wrapped

    def seal(self, plain: bytes, *context: str) -> bytes:
        """Return the bytes sealed; context says where they stand, such as table, column, id."""
        sealed = _seal(self._cipher, plain, _context(context))
        return _note("record", sealed, plain, context, self._wrapped)

    def seal_framed(self, plain: bytes, context: bytes) -> bytes:
        """Do as `seal` with a context that is joined already; for very many, and not watched."""
        return _seal(self._cipher, plain, context)

    def open(self, sealed: bytes, *context: str) -> bytes:
        """Return what was sealed with the same context. Raises CannotOpen."""
        return _open(self._cipher, sealed, _context(context))


class Sealer:
    """Seals, wraps and digests with the keys that one root key gives.

    root_key: the installation's secret, at least 32 characters of high entropy.
    """

    __slots__ = ("_keyed", "_seal", "_wrap")

    def __init__(self, root_key: str) -> None:
        if len(root_key) < _KEY:
            raise ValueError("the root key needs at least 32 characters")
        self._seal = AESGCM(_derived(root_key, "seal"))
        self._wrap = AESGCM(_derived(root_key, "wrap"))
        self._keyed = hmac.new(_derived(root_key, "digest"), digestmod="sha256")

    def seal(self, plain: bytes, *context: str) -> bytes:
        """Return the bytes sealed; context says where they stand, such as table, column, id."""
        return _note("seal", _seal(self._seal, plain, _context(context)), plain, context)

    def open(self, sealed: bytes, *context: str) -> bytes:
        """Return what was sealed with the same context. Raises CannotOpen."""
        return _open(self._seal, sealed, _context(context))

    def seal_framed(self, plain: bytes, context: bytes) -> bytes:
        """Do as `seal` with a context that is joined already; for very many, and not watched."""
        return _seal(self._seal, plain, context)

    def digest_framed(self, message: bytes) -> bytes:
        """Do as `digest` with context and text that are joined already; not watched.

        A copy of what has taken the key in costs half of taking it in for every message.
        """
        made = self._keyed.copy()
        made.update(message)
        return made.digest()

    def digest(self, text: str, *context: str) -> bytes:
        """Return 32 bytes that are equal for equal texts of one context and tell nothing more.

        For equality search on a sealed column ("blind index") and for the audit trail. Normalise
        the text first: another spelling gives another digest.
        """
        message = _context((*context, text))
        made = self.digest_framed(message)
        return _note("digest", made, text.encode(), context)

    def new_record_key(self, *context: str) -> tuple[RecordKey, bytes]:
        """Return a random key for one record, and its wrapped form to be stored beside it."""
        key = os.urandom(_KEY)
        wrapped = _note("key", _seal(self._wrap, key, _context(context)), b"", context)
        return RecordKey(key, wrapped), wrapped

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

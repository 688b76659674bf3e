"""The storage on S3, or on whatever speaks its protocol.

`<prefix>/tmp/<place>/<offset>-<length>` while a file is coming in, one object a piece, for parts of
a multipart upload have to have 5 MB and cannot be read before the last; `<prefix>/a/b/<place>` once
it is whole: sent in parts where it is large, and looked up again before anybody relies on it.
Nothing is asked of the server but GET, HEAD, PUT, DELETE, LIST and multipart: no versions, no
lifecycle, no bucket policy, no conditions.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any, ClassVar

import structlog

from sen.kernel.files import rules
from sen.kernel.files.adapters.folder import full_disk_in_words
from sen.kernel.files.adapters.gate import Gate
from sen.kernel.files.adapters.storage import S3, Held, StorageAway, spread

TEMPORARY = "tmp"
PART = 8 * 1024 * 1024
"""Bytes of one request at most: a larger file goes in parts."""
BLOCK = 4 * 1024 * 1024
"""Bytes read at a time, so that a slow reader holds no connection."""
TIMES = {"connect_timeout": timedelta(seconds=2), "timeout": timedelta(seconds=10)}
"""To connect, and for one request with all its bytes."""
RETRY = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=6),
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=1),
        "base": 2,
    },
}
"""No try begins later than this: whoever asks knows within sixteen seconds."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a bucket is, and as whom Sen is known there.

    endpoint: empty for Amazon's own. authority: path of a PEM file with the authority that signed
    the server's certificate, where it is the province's own.
    """

    bucket: str
    endpoint: str
    region: str
    key: str
    secret: str
    authority: str

    def store(self, *, with_key: bool = True) -> Any:
        """Return the client; nothing is asked yet."""
        from obstore.store import S3Store  # only where files lie there

        told: dict[str, Any] = {"region": self.region, "virtual_hosted_style_request": False}
        told |= {"disable_bulk_delete": True, "disable_tagging": True}
        client: dict[str, Any] = dict(TIMES)
        if self.endpoint:
            told["endpoint"] = self.endpoint
            client["allow_http"] = self.endpoint.startswith("http://")
        if self.authority:
            client["root_certificate"] = Path(self.authority).read_text(encoding="ascii")
        if with_key:
            told |= {"access_key_id": self.key, "secret_access_key": self.secret}
            told["checksum_algorithm"] = "sha256"
        else:
            told["skip_signature"] = True
        return S3Store(self.bucket, config=told, client_options=client, retry_config=RETRY)  # type: ignore[arg-type]  # plain mappings are what it takes


class Bucket:
    """A bucket, or what lies below a prefix of one."""

    name: ClassVar[str] = S3
    writes_ahead: ClassVar[bool] = True

    def __init__(self, door: Door, prefix: str) -> None:
        """Take the door; nothing is asked yet."""
        self._door = door
        self._prefix = f"{prefix}/" if prefix else ""
        self._gate = Gate()
        self._owner, self._store = 0, None

    def write_at(self, place: str, offset: int, data: bytes) -> None:
        """Write a piece as an object of its own, and see that it is there."""
        key = self._piece(place, offset, len(data))
        self._ask("put", key, data, use_multipart=False)
        self._believe(place, self._length(key) == len(data))

    def received(self, place: str) -> int:
        """Return how far the pieces reach without a gap."""
        return rules.reach(self._pieces(place))

    @contextmanager
    def hold(self, place: str, data: bytes | None = None) -> Iterator[Held]:
        """Give a whole incoming file to be looked into, as a file of this machine that goes after.

        Raises FileNotFoundError if there are no pieces.
        """
        pieces = [] if data is not None else rules.chain(self._pieces(place))
        if data is None and not pieces:
            raise FileNotFoundError(place)
        with tempfile.NamedTemporaryFile(prefix="sen-file-") as aside:
            with full_disk_in_words():
                for offset, length in pieces:
                    aside.write(self._whole(self._piece(place, offset, length)))
                aside.write(data or b"")
                aside.flush()
            held = _Held(self, place, Path(aside.name))
            try:
                yield held
            except BaseException:
                if data is not None and held.is_sent:
                    with contextlib.suppress(StorageAway):
                        self.discard(place)
                raise

    def put(self, place: str, data: bytes, sha256: str) -> None:
        """Send a whole file and look it up again. Raises StorageAway, after which it is no file."""
        self._send(place, data, len(data), sha256)

    def put_quickly(self, place: str, data: bytes) -> None:
        """Send a whole file."""
        self._ask("put", self._final(place), data)

    def put_alike(self, place: str, alike: str) -> None:
        """Let the server copy a file. Raises FileNotFoundError."""
        self._ask("copy", self._final(alike), self._final(place))

    def keep(self, place: str, path: Path, sha256: str) -> None:
        """Send an incoming file to its final place; its pieces go."""
        self._send(place, path, path.stat().st_size, sha256)
        try:
            self._forget_pieces(place)
        except StorageAway:
            log.warning("files.pieces_left", place=place)  # orphans, which `files verify` names

    def size(self, place: str) -> int | None:
        """Return how many bytes a whole file has, None where it is not there."""
        return self._length(self._final(place))

    def open(self, place: str, start: int = 0) -> tuple[int, BufferedReader]:
        """Return a whole file's size and a stream of it, read a block at a time."""
        key = self._final(place)
        if start:
            size, block = int(self._ask("head", key)["size"]), b""
        else:
            size, block = self._read(key)
        reader = _Reader(lambda at: self._range(key, at, size), size, block, start)
        return size, BufferedReader(reader, BLOCK // 16)

    def discard(self, place: str) -> None:
        """Delete a file, incoming or whole; one that is not there is no failure."""
        self._forget_pieces(place)
        self._ask("delete", self._final(place))

    def places(self, *, older_than: float) -> Iterator[str]:
        """Return the places of all bytes last written before a moment (seconds since 1970)."""
        last = ""
        for found in self._listed(""):
            parts = str(found["path"]).removeprefix(self._prefix).split("/")
            is_piece = parts[0] == TEMPORARY
            place = parts[1 if is_piece else -1]
            if found["last_modified"].timestamp() < older_than and place != last:
                last = place
                yield place

    def is_public(self) -> bool:
        """Try to read one object without a key."""
        found = next(self._listed(""), None)
        if found is None:
            return False
        import obstore

        try:
            obstore.head(self._door.store(with_key=False), found["path"])
        except (obstore.exceptions.BaseError, OSError):
            return False
        return True

    # -- one request

    def _ask(self, verb: str, *words: Any, **more: Any) -> Any:
        """Ask the server. Raises FileNotFoundError where it knows no such object, StorageAway."""
        import obstore

        with self._gate.passed(), self._understood():
            return getattr(obstore, verb)(self._client(), *words, **more)

    @contextmanager
    def _understood(self) -> Iterator[None]:
        import obstore

        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" not in str(error):
                raise
            log.error("files.storage_has_no_bucket", bucket=self._door.bucket)  # noqa: TRY400
            raise StorageAway from error
        except (
            obstore.exceptions.PermissionDeniedError,
            obstore.exceptions.UnauthenticatedError,
        ) as error:
            log.error("files.storage_refuses_us", bucket=self._door.bucket)  # noqa: TRY400
            raise StorageAway from error
        except (obstore.exceptions.BaseError, OSError) as error:
            self._gate.shut()
            log.warning("files.storage_away", reason=str(error).split("\n", 1)[0][:300])
            raise StorageAway from error

    def _client(self) -> Any:
        if self._owner != os.getpid():  # a forked child must not share its parent's connections
            self._owner, self._store = os.getpid(), self._door.store()
        return self._store

    def _listed(self, below: str) -> Iterator[Mapping[str, Any]]:
        """Return what lies below a prefix, asked for a page at a time."""
        pages = iter(self._ask("list", f"{self._prefix}{below}" or None))
        while True:
            with self._gate.passed(), self._understood():
                page = next(pages, None)
            if page is None:
                return
            yield from page

    # -- pieces

    def _final(self, place: str) -> str:
        return f"{self._prefix}{spread(place)}"

    def _piece(self, place: str, offset: int, length: int) -> str:
        return f"{self._prefix}{TEMPORARY}/{place}/{offset:012d}-{length:012d}"

    def _pieces(self, place: str) -> list[tuple[int, int]]:
        found = []
        for one in self._listed(f"{TEMPORARY}/{place}"):
            offset, _dash, length = str(one["path"]).rpartition("/")[2].partition("-")
            if int(length) == one["size"]:
                found.append((int(offset), int(length)))
        return found

    def _forget_pieces(self, place: str) -> None:
        for one in list(self._listed(f"{TEMPORARY}/{place}")):
            self._ask("delete", one["path"])

    # -- whole files

    def _send(self, place: str, what: bytes | Path, size: int, sha256: str) -> None:
        """Send a whole file and read it back: what only looks like a yes is none."""
        more = {"use_multipart": size > PART, "chunk_size": PART, "max_concurrency": 2}
        self._ask("put", self._final(place), what, **more)
        try:
            _size, stream = self.open(place)
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            found = ""
        self._believe(place, found == sha256)

    def _believe(self, place: str, is_there: bool) -> None:  # noqa: FBT001 - it says what it is
        if not is_there:
            self._gate.shut()
            log.error("files.storage_did_not_keep", place=place)
            raise StorageAway

    def _length(self, key: str) -> int | None:
        try:
            return int(self._ask("head", key)["size"])
        except FileNotFoundError:
            return None

    def _read(self, key: str) -> tuple[int, bytes]:
        """Return an object's size and its first block, which is all of most."""
        import obstore

        with self._gate.passed(), self._understood():
            found = obstore.get(self._client(), key)
            size = int(found.meta["size"])
            if size <= BLOCK:
                return size, bytes(found.bytes())
        return size, self._range(key, 0, size)

    def _whole(self, key: str) -> bytes:
        """Return a piece."""
        import obstore

        with self._gate.passed(), self._understood():
            return bytes(obstore.get(self._client(), key).bytes())

    def _range(self, key: str, start: int, size: int) -> bytes:
        """Return a block of an object; no range goes beyond its end, which not all would bear."""
        more = {"start": start, "end": min(start + BLOCK, size)}
        return bytes(self._ask("get_range", key, **more))


@dataclass(slots=True)
class _Held:
    """An incoming file, brought to this machine. is_sent: something may lie at its place."""

    bucket: Bucket
    place: str
    path: Path
    is_sent: bool = False

    def keep(self, sha256: str) -> None:
        """Send it to its final place."""
        self.is_sent = True
        self.bucket.keep(self.place, self.path, sha256)


class _Reader(io.RawIOBase):
    """A file read a block at a time; the first is there at once."""

    def __init__(self, ask: Callable[[int], bytes], size: int, block: bytes, start: int) -> None:
        super().__init__()
        self._ask, self._size, self._block, self._at = ask, size, block, start

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read what is here; ask for the next block when nothing is."""
        if not self._block and self._at < self._size:
            self._block = self._ask(self._at)
        taken = self._block[: len(buffer)]
        buffer[: len(taken)] = taken
        self._block, self._at = self._block[len(taken) :], self._at + len(taken)
        return len(taken)

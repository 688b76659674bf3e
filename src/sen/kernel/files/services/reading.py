"""Handing files out: to whoever their owner lets read them, and to services."""

from __future__ import annotations

from io import BufferedReader
from typing import ClassVar
from uuid import UUID

import structlog

from sen.base.actor import Actor
from sen.base.errors import NotFound, SignInNeeded, Unavailable
from sen.kernel.files import rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.models import File
from sen.kernel.files.registry import owner_of

log = structlog.get_logger(__name__)


class Damaged(Unavailable):
    """The bytes in the storage are not those that were taken in."""

    code: ClassVar[str] = "file_damaged"
    default: ClassVar[str] = (
        "Tệp này đang gặp sự cố lưu trữ. Quản trị hệ thống đã được báo để khôi phục."
    )


def open_file(actor: Actor, file_id: UUID) -> tuple[File, Content]:
    """Return a file and its content, for whoever its owner lets read it. One SELECT.

    A file that belongs to no record yet can be read by whoever sent it in.
    Raises NotFound where there is none or the actor may not know of it (SignInNeeded for a
    visitor).
    """
    file = File.objects.filter(id=file_id, state=State.FINISHED).first()
    if file is None or not _may_read(actor, file):
        raise SignInNeeded if actor.is_anonymous else NotFound
    return file, Content(file)


class Content:
    """The bytes of a file that may be read."""

    def __init__(self, file: File) -> None:
        """Take the file; nothing is opened yet."""
        self._file = file

    def open(self, start: int = 0) -> BufferedReader:
        """Return a stream of the bytes from there on, to be closed by whoever reads it.

        Raises Damaged if the bytes are gone or too few, StorageAway.
        """
        return _opened(self._file, start)

    def read(self) -> bytes:
        """Return all bytes. Raises Damaged if they are not those that were taken in."""
        return read(self._file)


def _may_read(actor: Actor, file: File) -> bool:
    if actor.is_system:
        return True
    if file.owner_id is None:
        return actor.account is not None and file.made_by == actor.account
    return owner_of(file.owner_kind).may_read(actor, file.owner_id, file.id)


def _opened(file: File, start: int = 0) -> BufferedReader:
    try:
        size, stream = storage.current().open(file.place, start)
    except FileNotFoundError:
        log.error("files.damaged", file=str(file.id), size=-1)  # noqa: TRY400 - it says it all
        raise Damaged from None
    if size != file.size:
        stream.close()
        log.error("files.damaged", file=str(file.id), size=size)
        raise Damaged
    return stream


def read(file: File | UUID) -> bytes:
    """Return the bytes of a finished file, for services; no right is checked. At most one SELECT.

    Raises NotFound, Damaged if they are not the bytes that were taken in, StorageAway.
    """
    if isinstance(file, UUID):
        found = File.objects.filter(id=file, state=State.FINISHED).first()
        if found is None:
            raise NotFound
        file = found
    with _opened(file) as stream:
        data = stream.read()
    if rules.digest(data) != file.sha256:
        log.error("files.damaged", file=str(file.id), size=len(data))
        raise Damaged
    return data

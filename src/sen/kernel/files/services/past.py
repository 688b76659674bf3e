"""Files of records that are laid down many at once: each has its own row, name and place."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sen.kernel.files import rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.models import File


class Sample:
    """Bytes that stand for the papers of many records, and say so themselves.

    Each file made of them has bytes of its own under its own random name, so that nothing is shared
    between records; the disk keeps them once.
    """

    def __init__(self, data: bytes, media_type: str) -> None:
        """Take the bytes in; they are written with the first file."""
        self._data = data
        self._media_type = media_type
        self._sha256 = rules.digest(data)
        self._place = ""

    def file(
        self,
        *,
        id_: UUID,
        name: str,
        owner_kind: str,
        owner: UUID,
        made_by: UUID | None,
        at: dt.datetime,
        mark: str = "",
    ) -> File:
        """Lay the bytes down and return the row of the file, to be loaded with its record.

        mark: makes the bytes differ from all others, where they are known by their digest.
        """
        place = storage.new_place()
        data, sha256 = self._data, self._sha256
        if mark:
            data = data + f"\n% {mark}\n".encode()
            sha256 = rules.digest(data)
        kept = storage.current()
        if mark or not self._place:
            kept.put_quickly(place, data)
            self._place = self._place if mark else place
        else:
            kept.put_alike(place, self._place)
        return File(
            id=id_,
            name=rules.clean_name(name),
            size=len(data),
            received=len(data),
            sha256=sha256,
            media_type=self._media_type,
            state=State.FINISHED.value,
            place=place,
            made_by=made_by,
            owner_kind=owner_kind,
            owner_id=owner,
            created_at=at,
            finished_at=at,
        )


_NAMES = 50_000
"""So many second names a file is given; a disk may have no more than 65,000."""


class Copies:
    """Gives new places with the bytes of one whole file, for rows that say the same of it.

    Bytes are written once for very many places, and belong to none of the records before.
    """

    def __init__(self, place: str) -> None:
        """Take the place of the file."""
        self._first, self._source, self._left = place, "", 0
        self._kept = storage.current()

    def place(self) -> str:
        """Return the next place."""
        found, kept = storage.new_place(), self._kept
        if not self._left:
            _size, stream = kept.open(self._first)
            with stream:
                kept.put_quickly(found, stream.read())
            self._source, self._left = found, _NAMES
        else:
            kept.put_alike(found, self._source)
            self._left -= 1
        return found

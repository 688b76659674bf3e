"""Looking after the storage: deleting what nobody used, finding what is gone or damaged."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction

from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.data import StorageReport, Whereabouts
from sen.kernel.files.models import File

HOURS_FREE = 24
"""How long a file that belongs to no record is kept."""
BATCH = 500

log = structlog.get_logger(__name__)

_FREE = """
SELECT id FROM files_file WHERE owner_id IS NULL AND free_since < %s AND id > %s
ORDER BY id LIMIT %s
"""
_PURGE = """
DELETE FROM files_file WHERE id IN (
    SELECT id FROM files_file WHERE id = ANY(%s) AND owner_id IS NULL AND free_since < %s
    FOR UPDATE SKIP LOCKED
) RETURNING place
"""


def count_free(*, at: dt.datetime) -> int:
    """Return how many files have belonged to no record for a day."""
    before = at - dt.timedelta(hours=HOURS_FREE)
    return File.objects.filter(owner_id__isnull=True, free_since__lt=before).count()


def purge(*, at: dt.datetime) -> int:
    """Delete the files that have belonged to no record for a day; return how many.

    Rows go first, in batches that commit by themselves, then the bytes: what is left over by a
    crash between the two is an orphan, not a missing file. A file that some row still names stays,
    is named in the log, and holds nobody up.
    """
    before, last, deleted = at - dt.timedelta(hours=HOURS_FREE), UUID(int=0), 0
    while batch := _free(before, last):
        last = batch[-1]
        for place in _delete_rows(batch, before):
            storage.current().discard(place)
            deleted += 1
    return deleted


def _free(before: dt.datetime, last: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [before, last, BATCH])
        return [row[0] for row in cursor.fetchall()]


def _delete_rows(ids: Sequence[UUID], before: dt.datetime) -> list[str]:
    """Delete rows and return the places of their bytes; one by one where some are still named."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(_PURGE, [list(ids), before])
            return [row[0] for row in cursor.fetchall()]
    except IntegrityError:
        if len(ids) == 1:
            log.warning("files.still_named", file=str(ids[0]))
            return []
    return [place for one in ids for place in _delete_rows([one], before)]


def orphans(*, at: dt.datetime) -> Iterator[str]:
    """Return the places of bytes older than a day that no file names."""
    before = (at - dt.timedelta(hours=HOURS_FREE)).timestamp()
    batch: list[str] = []
    for place in storage.current().places(older_than=before):
        batch.append(place)
        if len(batch) >= BATCH:
            yield from _unnamed(batch)
            batch = []
    yield from _unnamed(batch)


def _unnamed(places: list[str]) -> list[str]:
    named = set(File.objects.filter(place__in=places).values_list("place", flat=True))
    return [place for place in places if place not in named]


def remove_orphans(*, at: dt.datetime) -> int:
    """Delete the bytes older than a day that no file names; return how many."""
    found = list(orphans(at=at))
    for place in found:
        storage.current().discard(place)
    return len(found)


def without_bytes(limit: int) -> list[str]:
    """Return finished files whose bytes are missing or of another length."""
    rows = File.objects.filter(state=State.FINISHED).order_by("id")
    size_of = storage.current().size
    wrong = (
        f"{id_} {name}"
        for id_, name, place, size in rows.values_list("id", "name", "place", "size").iterator(
            BATCH
        )
        if size_of(place) != size
    )
    return list(islice(wrong, limit))


def verify(*, at: dt.datetime) -> StorageReport:
    """Compare every finished file with its bytes, to the last of them, and name what is wrong.

    Raises StorageAway: what could not be read is not called missing.
    """
    checked, missing, damaged = 0, [], []
    kept = storage.current()
    rows = File.objects.filter(state=State.FINISHED).order_by("id")
    for file in rows.only("id", "place", "size", "sha256").iterator(BATCH):
        checked += 1
        try:
            if digest(kept, file.place) != (file.size, file.sha256):
                damaged.append(file.id)
        except FileNotFoundError:
            missing.append(file.id)
    return StorageReport(
        checked=checked,
        missing=tuple(missing),
        damaged=tuple(damaged),
        orphans=tuple(orphans(at=at)),
        is_public=kept.is_public(),
    )


def digest(kept: storage.Storage, place: str) -> tuple[int, str]:
    """Return the size of a whole file and the SHA-256 of its bytes. Raises FileNotFoundError."""
    size, stream = kept.open(place)
    with stream:
        return size, hashlib.file_digest(stream, "sha256").hexdigest()


def whereabouts() -> Whereabouts:
    """Return where files lie, and whether the storage answers to a question for no file."""
    kept = storage.current()
    try:
        kept.size(storage.new_place())
    except storage.StorageAway:
        return Whereabouts(is_here=kept.name == storage.FOLDER, answers=False)
    return Whereabouts(is_here=kept.name == storage.FOLDER, answers=True)

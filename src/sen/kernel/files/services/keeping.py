"""Looking after the storage: deleting what nobody used, finding what is gone or damaged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection

from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.data import StorageReport
from sen.kernel.files.models import File

HOURS_FREE = 24
"""How long a file that belongs to no record is kept."""
BATCH = 500

_PURGE = """
DELETE FROM files_file WHERE id IN (
    SELECT id FROM files_file WHERE owner_id IS NULL AND free_since < %s
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING place
"""


def purge(*, at: dt.datetime) -> int:
    """Delete the files that have belonged to no record for a day; return how many.

    Rows go first, in batches that commit by themselves, then the bytes: what is left over by a
    crash between the two is an orphan, not a missing file.
    """
    deleted = 0
    while places := _delete_rows(at - dt.timedelta(hours=HOURS_FREE)):
        for place in places:
            storage.discard(place)
        deleted += len(places)
    return deleted


def _delete_rows(before: dt.datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, [before, BATCH])
        return [row[0] for row in cursor.fetchall()]


def orphans(*, at: dt.datetime) -> Iterator[str]:
    """Return the places of bytes older than a day that no file names."""
    before = (at - dt.timedelta(hours=HOURS_FREE)).timestamp()
    batch: list[str] = []
    for place in storage.places(older_than=before):
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
        storage.discard(place)
    return len(found)


def verify(*, at: dt.datetime) -> StorageReport:
    """Compare every finished file with its bytes, to the last of them, and name what is wrong."""
    checked, missing, damaged = 0, [], []
    rows = File.objects.filter(state=State.FINISHED).order_by("id")
    for file in rows.only("id", "place", "size", "sha256").iterator(BATCH):
        checked += 1
        path = storage.final(file.place)
        try:
            if path.stat().st_size != file.size or storage.digest(path) != file.sha256:
                damaged.append(file.id)
        except FileNotFoundError:
            missing.append(file.id)
    return StorageReport(
        checked=checked,
        missing=tuple(missing),
        damaged=tuple(damaged),
        orphans=tuple(orphans(at=at)),
    )

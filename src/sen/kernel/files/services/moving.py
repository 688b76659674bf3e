"""Moving the bytes of all files from the folder to S3 or back, while Sen goes on serving."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from sen.base.errors import Conflict
from sen.kernel.files import rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.adapters.storage import FOLDER, S3, Storage
from sen.kernel.files.choices import State
from sen.kernel.files.data import Moved
from sen.kernel.files.models import File
from sen.kernel.files.services.keeping import digest

PAGE = 200


def move(*, to: str, remove: bool = False) -> Iterator[Moved]:
    """Bring every finished file to a storage, and say after each page how far it has come.

    A file that lies there with the right bytes is left alone, so that a move that was cut off goes
    on where it stopped. Each is compared with its digest before it goes and read back after.
    remove: take the bytes away at the old place, which asks that new files are written to the new
    one already. Raises ImproperlyConfigured where no bucket is set, Conflict, StorageAway, NoSpace.
    """
    target, source = storage.named(to), storage.named(FOLDER if to == S3 else S3)
    if remove and storage.current().name != target.name:
        raise Conflict(_("Tệp mới vẫn được ghi vào chỗ cũ: hãy đặt SEN_FILES trước rồi mới xóa."))
    done, last = Moved(), UUID(int=0)
    while page := _page(last):
        for file in page:
            done.seen += 1
            _move(file, source, target, done, remove=remove)
        last = page[-1].id
        yield done


def _page(after: UUID) -> list[File]:
    rows = File.objects.filter(state=State.FINISHED, id__gt=after).order_by("id")
    return list(rows.only("id", "place", "size", "sha256")[:PAGE])


def _move(file: File, source: Storage, target: Storage, done: Moved, *, remove: bool) -> None:
    if _is_there(file, target):
        done.there += 1
    elif (data := _read(file, source)) is None:
        if _is_still_kept(file):
            done.damaged.append(file.id)
        else:
            done.gone += 1
        return
    else:
        target.put(file.place, data, file.sha256)
        if not _is_there(file, target):
            raise storage.StorageAway
        if not _is_still_kept(file):  # deleted while it went over
            target.discard(file.place)
            done.gone += 1
            return
        done.moved += 1
    if remove and source.size(file.place) is not None:
        source.discard(file.place)
        done.removed += 1


def _is_there(file: File, target: Storage) -> bool:
    if target.size(file.place) != file.size:
        return False
    try:
        return digest(target, file.place) == (file.size, file.sha256)
    except FileNotFoundError:
        return False


def _read(file: File, source: Storage) -> bytes | None:
    """Return a file's bytes, None where they are gone or are not those that were taken in."""
    try:
        _size, stream = source.open(file.place)
    except FileNotFoundError:
        return None
    with stream:
        data = stream.read()
    return data if rules.digest(data) == file.sha256 else None


def _is_still_kept(file: File) -> bool:
    return File.objects.filter(id=file.id).exists()

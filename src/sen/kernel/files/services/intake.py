"""Taking files in: whole or piece by piece, checked, flushed, then named; and storing our own."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sen.base import clock
from sen.base.actor import Actor
from sen.base.errors import Conflict, Invalid, NotFound, SignInNeeded, TooLarge, TooMany
from sen.base.identifiers import new_id
from sen.kernel.database import public as database
from sen.kernel.files import rules
from sen.kernel.files.adapters import storage
from sen.kernel.files.choices import State
from sen.kernel.files.models import File
from sen.kernel.files.registry import owner_of
from sen.kernel.files.services.checking import check_size, checked_name, checked_type

FREE_LIMIT = 40 * rules.SIZE_LIMIT
"""Bytes of files without a record that one account may have at a time."""

_ADD = """
INSERT INTO files_file (id, name, size, received, sha256, media_type, state, place, purpose,
    made_by, owner_kind, owner_id, created_at, finished_at, free_since)
SELECT %(id)s, %(name)s, %(size)s, %(received)s, %(sha256)s, %(media_type)s, %(state)s, %(place)s,
    %(purpose)s, %(made_by)s, %(owner_kind)s, %(owner_id)s, %(created_at)s, %(finished_at)s,
    %(free_since)s
WHERE %(made_by)s::uuid IS NULL OR %(owner_id)s::uuid IS NOT NULL OR %(size)s + (
    SELECT coalesce(sum(size), 0) FROM files_file
    WHERE made_by = %(made_by)s AND owner_id IS NULL
) <= %(free_limit)s
"""
"""Adds a file unless its maker already has too many bytes without a record."""

_COLUMNS = (
    "id", "name", "size", "received", "sha256", "media_type", "state", "place", "purpose",
    "made_by", "owner_kind", "owner_id", "created_at", "finished_at", "free_since",
)  # fmt: skip

_RECEIVE = """
UPDATE files_file SET received = received + %(length)s
WHERE id = %(id)s AND made_by IS NOT DISTINCT FROM %(made_by)s AND state = 'receiving'
    AND received = %(offset)s AND received + %(length)s <= size
RETURNING place
"""


_FORGET = "DELETE FROM files_file WHERE id = %s AND state = 'receiving'"


class WrongOffset(Conflict):
    """A piece does not begin where the file ends. offset: where the next piece has to begin."""

    code: ClassVar[str] = "wrong_offset"
    default: ClassVar[str] = "Phần tệp gửi lên không nối tiếp phần đã nhận."

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


def _add(file: File) -> File:
    """Write a new file's row. One statement. Raises TooMany above the maker's limit."""
    file.free_since = file.created_at if file.owner_id is None else None
    values = {name: getattr(file, name) for name in _COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {**values, "free_limit": FREE_LIMIT})
        if not cursor.rowcount:
            raise TooMany(
                _("Bạn đang có quá nhiều tệp chưa dùng đến. Vui lòng dùng hoặc đợi một ngày.")
            )
    return file


def _require_account(actor: Actor) -> None:
    if actor.account is None and not actor.is_system:
        raise SignInNeeded


def begin(actor: Actor, name: str, size: int, *, purpose: str = "") -> File:
    """Announce a file that will come in pieces, and return it. One statement.

    Raises SignInNeeded for a visitor, Invalid for an empty file or name, TooLarge, TooMany.
    """
    _require_account(actor)
    name = checked_name(name)
    check_size(name, size)
    return _add(
        File(
            id=new_id(),
            name=name,
            size=size,
            received=0,
            state=State.RECEIVING,
            place=storage.new_place(),
            purpose=purpose,
            made_by=actor.account,
            created_at=clock.now(),
        )
    )


def append(actor: Actor, file_id: UUID, offset: int, data: bytes) -> int:
    """Add a piece to a file and return where the next one has to begin. One statement.

    Where the storage is elsewhere, the piece is sent before, outside any transaction: two.
    Raises NotFound for a file of somebody else, WrongOffset (which tells the right one), Conflict
    for a finished file, TooLarge beyond the size that was announced, NoSpace, StorageAway.
    """
    kept = storage.current()
    if kept.writes_ahead:
        file = _own(actor, file_id)
        if (
            file.state == State.FINISHED
            or file.received != offset
            or offset + len(data) > file.size
        ):
            raise _why_not(file, offset)
        kept.write_at(file.place, offset, data)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _RECEIVE,
                {"id": file_id, "made_by": actor.account, "offset": offset, "length": len(data)},
            )
            row = cursor.fetchone()
        if row is None:
            raise _why_not(_own(actor, file_id), offset)
        if kept.writes_ahead:
            return offset + len(data)
        try:
            kept.write_at(row[0], offset, data)
        except ValueError:
            here = kept.received(row[0])
        else:
            return offset + len(data)
    raise _go_back(file_id, here)


def _go_back(file_id: UUID, here: int) -> WrongOffset:
    """Let a file end where its bytes do: the machine lost pieces that were not yet on its disk."""
    File.objects.filter(id=file_id, state=State.RECEIVING).update(received=here)
    return WrongOffset(here)


def _own(actor: Actor, file_id: UUID) -> File:
    file = File.objects.filter(id=file_id, made_by=actor.account).first()
    if file is None or (actor.account is None and not actor.is_system):
        raise NotFound
    return file


def _why_not(file: File, offset: int) -> Exception:
    if file.state == State.FINISHED:
        return Conflict(_("Tệp “%(name)s” đã nhận xong.") % {"name": file.name})
    if file.received != offset:
        return WrongOffset(file.received)
    return TooLarge(_("Tệp “%(name)s” dài hơn kích thước đã báo trước.") % {"name": file.name})


def finish(actor: Actor, file_id: UUID, sha256: str | None = None) -> File:
    """Check a file that is wholly here, keep it for good and return it. Two statements.

    sha256: hex digest that the sender counted, if it did. Asked again, it returns the same file.
    Call it outside a transaction: looking into a file may take seconds.
    Raises NotFound, WrongOffset while pieces are missing, Invalid with the reason when the file
    is not taken in (it is then gone), NoSpace, StorageAway.
    """
    file = _own(actor, file_id)
    if file.state == State.FINISHED:
        return file
    kept = storage.current()
    if file.received < file.size:
        raise WrongOffset(file.received)
    here = kept.received(file.place)
    if here < file.size:
        if kept.size(file.place) is not None:
            return _finished_meanwhile(file_id)
        raise _go_back(file.id, here)
    try:
        with kept.hold(file.place) as held:
            if held.path.stat().st_size != file.size:  # somebody else is just clearing it away
                return _finished_meanwhile(file_id)
            _look_into(file, held.path, sha256)
            held.keep(file.sha256)
    except FileNotFoundError:
        return _finished_meanwhile(file_id)
    except Invalid:
        if _forget(file_id):
            kept.discard(file.place)
        raise
    file.state, file.finished_at = State.FINISHED, clock.now()
    file.save(update_fields=["name", "media_type", "sha256", "state", "finished_at"])
    return file


def _forget(file_id: UUID) -> bool:
    """Delete an incoming file's row; return whether it was still coming in."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [file_id])
        return bool(cursor.rowcount)


def _look_into(file: File, path: Path, sha256: str | None) -> None:
    file.media_type = checked_type(path, file.name)
    with path.open("rb") as stream:
        file.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    _compare(file, sha256)
    file.name = rules.named(file.name, file.media_type)


def _compare(file: File, sha256: str | None) -> None:
    if sha256 is not None and sha256.lower() != file.sha256:
        message = _("Tệp “%(name)s” nhận được không giống bản đã gửi. Vui lòng gửi lại.") % {
            "name": file.name
        }
        raise Invalid(message, fields={"file": [message]})


def _finished_meanwhile(file_id: UUID) -> File:
    """Return the file that somebody else has just finished. Raises Conflict if that failed."""
    file = File.objects.filter(id=file_id, state=State.FINISHED).first()
    if file is None:
        raise Conflict(_("Tệp này vừa được xử lý ở nơi khác. Vui lòng thử lại."))
    return file


def take(
    actor: Actor, name: str, data: bytes, *, purpose: str = "", sha256: str | None = None
) -> File:
    """Take in a small file at once: begin, append and finish in one. One statement.

    Raises as `begin` and `finish` do; nothing is left behind then.
    """
    _require_account(actor)
    name = checked_name(name)
    check_size(name, len(data))
    file = _new(actor, name, data, purpose=purpose)
    kept = storage.current()
    with kept.hold(file.place, data) as held:
        file.media_type = checked_type(held.path, name)
        file.name = rules.named(name, file.media_type)
        _compare(file, sha256)
        held.keep(file.sha256)
        return _add(file)


def store(
    actor: Actor,
    name: str,
    data: bytes,
    media_type: str,
    *,
    purpose: str = "",
    owner: tuple[str, UUID] | None = None,
) -> File:
    """Keep bytes that Sen itself made, unchecked, and return the file. One statement.

    owner: the kind and id of the record that it belongs to from the first moment, if any.
    Raises NoSpace. If the caller's transaction is rolled back, the bytes stay until the next
    `sen files verify --remove-orphans`.
    """
    file = lay_down(actor, name, data, media_type, purpose=purpose)
    if owner is not None:
        owner_of(owner[0])
        file.owner_kind, file.owner_id = owner
    try:
        return _add(file)
    except BaseException:
        with contextlib.suppress(storage.StorageAway):
            storage.current().discard(file.place)
        raise


def lay_down(actor: Actor, name: str, data: bytes, media_type: str, *, purpose: str = "") -> File:
    """Write bytes that Sen itself made to the storage, flushed; return the file, not recorded yet.

    Before a transaction, which then records it (`keep`): nothing slow happens inside. Bytes that
    nobody records are orphans, which `sen files verify` finds. No statement. Raises NoSpace.
    """
    file = _new(actor, checked_name(name), data, purpose=purpose)
    file.media_type = media_type
    storage.current().put(file.place, data, file.sha256)
    return file


def keep(file: File, owner_kind: str, owner_id: UUID) -> File:
    """Record a file that was laid down as a record's own, with what else the act writes."""
    owner_of(owner_kind)
    file.owner_kind, file.owner_id = owner_kind, owner_id
    database.insert(file)
    return file


def discard(file: File) -> None:
    """Delete the bytes of a file that was laid down and is not recorded after all.

    Where the storage is away they stay, an orphan which `sen files verify` finds.
    """
    with contextlib.suppress(storage.StorageAway):
        storage.current().discard(file.place)


def _new(actor: Actor, name: str, data: bytes, *, purpose: str) -> File:
    now = clock.now()
    return File(
        id=new_id(),
        name=name,
        size=len(data),
        received=len(data),
        sha256=rules.digest(data),
        state=State.FINISHED,
        place=storage.new_place(),
        purpose=purpose,
        made_by=actor.account,
        created_at=now,
        finished_at=now,
    )

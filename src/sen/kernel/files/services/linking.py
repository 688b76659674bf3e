"""Giving files to a record, and taking them away from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sen.base.actor import Actor
from sen.base.errors import Conflict, NotFound
from sen.kernel.files.choices import State
from sen.kernel.files.models import File
from sen.kernel.files.registry import owner_of

_LINK = """
UPDATE files_file SET owner_kind = %(kind)s, owner_id = %(owner)s, free_since = NULL
WHERE id = ANY(%(ids)s) AND state = 'finished'
    AND (%(is_system)s OR made_by = %(account)s)
    AND (owner_id IS NULL
        OR (owner_kind = %(from_kind)s AND owner_id = %(from_owner)s)
        OR (owner_kind = %(kind)s AND owner_id = %(owner)s))
RETURNING *
"""


def link(
    actor: Actor,
    file_ids: Sequence[UUID],
    owner_kind: str,
    owner_id: UUID,
    at: dt.datetime,  # noqa: ARG001 - every verb that changes a record is told the moment
    *,
    moved_from: tuple[str, UUID] | None = None,
) -> list[File]:
    """Give finished files of the actor to a record and return them in that order. One statement.

    A file belongs to one record at most. moved_from: the kind and id of the record that the files
    may leave for this one, such as a draft for its dossier. Giving a file to its own record again
    changes nothing.
    Raises NotFound for a file that is not there or is somebody else's, Conflict for one that is
    not finished or belongs to another record; nothing is changed then.
    """
    owner_of(owner_kind)
    ids = list(dict.fromkeys(file_ids))
    if not ids:
        return []
    from_kind, from_owner = moved_from or ("", None)
    values = {
        "ids": ids,
        "kind": owner_kind,
        "owner": owner_id,
        "is_system": actor.is_system,
        "account": actor.account,
        "from_kind": from_kind,
        "from_owner": from_owner,
    }
    with transaction.atomic(savepoint=False):
        linked = {file.id: file for file in File.objects.raw(_LINK, values)}
        if len(linked) < len(ids):
            raise _why_not(actor, [one for one in ids if one not in linked])
    return [linked[one] for one in ids]


def _why_not(actor: Actor, ids: Sequence[UUID]) -> Exception:
    own = File.objects.filter(id__in=ids)
    if not actor.is_system:
        own = own.filter(made_by=actor.account)
    found = list(own.order_by("id"))
    if actor.is_anonymous or len(found) < len(ids):
        return NotFound(_("Không tìm thấy tệp. Tệp chưa dùng đến được giữ trong 24 giờ."))
    if any(file.state != State.FINISHED for file in found):
        return Conflict(_("Tệp “%(name)s” chưa tải lên xong.") % {"name": found[0].name})
    return Conflict(_("Tệp “%(name)s” đã thuộc hồ sơ khác.") % {"name": found[0].name})


def unlink(
    actor: Actor, file_ids: Sequence[UUID], owner_kind: str, owner_id: UUID, at: dt.datetime
) -> int:
    """Take files away from a record; they go after a day unless they are used. One statement.

    For the verb that owns the record: it has checked the right. Returns how many were taken.
    """
    del actor  # whoever the owner let do it
    return File.objects.filter(
        id__in=list(file_ids), owner_kind=owner_kind, owner_id=owner_id
    ).update(owner_kind="", owner_id=None, free_since=at)

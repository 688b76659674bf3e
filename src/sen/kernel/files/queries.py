"""The reads: the files of a record, the limit of a file."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from sen.base import clock
from sen.base.errors import NotFound
from sen.kernel.files import rules
from sen.kernel.files.models import File
from sen.kernel.legal import public as legal

LIMIT_KEY = "files.size_limit"
"""The legal value with the bytes that a file may have."""


def size_limit() -> int:
    """Return how many bytes a file may have today."""
    try:
        return int(legal.value(LIMIT_KEY, clock.day(clock.now())))
    except NotFound:
        return rules.SIZE_LIMIT


def files_of(owner_kind: str, owner_id: UUID) -> QuerySet[File]:
    """Return the files of a record, oldest first. Who may see the record, its owner has checked."""
    return File.objects.filter(owner_kind=owner_kind, owner_id=owner_id).order_by("id")


def get(file_id: UUID) -> File:
    """Return a file, for services; no right is checked. Raises NotFound."""
    found = File.objects.filter(id=file_id).first()
    if found is None:
        raise NotFound
    return found


def files(ids: Iterable[UUID]) -> dict[UUID, File]:
    """Return files by id, for systems that hold the ids; no right is checked."""
    return {file.id: file for file in File.objects.filter(id__in=set(ids))}

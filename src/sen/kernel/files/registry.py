"""The checked list of owners: who decides on reading the files of a kind of record."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from sen.kernel.files.data import FileOwner

_owners: dict[str, FileOwner] = {}


def register_owners(*owners: FileOwner) -> None:
    """Add owners. Raises ImproperlyConfigured for another type or a kind registered twice."""
    for owner in owners:
        if not isinstance(owner, FileOwner):
            raise ImproperlyConfigured(f"not a FileOwner: {owner!r}")
        if _owners.get(owner.kind, owner) != owner:
            raise ImproperlyConfigured(f"the file owner {owner.kind} is registered twice")
        _owners[owner.kind] = owner


def owner_of(kind: str) -> FileOwner:
    """Return the owner of a kind. Raises ImproperlyConfigured for one that nobody registered."""
    if kind not in _owners:
        raise ImproperlyConfigured(f"the file owner {kind} is not registered")
    return _owners[kind]
